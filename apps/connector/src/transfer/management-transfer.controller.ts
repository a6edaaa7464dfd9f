import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { orThrow, PageQuery } from '../server/index.js';
import { Consume, consumerAddress, type Pull } from './consume.js';
import { TransferCommands } from './transfer-commands.js';
import type { TransferRecord } from './transfer-record.js';
import { Transfers } from './transfers.js';

const TransferInput = z.strictObject({ agreementId: z.string().min(1) }).meta({ id: 'TransferStart' });
type TransferInput = z.infer<typeof TransferInput>;

const PullInput = z
  .strictObject({ format: z.enum(['csv', 'json', 'parquet', 'arrow']).default('parquet') })
  .meta({ id: 'Pull' });
type PullInput = z.infer<typeof PullInput>;

const OptionalReason = z
  .strictObject({ reason: z.string().min(1).max(1000).optional() })
  .default({})
  .meta({ id: 'OptionalReason' });
type OptionalReason = z.infer<typeof OptionalReason>;

const ModelRequest = z.record(z.string(), z.json()).meta({ id: 'InferenceRequest' });
type ModelRequest = z.infer<typeof ModelRequest>;

@ApiTags('transfer')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/transfers')
export class ManagementTransferController {
  constructor(
    private readonly commands: TransferCommands,
    private readonly transfers: Transfers,
    private readonly consume: Consume,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Asks the provider for access to what was agreed' })
  async start(@Body({ schema: TransferInput }) input: TransferInput): Promise<object> {
    return shown(orThrow(await this.commands.start(input.agreementId)));
  }

  @Get()
  @ApiOperation({ summary: 'Transfers of both roles, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.transfers.list(limit, offset);
    return { items: items.map(shown), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One transfer' })
  async one(@Param('id') id: string): Promise<object> {
    return shown(orThrow(await this.transfers.find(id)));
  }

  @Post(':id/pull')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pulls the data into a file of this node and writes a receipt' })
  async pull(@Param('id') id: string, @Body({ schema: PullInput }) input: PullInput): Promise<Pull> {
    return orThrow(await this.consume.pull(id, input.format));
  }

  @Post(':id/infer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks the hosted model behind a transfer (Open Inference Protocol v2 request)' })
  async infer(@Param('id') id: string, @Body({ schema: ModelRequest }) input: ModelRequest): Promise<JsonObject> {
    return orThrow(await this.consume.call(id, 'v2/infer', input as JsonObject));
  }

  @Post(':id/explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks why the hosted model behind a transfer answers as it does' })
  async explain(@Param('id') id: string, @Body({ schema: ModelRequest }) input: ModelRequest): Promise<JsonObject> {
    return orThrow(await this.consume.call(id, 'v2/explain', input as JsonObject));
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Suspends a transfer: its token stops working until it is resumed' })
  suspend(@Param('id') id: string, @Body({ schema: OptionalReason }) input: OptionalReason): Promise<object> {
    return this.#send(id, 'suspension', input);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a suspended transfer go on' })
  async resume(@Param('id') id: string): Promise<object> {
    return shown(orThrow(await this.commands.resume(id)));
  }

  @Post(':id/complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tells the other side that the transfer is finished' })
  async complete(@Param('id') id: string): Promise<object> {
    return shown(orThrow(await this.commands.send(id, { move: 'completion' })));
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a transfer for good' })
  terminate(@Param('id') id: string, @Body({ schema: OptionalReason }) input: OptionalReason): Promise<object> {
    return this.#send(id, 'termination', input);
  }

  async #send(id: string, move: 'suspension' | 'termination', { reason }: OptionalReason): Promise<object> {
    const intent = { move, code: 'operator', reason: reason === undefined ? [] : [reason] } as const;
    return shown(orThrow(await this.commands.send(id, intent)));
  }
}

function shown(record: TransferRecord): object {
  const { transfer, tokenDigest: _, address: __, ...rest } = record;
  const endpoint = consumerAddress(transfer)?.endpoint;
  return {
    ...rest,
    role: transfer.role,
    format: transfer.format,
    state: transfer.state,
    pending: transfer.pending?.message.type ?? null,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...('termination' in transfer ? { termination: transfer.termination } : {}),
    ...('suspension' in transfer ? { suspension: transfer.suspension } : {}),
    ...('detail' in transfer ? { detail: transfer.detail } : {}),
  };
}
