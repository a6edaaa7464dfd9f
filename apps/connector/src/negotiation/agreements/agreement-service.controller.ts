import { Body, Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Counterparty, CounterpartyGuard, CurrentCounterparty } from '../../identity/index.js';
import { orThrow } from '../../server/index.js';
import { EndAgreement } from './end-agreement.js';
import { agreementServicePath, parseTermination } from './termination-message.js';

/** Messages about agreements that exist: our extension of DSP 2025-1 (docs/reference/agreement-termination.md). */
@ApiTags('dataspace protocol')
@UseGuards(CounterpartyGuard)
@Controller(agreementServicePath)
export class AgreementServiceController {
  constructor(@Inject(EndAgreement) private readonly endings: EndAgreement) {}

  @Post(':id/termination')
  @HttpCode(200)
  @ApiOperation({ summary: 'The other side ends an agreement (AgreementTerminationMessage)' })
  async termination(
    @CurrentCounterparty() { did }: Counterparty,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<void> {
    const message = parseTermination(id, body);
    orThrow(message.ok ? await this.endings.receive(did, message.value) : message);
  }
}
