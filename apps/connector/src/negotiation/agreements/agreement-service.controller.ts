import type { Logger } from '@hansa/platform';
import { Body, Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Counterparty, CounterpartyGuard, CurrentCounterparty } from '../../identity/index.js';
import { LOGGER, ProblemError } from '../../server/index.js';
import { EndAgreement } from './end-agreement.js';
import { agreementServicePath, parseTermination } from './termination-message.js';

/** Messages about agreements that exist: our extension of DSP 2025-1 (docs/reference/agreement-termination.md). */
@ApiTags('dataspace protocol')
@UseGuards(CounterpartyGuard)
@Controller(agreementServicePath)
export class AgreementServiceController {
  constructor(
    @Inject(EndAgreement) private readonly endings: EndAgreement,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @Post(':id/termination')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side ends an agreement (AgreementTerminationMessage)' })
  async termination(
    @CurrentCounterparty() { did }: Counterparty,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<void> {
    const message = parseTermination(id, body);
    const received = message.ok ? await this.endings.receive(did, message.value) : message;
    if (received.ok) return;
    this.log.info('agreement message refused', { counterparty: did, problem: received.problem });
    throw new ProblemError(received.problem);
  }
}
