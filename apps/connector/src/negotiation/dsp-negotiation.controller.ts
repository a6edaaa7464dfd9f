import {
  type InitialContractOffer,
  type InitialContractRequest,
  type MessageType,
  type NegotiationStep,
  parseMessage,
} from '@hansa/dsp';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Counterparty, CounterpartyGuard, CurrentCounterparty } from '../identity/index.js';
import { orThrow, ProblemError } from '../server/index.js';
import { ReceiveNegotiationMessage } from './receive-message.js';

/** The contract negotiation endpoints of DSP 2025-1, of both roles: HTTP to message and back, nothing else. */
@ApiTags('dataspace protocol')
@UseGuards(CounterpartyGuard)
@Controller('dsp/2025-1/negotiations')
export class DspNegotiationController {
  constructor(private readonly receive: ReceiveNegotiationMessage) {}

  @Post('request')
  @HttpCode(201)
  @ApiOperation({ summary: 'A consumer requests a contract for one of our offers' })
  async request(@CurrentCounterparty() counterparty: Counterparty, @Body() body: unknown): Promise<JsonObject> {
    const message = orThrow(parseMessage('ContractRequestMessage', body));
    if (!('callbackAddress' in message))
      throw wrongPlace('A request within a negotiation goes to /negotiations/{providerPid}/request.');
    return orThrow(await this.receive.open(counterparty, message satisfies InitialContractRequest));
  }

  @Post('offers')
  @HttpCode(201)
  @ApiOperation({ summary: 'A provider offers us something that we have not asked for' })
  async offer(@CurrentCounterparty() counterparty: Counterparty, @Body() body: unknown): Promise<JsonObject> {
    const message = orThrow(parseMessage('ContractOfferMessage', body));
    if (!('callbackAddress' in message) || 'consumerPid' in message)
      throw wrongPlace('An offer within a negotiation goes to /negotiations/{consumerPid}/offers.');
    return orThrow(await this.receive.openOffer(counterparty, message satisfies InitialContractOffer));
  }

  @Get(':pid')
  @ApiOperation({ summary: 'The state of a negotiation, for its other side' })
  async show(@CurrentCounterparty() counterparty: Counterparty, @Param('pid') pid: string): Promise<JsonObject> {
    return orThrow(await this.receive.show(counterparty, pid));
  }

  @Post(':pid/request')
  @HttpCode(200)
  @ApiOperation({ summary: 'The consumer makes a counter-offer' })
  counterRequest(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'ContractRequestMessage', body);
  }

  @Post(':pid/offers')
  @HttpCode(200)
  @ApiOperation({ summary: 'The provider makes an offer in a negotiation of ours' })
  offers(@CurrentCounterparty() from: Counterparty, @Param('pid') pid: string, @Body() body: unknown): Promise<void> {
    return this.#step(from, pid, 'ContractOfferMessage', body);
  }

  @Post(':pid/agreement')
  @HttpCode(200)
  @ApiOperation({ summary: 'The provider agrees' })
  agreement(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'ContractAgreementMessage', body);
  }

  @Post(':pid/agreement/verification')
  @HttpCode(200)
  @ApiOperation({ summary: 'The consumer has verified the agreement' })
  verification(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'ContractAgreementVerificationMessage', body);
  }

  @Post(':pid/events')
  @HttpCode(200)
  @ApiOperation({ summary: 'The consumer accepts an offer, or the provider finalises the agreement' })
  events(@CurrentCounterparty() from: Counterparty, @Param('pid') pid: string, @Body() body: unknown): Promise<void> {
    return this.#step(from, pid, 'ContractNegotiationEventMessage', body);
  }

  @Post(':pid/termination')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side ends the negotiation' })
  termination(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'ContractNegotiationTerminationMessage', body);
  }

  async #step(from: Counterparty, pid: string, type: MessageType, body: unknown): Promise<void> {
    const message = orThrow(parseMessage(type, body));
    if (!('consumerPid' in message && 'providerPid' in message)) throw wrongPlace('The message must name both pids.');
    orThrow(await this.receive.step(from, pid, message as NegotiationStep, body as JsonObject));
  }
}

function wrongPlace(detail: string): ProblemError {
  return new ProblemError({ kind: 'dsp.content', detail });
}
