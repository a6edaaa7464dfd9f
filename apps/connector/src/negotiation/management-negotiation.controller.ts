import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { RulesInput, readRules } from '../catalog/index.js';
import { PolicyTemplates } from '../policy/index.js';
import { DidInput, orThrow, PageQuery } from '../server/index.js';
import { NegotiationCommands } from './negotiation-commands.js';
import { Negotiations } from './negotiations.js';
import { shownNegotiation, shownWithTerms } from './shown-negotiation.js';

const NegotiationInput = z
  .strictObject({
    counterparty: DidInput,
    datasetId: z.string().min(1),
    offerId: z.string().min(1).optional(),
    offer: z
      .looseObject({ '@id': z.string().min(1) })
      .optional()
      .describe("The offer as the provider's catalogue lists it, instead of offerId: then it is not asked for again"),
    purpose: z.string().min(1).optional().describe('A term of DPV 2.2, for instance dpv:AcademicResearch, or its IRI'),
    supersedes: z
      .string()
      .min(1)
      .optional()
      .describe('The agreement about the same dataset that the new one shall take the place of'),
    policy: z
      .record(z.string(), z.json())
      .optional()
      .describe('Terms of our own instead of those of the offer, as an ODRL policy'),
    negotiation: RulesInput.optional().describe("How the provider's offers are answered"),
  })
  .refine(({ offer, offerId }) => offer === undefined || offerId === undefined, {
    path: ['offerId'],
    message: 'Give either the offer or its id',
  })
  .meta({ id: 'NegotiationRequest' });
type NegotiationInput = z.infer<typeof NegotiationInput>;

const ListQuery = PageQuery.extend({
  awaiting: z
    .enum(['us', 'them'])
    .optional()
    .describe('Only those in which a person here, or the other side, must act'),
});
type ListQuery = z.infer<typeof ListQuery>;

@ApiTags('negotiation')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1')
export class ManagementNegotiationController {
  constructor(
    private readonly commands: NegotiationCommands,
    private readonly negotiations: Negotiations,
    private readonly templates: PolicyTemplates,
  ) {}

  @Post('negotiations')
  @ApiOperation({ summary: 'Asks a provider for a contract about one of its datasets' })
  async start(@Body({ schema: NegotiationInput }) input: NegotiationInput): Promise<object> {
    const { negotiation, policy, offer, ...request } = input;
    const rules = negotiation && orThrow(readRules(this.templates, negotiation));
    const policies = { terms: policy as JsonObject | undefined, offer: offer as JsonObject | undefined };
    return shownNegotiation(orThrow(await this.commands.start({ ...request, ...policies, rules })));
  }

  @Get('negotiations')
  @ApiOperation({ summary: 'Negotiations of both roles, newest first' })
  async list(@Query({ schema: ListQuery }) { limit, offset, awaiting }: ListQuery): Promise<object> {
    const items = await this.negotiations.list(limit, offset, awaiting);
    return { items: items.map(shownNegotiation), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get('negotiations/:id')
  @ApiOperation({ summary: 'One negotiation: the terms, the decision and its trace, who must act and why' })
  async one(@Param('id') id: string): Promise<object> {
    return shownWithTerms(orThrow(await this.negotiations.find(id)));
  }
}
