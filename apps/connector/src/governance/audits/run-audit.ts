import {
  type AuditPlan,
  type AuditReport,
  buildReport,
  type CountedScores,
  cellCounts,
  countedScores,
  countJoint,
  type ModelReference,
  type SoftwareReference,
  tabulateScores,
} from '@hansa/fair';
import type { ModelHost } from '@hansa/inference';
import { type Clock, digestOf, digestOfJson, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { NodeIdentity } from '../../identity/index.js';
import type { Ledger } from '../../ledger/index.js';
import type { InferenceService, LoadedModel } from '../inference/inference-service.js';
import type { LocalRows, OpenRows } from '../inference/local-rows.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { Audit, PlannedAudit } from './audit.js';
import { issueAuditCredential } from './audit-credential.js';
import type { AuditRunner } from './audit-jobs.js';
import type { Audits } from './audits.js';
import { plannedColumns, wantsModelScores } from './countable-plan.js';
import type { GatheredRows } from './gather-columns.js';
import { gatherDecisions } from './gather-decisions.js';

/** Milliseconds between two notes of how far a run has come. */
const noteEvery = 500;

/** What an audit has found, before it is signed. */
export interface Computed {
  readonly report: AuditReport;
  /** Null when no model of this node was audited. */
  readonly model: HostedModel | null;
  readonly datasetTitle: string;
}

/**
 * Carries a planned audit to its verdict: scores the data, counts, compares, judges, and signs. The report depends on
 * nothing but what was planned, so a run that was cut off is simply run again.
 */
export class RunAudit implements AuditRunner {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audits: Audits,
    private readonly inference: InferenceService,
    private readonly host: ModelHost,
    private readonly rows: LocalRows,
    private readonly identity: NodeIdentity,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly software: SoftwareReference,
  ) {}

  /** Rejects when it was interrupted or met a defect; what an operator can mend is recorded as a failed audit. */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const found = await this.audits.find(id);
    if (!found.ok || isOver(found.value)) return;
    const audit = found.value;
    const computed = await this.compute(audit, signal);
    // A node that stops ends its models, too: that is no failure of the audit.
    signal.throwIfAborted();
    if (computed.ok) await this.issue(audit, computed.value);
    else await this.fail(id, computed.problem);
  }

  async fail(id: string, problem: Problem): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const audit = await this.audits.lock(tx, id);
      if (!audit.ok || isOver(audit.value)) return;
      await this.audits.save(tx, id, { status: 'failed', problem, endedAt: this.clock.now().toISOString() });
      const { kind, detail } = problem;
      await this.ledger.append(tx, { kind: 'audit.failed', subjects: subjectsOf(audit.value), data: { kind, detail } });
    });
  }

  /** Signs a report and puts it on record. */
  async issue(audit: Audit, { report, model, datasetTitle }: Computed): Promise<void> {
    const about = { audit, datasetTitle, report, now: this.clock.now() };
    const { issued, outcome } = await issueAuditCredential(this.identity, about);
    await this.unitOfWork.run(async (tx) => {
      const locked = await this.audits.lock(tx, audit.id);
      if (!locked.ok || isOver(locked.value)) return;
      await this.audits.save(tx, audit.id, { status: 'done', outcome, revocation: null });
      await this.audits.addReport(tx, audit.id, issued);
      const { verdict, reportDigest, validUntil } = outcome;
      const { planDigest } = audit;
      const datasetDigest = report.data.digest;
      const modelDigest = model?.digest ?? null;
      const credentialDigest = digestOf(issued.credential);
      const data = { verdict, reportDigest, planDigest, datasetDigest, modelDigest, credentialDigest, validUntil };
      await this.ledger.append(tx, { kind: 'audit.issued', subjects: subjectsOf(audit), data });
    });
  }

  /** The report of a planned audit, over the data and the model of this node; nothing is kept of it. */
  async compute(audit: PlannedAudit, signal: AbortSignal): Promise<Result<Computed>> {
    const { subject, datasetId, where } = audit;
    const loaded = subject.kind === 'model' ? await this.inference.load(subject.modelId) : ok(null);
    if (!loaded.ok) return loaded;
    return this.rows.use({ datasetId, where, frozen: true }, async (rows) => {
      if (rows.digest !== audit.datasetDigest)
        return refuse(
          'audit.data-changed',
          'The data changed after the audit was planned. Plan a new audit, so that plan and data belong together.',
          'datasetId',
        );
      const gathered = await this.#gather(audit, loaded.value, rows, signal);
      if (!gathered.ok) return gathered;
      const joint = countJoint(gathered.value);
      if (!joint.ok) return joint;
      const counts = cellCounts(joint.value, audit.plan);
      if (!counts.ok) return counts;
      const scores = scoresOf(gathered.value, audit.plan);
      if (!scores.ok) return scores;
      const { title } = rows.dataset;
      const { labelColumn: label, datasetDigest: digest } = audit;
      const report = buildReport({
        at: audit.plannedAt.toISOString(),
        model: modelReference(audit, loaded.value?.model ?? null),
        data: { digest, rows: gathered.value.label.length, dataset: datasetId, title, label, where },
        plan: audit.plan,
        counts: counts.value,
        ...(scores.value && { scores: scores.value }),
        software: this.software,
      });
      return report.ok ? ok({ report: report.value, model: loaded.value?.model ?? null, datasetTitle: title }) : report;
    });
  }

  async #gather(
    audit: PlannedAudit,
    loaded: LoadedModel | null,
    rows: OpenRows,
    signal: AbortSignal,
  ): Promise<Result<GatheredRows>> {
    const { subject, labelColumn: label, plan } = audit;
    const decision = subject.kind === 'decisions' ? { decision: subject } : {};
    const hasModel = loaded !== null;
    const wanted = { label, ...plannedColumns(plan, hasModel), ...decision };
    const modelScores = wantsModelScores(plan, hasModel);
    const note = this.#progressNotes(audit.id, rows.rows);
    return gatherDecisions({ host: this.host, loaded, rows, wanted, modelScores, note, signal });
  }

  #progressNotes(id: string, total: number): (done: number) => Promise<void> {
    let noted = Number.NEGATIVE_INFINITY;
    return async (done) => {
      if (performance.now() - noted < noteEvery) return;
      noted = performance.now();
      await this.audits.saveProgress(id, done, total);
    };
  }
}

function scoresOf(rows: GatheredRows, plan: AuditPlan): Result<CountedScores | null> {
  if (!plan.score) return ok(null);
  const table = tabulateScores(rows, rows.scores ?? new Float64Array(0), plan);
  return table.ok ? countedScores(table.value, plan) : table;
}

function modelReference({ subject, datasetDigest }: PlannedAudit, model: HostedModel | null): ModelReference {
  if (model) {
    const { name, version, intendedUse, threshold, positiveClass } = model.card;
    return { digest: model.digest, name, version, intendedUse, threshold, positiveClass };
  }
  if (subject.kind !== 'decisions') throw new Error(`an audit of a ${subject.kind} is not one of a column`);
  const { column, positive } = subject;
  // Decisions without a model are known by where they stand.
  return { digest: digestOfJson({ datasetDigest, column, positive }), column, positive };
}

function subjectsOf({ id, subject, datasetId }: Audit): readonly string[] {
  return [id, ...(subject.kind === 'model' ? [subject.modelId] : []), datasetId];
}

function isOver({ state }: Audit): boolean {
  return state.status === 'done' || state.status === 'failed';
}
