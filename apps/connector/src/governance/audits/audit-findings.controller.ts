import type { AnsweredFinding } from '@hansa/fair';
import { isDigest, type JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { orThrow } from '../../server/index.js';
import { AnswerFinding } from './answer-finding.js';
import { AuditResponses } from './audit-responses.js';
import { Audits } from './audits.js';
import { CountersignAudit } from './countersign-audit.js';

const Text = z.string().min(1).max(2000);
const State = z.enum(['open', 'accepted', 'resolved']);

const AnswerInput = z
  .strictObject({
    state: State.optional(),
    owner: Text.optional().describe('Who answers for the finding'),
    due: z.iso.date().optional().describe('Until which day, as 2026-12-23'),
    reason: Text.optional().describe('Why it is accepted'),
    evidence: Text.optional().describe('What shows that it is resolved: an address, a digest, another audit'),
  })
  .refine((given) => Object.keys(given).length > 0, 'say something about the finding')
  .meta({ id: 'FindingAnswer' });
type AnswerInput = z.infer<typeof AnswerInput>;

const Document = z.record(z.string(), z.json());
const Nullable = Text.nullable().default(null);

const CountersignInput = z
  .strictObject({
    credential: Document.describe('The signed credential of an audit that another node made'),
    report: Document.describe('The report that the credential is about'),
    answers: z
      .array(
        z.looseObject({
          finding: z.string().refine(isDigest, 'is a digest'),
          state: State,
          owner: Nullable,
          due: Nullable,
          reason: Nullable,
          evidence: Nullable,
        }),
      )
      .max(10_000)
      .default([])
      .describe('What was said about its findings: the findings.json of the other node'),
  })
  .meta({ id: 'Countersign' });
type CountersignInput = z.infer<typeof CountersignInput>;

const CredentialInput = z.strictObject({ credential: Document }).meta({ id: 'CountersignedCredential' });
type CredentialInput = z.infer<typeof CredentialInput>;

/** What comes after a report: who answers for its findings, and who else signs. */
@ApiTags('audits')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/audits')
export class AuditFindingsController {
  constructor(
    private readonly audits: Audits,
    private readonly responses: AuditResponses,
    private readonly answerFinding: AnswerFinding,
    private readonly countersignAudit: CountersignAudit,
  ) {}

  @Get(':id/findings')
  @ApiOperation({ summary: 'The findings of an audit: who answers for each, until when, and what came of it' })
  async findings(@Param('id') id: string): Promise<{ readonly items: readonly AnsweredFinding[] }> {
    return { items: await this.responses.of(id, orThrow(await this.audits.report(id))) };
  }

  @Put(':id/findings/:finding')
  @ApiOperation({ summary: 'Says who answers for a finding, until when, or what came of it; it stands in the ledger' })
  async answer(
    @Param('id') id: string,
    @Param('finding') finding: string,
    @Body({ schema: AnswerInput }) input: AnswerInput,
  ): Promise<{ readonly items: readonly AnsweredFinding[] }> {
    return { items: orThrow(await this.answerFinding.run(id, finding, input)) };
  }

  @Post('countersign')
  @HttpCode(200)
  @ApiOperation({ summary: 'Counter-signs the credential of an audit that another node made' })
  async countersign(@Body({ schema: CountersignInput }) input: CountersignInput): Promise<JsonObject> {
    return orThrow(await this.countersignAudit.give(input as Parameters<CountersignAudit['give']>[0]));
  }

  @Post(':id/countersignatures')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes in the counter-signature of another party under an audit of this node' })
  async take(
    @Param('id') id: string,
    @Body({ schema: CredentialInput }) { credential }: CredentialInput,
  ): Promise<{ readonly signers: readonly string[] }> {
    return { signers: orThrow(await this.countersignAudit.take(id, credential)) };
  }
}
