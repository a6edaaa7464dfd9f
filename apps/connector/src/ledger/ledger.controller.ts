import { Controller, Get, Header, Param, ParseIntPipe, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { orThrow } from '../server/index.js';
import { Ledger } from './ledger.js';

const EntryQuery = z.object({
  subject: z.string().optional().describe('An id that the entry is about'),
  kind: z.string().optional().describe('For instance negotiation.agreed'),
  before: z.coerce.number().int().min(0).optional().describe('Only entries before this index'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
type EntryQuery = z.infer<typeof EntryQuery>;

@ApiTags('ledger')
@Controller()
export class LedgerController {
  constructor(private readonly ledger: Ledger) {}

  @Get('management/v1/ledger/entries')
  @UseGuards(AdminGuard)
  @ApiBearerAuth('admin')
  @ApiOperation({ summary: 'What happened, newest first' })
  async entries(@Query({ schema: EntryQuery }) query: EntryQuery): Promise<object> {
    const items = await this.ledger.entries(query);
    const last = items.at(-1);
    return { items, ...(items.length === query.limit && last && last.index > 0 ? { next: last.index } : {}) };
  }

  @Get('management/v1/ledger/entries/:index/proof')
  @UseGuards(AdminGuard)
  @ApiBearerAuth('admin')
  @ApiOperation({ summary: 'Proof that an entry stands in the ledger, to be checked offline' })
  async proof(@Param('index', ParseIntPipe) index: number): Promise<object> {
    return orThrow(await this.ledger.prove(index));
  }

  @Get('ledger/checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'The signed state of the ledger (C2SP tlog-checkpoint); public, for witnesses' })
  checkpoint(): Promise<string> {
    return this.ledger.checkpoint();
  }

  @Get('ledger/consistency/:from')
  @ApiOperation({ summary: 'Proof that the ledger of an older size is the beginning of the ledger now; public' })
  async consistency(@Param('from', ParseIntPipe) from: number): Promise<object> {
    return orThrow(await this.ledger.proveConsistency(from));
  }
}
