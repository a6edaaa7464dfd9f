import { type AuditReport, planDigest, type RerunOutcome, reportFrom, rerunOutcome } from '@hansa/fair';
import { type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import { z } from 'zod';
import type { Datasets } from '../../catalog/index.js';
import type { Ledger } from '../../ledger/index.js';
import { Where } from '../inference/where.schema.js';
import type { Models } from '../models/models.js';
import type { AuditSubject, PlannedAudit } from './audit.js';
import type { RunAudit } from './run-audit.js';

/** What came out of running the audit of a report again on this node. */
export interface AuditRerun extends RerunOutcome {
  /** The dataset with the data of the report. */
  readonly datasetId: string;
  /** The model with the bytes of the report's; null where decisions of a column were audited. */
  readonly modelId: string | null;
}

/** What a node puts into the part on data, as far as a second run needs it. */
const NodeData = z.looseObject({ dataset: z.string(), title: z.string(), label: z.string(), where: Where });
const Decisions = z.looseObject({
  column: z.string(),
  positive: z.array(z.union([z.string(), z.number(), z.boolean()])).nullable(),
});

/**
 * Runs the audit of a node's report again, of this node or of another, over the data and the model that this node holds
 * under the same digests. Nothing is signed, and no audit is added: only that it was done goes on record.
 *
 * Taken over from the report are the names that the first node gave (`at`, `data.dataset` and `data.title`); everything
 * else is computed, so that the same data, model and plan give the same bytes on every node.
 */
export class RerunAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly datasets: Datasets,
    private readonly models: Models,
    private readonly runAudit: RunAudit,
    private readonly ledger: Ledger,
  ) {}

  /** Refuses a report that is not of a node's dataset, and data or a model that this node does not hold. */
  async run(document: JsonObject): Promise<Result<AuditRerun>> {
    const report = reportFrom(document);
    if (!report) return refuse('audit.invalid-report', 'The report does not have the form of one.', '/report');
    const planned = await this.#planned(report);
    if (!planned.ok) return planned;
    const { audit, modelId } = planned.value;
    const { datasetId } = audit;
    const computed = await this.runAudit.compute(audit, new AbortController().signal);
    if (!computed.ok) return computed.problem.kind === 'audit.data-changed' ? changed(datasetId) : computed;
    const { report: own } = computed.value;
    const { dataset, title } = report.data;
    const again = { ...own, data: { ...own.data, ...(dataset && { dataset }), ...(title && { title }) } };
    const outcome = rerunOutcome(report, again);
    const subjects = [datasetId, ...(modelId === null ? [] : [modelId])];
    const { same, reportDigest } = outcome;
    await this.unitOfWork.run((tx) =>
      this.ledger.append(tx, { kind: 'audit.rerun', subjects, data: { same, reportDigest } }),
    );
    return ok({ ...outcome, datasetId, modelId });
  }

  async #planned(
    report: AuditReport,
  ): Promise<Result<{ readonly audit: PlannedAudit; readonly modelId: string | null }>> {
    const { at, plan, federation, data } = report;
    if (federation)
      return notRepeatable('It is of several cities: each counts its own rows again, by a new federated audit.');
    const read = NodeData.safeParse(data);
    if (at === undefined || !read.success)
      return notRepeatable('It is not of the dataset of a node: run the audit of a file again on the file.');
    const found = await this.datasets.findDigest(data.digest);
    if (!found) return refuse('dataset.not-found', `This node has no dataset with the digest ${data.digest}.`);
    const subject = await this.#subjectOf(report);
    if (!subject.ok) return subject;
    const { label: labelColumn, where } = read.data;
    const audit: PlannedAudit = {
      // Of no audit that is kept: how far the run is goes nowhere.
      id: '',
      subject: subject.value,
      datasetId: found.id,
      labelColumn,
      where,
      plan,
      planDigest: planDigest(plan),
      datasetDigest: data.digest,
      statusIndex: 0,
      plannedAt: new Date(at),
    };
    return ok({ audit, modelId: subject.value.kind === 'model' ? subject.value.modelId : null });
  }

  /** A model with the bytes of the report's, by preference under the same name and version. */
  async #subjectOf({ model }: AuditReport): Promise<Result<AuditSubject>> {
    const decisions = Decisions.safeParse(model);
    if (decisions.success) {
      const { column, positive } = decisions.data;
      return ok({ kind: 'decisions', column, positive });
    }
    const { name, version, digest } = model;
    const named = await this.models.findVersion(String(name), String(version));
    const own = named?.digest === digest ? named : await this.models.findDigest(digest);
    return own
      ? ok({ kind: 'model', modelId: own.id })
      : refuse('model.not-found', `This node hosts no model with the digest ${digest}.`);
  }
}

const notRepeatable = (why: string) => refuse('audit.not-repeatable', `This report cannot be run again here. ${why}`);
const changed = (datasetId: string) =>
  refuse('audit.conflict', `The dataset ${datasetId} had the data of the report, and has changed since.`);
