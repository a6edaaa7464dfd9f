import { isDigest, type JsonObject } from '@hansa/kernel';
import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard, CurrentPerson, type Person } from '../access/index.js';
import { RulesInput, readRules } from '../catalog/index.js';
import { PolicyTemplates } from '../policy/index.js';
import { DidInput, orThrow, ReasonInput } from '../server/index.js';
import { DecideHeld } from './decide-held.js';
import { NegotiationCommands } from './negotiation-commands.js';
import { shownNegotiation } from './shown-negotiation.js';

const Policy = z.record(z.string(), z.json());

const OfferInput = z
  .strictObject({ policy: Policy.describe('The terms, as an ODRL policy') })
  .meta({ id: 'NegotiationOffer' });
type OfferInput = z.infer<typeof OfferInput>;

const ApprovalInput = z
  .strictObject({
    terms: z
      .templateLiteral(['sha-256:', z.string()])
      .refine(isDigest, 'must be a digest')
      .optional()
      .describe('The `terms` of the negotiation as they were read; other terms are not approved'),
  })
  .prefault({})
  .meta({ id: 'Approval' });
type ApprovalInput = z.infer<typeof ApprovalInput>;

const OfferToInput = z
  .strictObject({
    counterparty: DidInput,
    datasetId: z.string().min(1),
    offerId: z.string().min(1).optional().describe('Which of its offers; by default the only one'),
    purpose: z.string().min(1).optional().describe('A term of DPV 2.2, where the terms ask for a purpose'),
    policy: Policy.optional().describe('Terms other than those of the offer, as an ODRL policy'),
    negotiation: RulesInput.optional().describe('By default the rules of the offer'),
  })
  .meta({ id: 'OfferTo' });
type OfferToInput = z.infer<typeof OfferToInput>;

/** What people decide in negotiations. */
@ApiTags('negotiation')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/negotiations')
export class HeldNegotiationController {
  constructor(
    private readonly commands: NegotiationCommands,
    private readonly decide: DecideHeld,
    private readonly templates: PolicyTemplates,
  ) {}

  @Post('offers')
  @ApiOperation({ summary: 'Offers one of our datasets to a participant that has not asked for it' })
  async offerTo(@CurrentPerson() by: Person, @Body({ schema: OfferToInput }) input: OfferToInput): Promise<object> {
    const { negotiation, policy, ...request } = input;
    const rules = negotiation && orThrow(readRules(this.templates, negotiation));
    const offer = { ...request, rules, terms: policy as JsonObject | undefined };
    return shownNegotiation(orThrow(await this.commands.offerTo(offer, by)));
  }

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Says yes to what is on the table; where two people must approve, the second yes is sent' })
  async approve(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: ApprovalInput }) { terms }: ApprovalInput,
  ): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.approve(id, by, terms)));
  }

  @Post(':id/offer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts other terms on the table: an offer of the provider, a counter-offer of the consumer' })
  async offer(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: OfferInput }) { policy }: OfferInput,
  ): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.offer(id, policy as JsonObject, by)));
  }

  @Post(':id/accept')
  @HttpCode(200)
  @ApiOperation({ summary: "Accepts the provider's offer, as the consumer" })
  async accept(@CurrentPerson() by: Person, @Param('id') id: string): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.accept(id, by)));
  }

  @Post(':id/agree')
  @HttpCode(200)
  @ApiOperation({ summary: 'Agrees to the terms that are on the table, as the provider' })
  async agree(@CurrentPerson() by: Person, @Param('id') id: string): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.agree(id, by)));
  }

  @Post(':id/refuse')
  @HttpCode(200)
  @ApiOperation({ summary: 'Says no to what is held; the other side is told the reason' })
  async refuse(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: ReasonInput }) input: ReasonInput,
  ): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.refuse(id, input.reason, by)));
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a negotiation; the other side is told the reason' })
  async terminate(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: ReasonInput }) input: ReasonInput,
  ): Promise<object> {
    return shownNegotiation(orThrow(await this.decide.terminate(id, input.reason, by)));
  }
}
