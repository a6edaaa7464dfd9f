import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { DidInput, orThrow, PageQuery, ReasonInput } from '../server/index.js';
import { NegotiationCommands } from './negotiation-commands.js';
import type { NegotiationRecord } from './negotiation-record.js';
import { Negotiations } from './negotiations.js';

const NegotiationInput = z
  .strictObject({
    counterparty: DidInput,
    datasetId: z.string().min(1),
    offerId: z.string().min(1).optional(),
    purpose: z.string().min(1).optional().describe('A term of DPV 2.2, for instance dpv:AcademicResearch, or its IRI'),
    supersedes: z
      .string()
      .min(1)
      .optional()
      .describe('The agreement about the same dataset that the new one shall take the place of'),
  })
  .meta({ id: 'NegotiationRequest' });
type NegotiationInput = z.infer<typeof NegotiationInput>;

const OfferInput = z
  .strictObject({ policy: z.record(z.string(), z.json()).describe('The terms, as an ODRL policy') })
  .meta({ id: 'NegotiationOffer' });
type OfferInput = z.infer<typeof OfferInput>;

@ApiTags('negotiation')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1')
export class ManagementNegotiationController {
  constructor(
    private readonly commands: NegotiationCommands,
    private readonly negotiations: Negotiations,
  ) {}

  @Post('negotiations')
  @ApiOperation({ summary: 'Asks a provider for a contract about one of its datasets' })
  async start(@Body({ schema: NegotiationInput }) input: NegotiationInput): Promise<object> {
    return shownNegotiation(orThrow(await this.commands.start(input)));
  }

  @Get('negotiations')
  @ApiOperation({ summary: 'Negotiations of both roles, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.negotiations.list(limit, offset);
    return { items: items.map(shownNegotiation), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get('negotiations/:id')
  @ApiOperation({ summary: 'One negotiation, with the decision and its trace' })
  async one(@Param('id') id: string): Promise<object> {
    return shownNegotiation(orThrow(await this.negotiations.find(id)));
  }

  @Post('negotiations/:id/offer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts other terms on the table: an offer of the provider, a counter-offer of the consumer' })
  async offer(@Param('id') id: string, @Body({ schema: OfferInput }) { policy }: OfferInput): Promise<object> {
    return shownNegotiation(orThrow(await this.commands.offer(id, policy as JsonObject)));
  }

  @Post('negotiations/:id/accept')
  @HttpCode(200)
  @ApiOperation({ summary: "Accepts the provider's offer, as the consumer" })
  async accept(@Param('id') id: string): Promise<object> {
    return shownNegotiation(orThrow(await this.commands.accept(id)));
  }

  @Post('negotiations/:id/agree')
  @HttpCode(200)
  @ApiOperation({ summary: 'Agrees to the terms that are on the table, as the provider' })
  async agree(@Param('id') id: string): Promise<object> {
    return shownNegotiation(orThrow(await this.commands.agree(id)));
  }

  @Post('negotiations/:id/terminate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a negotiation; the other side is told the reason' })
  async terminate(@Param('id') id: string, @Body({ schema: ReasonInput }) input: ReasonInput): Promise<object> {
    return shownNegotiation(orThrow(await this.commands.terminate(id, input.reason)));
  }
}

function shownNegotiation(record: NegotiationRecord): object {
  const { negotiation, credentials: _, address: __, ...rest } = record;
  return {
    ...rest,
    role: negotiation.role,
    state: negotiation.state,
    pending: negotiation.pending?.message.type ?? null,
    ...('agreement' in negotiation ? { agreementId: negotiation.agreement['@id'] } : {}),
    ...('termination' in negotiation ? { termination: negotiation.termination } : {}),
    ...('detail' in negotiation ? { detail: negotiation.detail } : {}),
  };
}
