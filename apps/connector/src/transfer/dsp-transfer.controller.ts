import { type MessageType, parseMessage, type TransferStep } from '@hansa/dsp';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Counterparty, CounterpartyGuard, CurrentCounterparty } from '../identity/index.js';
import { orThrow } from '../server/index.js';
import { ReceiveTransferMessage } from './receive-message.js';

/** The transfer process endpoints of DSP 2025-1, of both roles: HTTP to message and back, nothing else. */
@ApiTags('dataspace protocol')
@UseGuards(CounterpartyGuard)
@Controller('dsp/2025-1/transfers')
export class DspTransferController {
  constructor(private readonly receive: ReceiveTransferMessage) {}

  @Post('request')
  @HttpCode(201)
  @ApiOperation({ summary: 'A consumer requests what was agreed' })
  async request(@CurrentCounterparty() counterparty: Counterparty, @Body() body: unknown): Promise<JsonObject> {
    const message = orThrow(parseMessage('TransferRequestMessage', body));
    return orThrow(await this.receive.open(counterparty, message));
  }

  @Get(':pid')
  @ApiOperation({ summary: 'The state of a transfer, for its other side' })
  async show(@CurrentCounterparty() counterparty: Counterparty, @Param('pid') pid: string): Promise<JsonObject> {
    return orThrow(await this.receive.show(counterparty, pid));
  }

  @Post(':pid/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'The provider gives access, or the other side lets a suspended transfer go on' })
  start(@CurrentCounterparty() from: Counterparty, @Param('pid') pid: string, @Body() body: unknown): Promise<void> {
    return this.#step(from, pid, 'TransferStartMessage', body);
  }

  @Post(':pid/completion')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side has finished' })
  completion(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'TransferCompletionMessage', body);
  }

  @Post(':pid/suspension')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side suspends the transfer' })
  suspension(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'TransferSuspensionMessage', body);
  }

  @Post(':pid/termination')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side ends the transfer' })
  termination(
    @CurrentCounterparty() from: Counterparty,
    @Param('pid') pid: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.#step(from, pid, 'TransferTerminationMessage', body);
  }

  async #step(from: Counterparty, pid: string, type: MessageType, body: unknown): Promise<void> {
    const message = orThrow(parseMessage(type, body));
    orThrow(await this.receive.step(from, pid, message as TransferStep, body as JsonObject));
  }
}
