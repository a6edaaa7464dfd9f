import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../../access/index.js';
import { sentencesOf } from '../../policy/index.js';
import { orThrow, PageQuery, ReasonInput } from '../../server/index.js';
import type { AgreementRecord } from './agreement-record.js';
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
  ) {}

  @Get()
  @ApiOperation({ summary: 'Agreements of both roles, newest first' })
  async agreementList(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.agreements.list(limit, offset);
    return { items: items.map(shownAgreement), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One agreement' })
  async agreement(@Param('id') id: string): Promise<object> {
    return shownAgreement(orThrow(await this.agreements.find(id)));
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends an agreement: its transfers are terminated and its tokens die at once' })
  async endAgreementById(@Param('id') id: string, @Body({ schema: ReasonInput }) input: ReasonInput): Promise<object> {
    return shownAgreement(orThrow(await this.endAgreement.run(id, input.reason)));
  }
}

function shownAgreement({ credentials: _, address: __, ...rest }: AgreementRecord): object {
  return { ...rest, sentences: sentencesOf(rest.policy) };
}
