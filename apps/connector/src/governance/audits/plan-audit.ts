import { statusListSize } from '@hansa/dcp';
import { type AuditPlan, planDigest, planProblem } from '@hansa/fair';
import { bindColumns, featureColumns } from '@hansa/inference';
import { type Clock, type Digest, type Ids, ok, type Random, type Result } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import type { RowCondition } from '@hansa/tabular';
import type { Ledger } from '../../ledger/index.js';
import { type LocalRows, type OpenRows, requireColumns } from '../inference/local-rows.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { Models } from '../models/models.js';
import type { Audit, AuditSubject } from './audit.js';
import type { AuditJobs } from './audit-jobs.js';
import type { Audits } from './audits.js';
import { checkApart, namesOf, plannedColumns } from './countable-plan.js';

export interface NewAudit {
  readonly subject: AuditSubject;
  readonly datasetId: string;
  readonly labelColumn: string;
  readonly where: readonly RowCondition[];
  readonly plan: AuditPlan;
}

/**
 * Fixes an audit: plan, data and model by their digests go on record before anything is computed, so that nobody can
 * choose the margins after the results. What could not be audited is refused here.
 */
export class PlanAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audits: Audits,
    private readonly models: Models,
    private readonly rows: LocalRows,
    private readonly jobs: AuditJobs,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: Random,
  ) {}

  async run(input: NewAudit): Promise<Result<Audit>> {
    const apart = checkApart(input.plan, input.labelColumn);
    if (!apart.ok) return apart;
    const problem = planProblem(input.plan);
    if (problem) return { ok: false, problem };
    const model = await this.#modelOf(input.subject);
    if (!model.ok) return model;
    const { datasetId } = input;
    const datasetDigest = await this.rows.use({ datasetId, where: [] }, async (rows) => {
      const fits = checkColumns(input, model.value, rows);
      return fits.ok ? ok(rows.digest) : fits;
    });
    if (!datasetDigest.ok) return datasetDigest;
    const audit = await this.record(input, datasetDigest.value, model.value);
    await this.jobs.submit(audit.id);
    return ok(audit);
  }

  async #modelOf(subject: AuditSubject): Promise<Result<HostedModel | null>> {
    return subject.kind === 'model' ? this.models.find(subject.modelId) : ok(null);
  }

  /**
   * Puts an audit on record, before anything of it is computed.
   *
   * @param also is done in the same transaction.
   */
  record(
    input: NewAudit,
    datasetDigest: Digest,
    model: HostedModel | null,
    also: (tx: Transaction, audit: Audit) => Promise<void> = async () => undefined,
  ): Promise<Audit> {
    return this.unitOfWork.run(async (tx) => {
      const audit: Audit = {
        ...input,
        id: this.ids.next(),
        planDigest: planDigest(input.plan),
        datasetDigest,
        statusIndex: await this.#freeIndex(tx),
        plannedAt: this.clock.now(),
        state: { status: 'queued' },
      };
      await this.audits.add(tx, audit);
      const { id, subject, datasetId, labelColumn, where, plan, planDigest: digest } = audit;
      const decided = recorded(subject, model);
      const data = { ...decided, datasetId, datasetDigest, labelColumn, where, planDigest: digest, plan };
      const subjects = [id, ...(model ? [model.id] : []), datasetId];
      await this.ledger.append(tx, { kind: 'audit.planned', subjects, data: JSON.parse(JSON.stringify(data)) });
      await also(tx, audit);
      return audit;
    });
  }

  /** A random place, so that an index says nothing about when an audit was made (Bitstring Status List 1.0 §5.2). */
  async #freeIndex(tx: Transaction): Promise<number> {
    for (;;) {
      const index = Math.floor(this.random() * statusListSize);
      if (!(await this.audits.isIndexTaken(tx, index))) return index;
    }
  }
}

/** Whose decisions are audited, as the ledger has it. */
function recorded(subject: AuditSubject, model: HostedModel | null): object {
  if (subject.kind === 'model') return { modelDigest: model?.digest ?? null };
  if (subject.kind === 'decisions') return { column: subject.column, positive: subject.positive };
  const { kind: _, ...federation } = subject;
  return federation;
}

function checkColumns(
  { subject, labelColumn, where, plan }: NewAudit,
  model: HostedModel | null,
  { columns }: OpenRows,
): Result<unknown> {
  const decision = subject.kind === 'decisions' ? [subject.column] : [];
  const planned = namesOf(plannedColumns(plan, model !== null));
  const conditions = where.map(({ column }) => column);
  const named = requireColumns(columns, [labelColumn, ...decision, ...planned, ...conditions]);
  if (!named.ok || model === null) return named;
  return bindColumns(model.signature, featureColumns(columns), model.card.features);
}
