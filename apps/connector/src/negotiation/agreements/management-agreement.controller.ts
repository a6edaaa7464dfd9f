import type { Clock } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../../access/index.js';
import { sentencesOf } from '../../policy/index.js';
import { CLOCK, orThrow, PageQuery, ReasonInput } from '../../server/index.js';
import { AgreementDependants, type Dependants } from './agreement-dependants.js';
import { type AgreementRecord, endAt } from './agreement-record.js';
import { Agreements } from './agreements.js';
import { EndAgreement } from './end-agreement.js';

@ApiTags('negotiation')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/agreements')
export class ManagementAgreementController {
  constructor(
    private readonly agreements: Agreements,
    @Inject(EndAgreement) private readonly endAgreement: EndAgreement,
    private readonly dependants: AgreementDependants,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Agreements of both roles, newest first' })
  async agreementList(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.agreements.list(limit, offset);
    return {
      items: items.map((item) => this.#shown(item)),
      ...(items.length === limit ? { next: offset + limit } : {}),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One agreement' })
  async agreement(@Param('id') id: string): Promise<object> {
    return this.#shown(orThrow(await this.agreements.find(id)));
  }

  @Get(':id/dependants')
  @ApiOperation({
    summary: 'What stands on an agreement: its transfers and tokens, renewals, receipts, a hosted model',
  })
  async dependantsOf(@Param('id') id: string): Promise<Dependants> {
    return this.dependants.of(orThrow(await this.agreements.find(id)));
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ends an agreement: its transfers are terminated, its tokens die at once, the other side is told',
  })
  async endAgreementById(@Param('id') id: string, @Body({ schema: ReasonInput }) input: ReasonInput): Promise<object> {
    return this.#shown(orThrow(await this.endAgreement.run(id, input.reason)));
  }

  #shown({ credentials: _, address: __, ...rest }: AgreementRecord): object {
    const end = endAt(rest, this.clock.now());
    return { ...rest, state: end?.kind ?? 'active', end, sentences: sentencesOf(rest.policy) };
  }
}
