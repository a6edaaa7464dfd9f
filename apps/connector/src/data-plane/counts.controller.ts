import { digestOf } from '@hansa/kernel';
import { UnitOfWork } from '@hansa/platform';
import { Body, Controller, Headers, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswerCounts, CountsRequest } from '../governance/index.js';
import { Ledger } from '../ledger/index.js';
import { orThrow } from '../server/index.js';
import { Access, type Grant } from './access.js';

/** Seconds after which a consumer asks again. */
const askAgainAfter = 1;

/** Counts of rows for an audit of several cities: the rows stay where they are. */
@ApiTags('data plane')
@Controller('data')
export class CountsController {
  constructor(
    private readonly access: Access,
    private readonly counts: AnswerCounts,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
  ) {}

  @Post(':transfer/audit-counts')
  @ApiOperation({
    summary: 'Counts the rows of a transfer under a plan and signs the table; 202 while it counts: ask the same again',
  })
  async count(
    @Param('transfer') id: string,
    @Headers() { authorization }: { readonly authorization?: string },
    @Body({ schema: CountsRequest }) request: CountsRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const grant = orThrow(await this.access.grant(id, authorization, 'aggregate'));
    const { agreement } = grant;
    const about = { datasetId: agreement.datasetId, agreementId: agreement.id, policy: agreement.policy };
    const answer = orThrow(await this.counts.ask({ ...about, request }));
    void reply.header('cache-control', 'no-store');
    if (answer.status === 'counting') {
      await reply.status(202).header('retry-after', askAgainAfter).send(answer);
      return;
    }
    // To count may have taken long. The receipt is written first: no byte leaves without its entry.
    orThrow(await this.access.confirm(grant));
    await this.#record(grant, answer.text, request);
    await reply.status(200).header('content-type', 'application/json; charset=utf-8').send(answer.text);
  }

  #record({ transfer, agreement }: Grant, text: string, { planDigest }: CountsRequest): Promise<void> {
    const subjects = [agreement.id, transfer.id, transfer.datasetId, transfer.counterparty];
    const data = { agreement: agreement.id, digest: digestOf(text), bytes: Buffer.byteLength(text), planDigest };
    return this.unitOfWork.run((tx) => this.ledger.append(tx, { kind: 'counts.released', subjects, data }));
  }
}
