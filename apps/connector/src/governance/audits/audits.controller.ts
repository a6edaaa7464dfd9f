import { AuditPlanInput } from '@hansa/fair';
import { isJsonObject, type JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { orThrow, PageQuery, ReasonInput } from '../../server/index.js';
import { Where } from '../inference/where.schema.js';
import type { Audit, AuditSubject } from './audit.js';
import { AuditStatusList } from './audit-status-list.js';
import { Audits } from './audits.js';
import { PlanAudit } from './plan-audit.js';
import { type AuditRerun, RerunAudit } from './rerun-audit.js';
import { RevokeAudit } from './revoke-audit.js';

const NewAuditInput = z
  .strictObject({
    modelId: z.string().min(1).optional(),
    predictionColumn: z.string().min(1).optional().describe('Instead of a model: a column that holds decisions'),
    positive: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(100)
      .optional()
      .describe('With predictionColumn: the values that are a positive decision; without it the column is 0 or 1'),
    datasetId: z.string().min(1),
    labelColumn: z.string().min(1).describe('The column that says what was true: 0 or 1'),
    plan: AuditPlanInput,
    where: Where,
  })
  .refine(
    ({ modelId, predictionColumn }) => (modelId === undefined) !== (predictionColumn === undefined),
    'give either modelId or predictionColumn: whose decisions are audited',
  )
  .refine(({ positive, predictionColumn }) => positive === undefined || predictionColumn !== undefined, {
    error: 'goes with predictionColumn only: a model has a threshold',
    path: ['positive'],
  })
  .meta({ id: 'NewAudit' });
type NewAuditInput = z.infer<typeof NewAuditInput>;

const RerunInput = z
  .strictObject({
    report: z.record(z.string(), z.json()).describe('The report in JSON, as the node that made it gives it out'),
  })
  .meta({ id: 'AuditRerun' });
type RerunInput = z.infer<typeof RerunInput>;

@ApiTags('audits')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/audits')
export class AuditsController {
  constructor(
    private readonly audits: Audits,
    private readonly planAudit: PlanAudit,
    private readonly revokeAudit: RevokeAudit,
    private readonly rerunAudit: RerunAudit,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Fixes an audit under a plan, puts it on record and runs it' })
  async plan(@Body({ schema: NewAuditInput }) input: NewAuditInput): Promise<JsonObject> {
    const { datasetId, labelColumn, plan, where } = input;
    const planned = await this.planAudit.run({ subject: subjectOf(input), datasetId, labelColumn, plan, where });
    return shownAudit(orThrow(planned));
  }

  @Get()
  @ApiOperation({ summary: 'The audits of this node, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.audits.list(limit, offset);
    return { items: items.map(shownAudit), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One audit: how far it is, its verdict and the reasons' })
  async one(@Param('id') id: string): Promise<JsonObject> {
    return shownAudit(orThrow(await this.audits.find(id)));
  }

  @Get(':id/report')
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'The report in canonical JSON: the bytes that its digest covers' })
  async report(@Param('id') id: string): Promise<string> {
    return orThrow(await this.audits.report(id)).report;
  }

  @Get(':id/credential')
  @Header('content-type', 'application/vc')
  @ApiOperation({ summary: 'The signed W3C credential about the report' })
  async credential(@Param('id') id: string): Promise<string> {
    return orThrow(await this.audits.report(id)).credential;
  }

  @Post('rerun')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Runs the audit of a report again, of this node or of another, over data and model of the same digests',
  })
  async rerun(@Body({ schema: RerunInput }) { report }: RerunInput): Promise<AuditRerun> {
    return orThrow(await this.rerunAudit.run(report));
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revokes the credential of an audit; this cannot be undone' })
  async revoke(@Param('id') id: string, @Body({ schema: ReasonInput }) { reason }: ReasonInput): Promise<JsonObject> {
    return shownAudit(orThrow(await this.revokeAudit.run(id, reason)));
  }
}

/** Public: whoever holds a credential of ours can look whether it still counts. */
@ApiTags('audits')
@Controller('audits/status-lists')
export class AuditStatusListController {
  constructor(private readonly statusList: AuditStatusList) {}

  @Get('1')
  @Header('content-type', 'application/vc+jwt')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({ summary: 'The signed list of revoked audits (Bitstring Status List 1.0)' })
  list(): Promise<string> {
    return this.statusList.sign();
  }
}

function subjectOf({ modelId, predictionColumn = '', positive }: NewAuditInput): AuditSubject {
  return modelId === undefined
    ? { kind: 'decisions', column: predictionColumn, positive: positive ?? null }
    : { kind: 'model', modelId };
}

/** An audit as the management interface shows it: its state in flat members. */
export function shownAudit({ subject, state, plannedAt, statusIndex: _, ...planned }: Audit): JsonObject {
  const shown = {
    ...planned,
    modelId: null,
    ...shownSubject(subject),
    createdAt: plannedAt,
    status: state.status,
    ...shownState(state),
  };
  const plain: unknown = JSON.parse(JSON.stringify(shown));
  return isJsonObject(plain) ? plain : {};
}

function shownSubject(subject: AuditSubject): object {
  if (subject.kind === 'model') return { modelId: subject.modelId };
  if (subject.kind === 'decisions') return { predictionColumn: subject.column };
  const { kind: _, cities, ...rest } = subject;
  return { ...rest, cities };
}

function shownState(state: Audit['state']): object {
  switch (state.status) {
    case 'queued':
      return { progress: { done: 0, total: 0 } };
    case 'running':
      return { progress: { done: state.done, total: state.total } };
    case 'failed':
      return { progress: { done: 0, total: 0 }, problem: state.problem, detail: state.problem.detail };
    case 'done': {
      const { rows, ...outcome } = state.outcome;
      const { revocation } = state;
      const revoked = { revokedAt: revocation?.at ?? null, revocationReason: revocation?.reason ?? null };
      return { progress: { done: rows, total: rows }, ...outcome, ...revoked };
    }
  }
}
