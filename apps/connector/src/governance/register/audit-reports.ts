import type { AnsweredFinding, AuditReport } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import { type DoneAudit, isDone } from '../audits/audit.js';
import type { AuditResponses } from '../audits/audit-responses.js';
import type { Audits } from '../audits/audits.js';
import type { Explanations } from '../explanations/explanations.js';
import type { StoredExplanation } from '../explanations/stored-explanation.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { Models } from '../models/models.js';

/** An audit in a list of the public register. */
export interface RegisteredAudit {
  readonly audit: DoneAudit;
  /** Null when the decisions of a column were audited. */
  readonly model: HostedModel | null;
}

/** Everything that the public page of an audit shows. */
export interface PublishedAudit extends RegisteredAudit {
  readonly report: AuditReport;
  /** The bytes that the digest of the credential covers: canonical JSON. */
  readonly reportText: string;
  readonly credentialText: string;
  /** Its findings, with who answers for each and what came of it. */
  readonly answers: readonly AnsweredFinding[];
  /** The audit of the same model before this one. */
  readonly previous: { readonly audit: DoneAudit; readonly report: AuditReport } | null;
  /** Of a decision of the model, when the operator has published one. */
  readonly explanation: StoredExplanation | null;
}

/** Everything that the public page of a model shows. */
export interface PublishedModel {
  readonly model: HostedModel;
  /** Newest first. */
  readonly audits: readonly DoneAudit[];
  readonly explanation: StoredExplanation | null;
}

/** The public register: hosted models and every verdict about them, the bad ones and the revoked ones too. */
export class AuditReports {
  constructor(
    private readonly models: Models,
    private readonly audits: Audits,
    private readonly explanations: Explanations,
    private readonly responses: AuditResponses,
  ) {}

  /** Newest first. */
  listModels(limit: number): Promise<readonly HostedModel[]> {
    return this.models.list(limit, 0);
  }

  /** Newest first. */
  async listAudits(limit: number): Promise<readonly RegisteredAudit[]> {
    const audits = await this.audits.listDone(limit);
    return Promise.all(audits.map(async (audit) => ({ audit, model: await this.#modelOf(audit) })));
  }

  async model(id: string): Promise<Result<PublishedModel>> {
    const model = await this.models.find(id);
    if (!model.ok) return model;
    const [audits, explanation] = await Promise.all([
      this.audits.listDone(100, id),
      this.explanations.newestPublic(id),
    ]);
    return ok({ model: model.value, audits, explanation });
  }

  async audit(id: string): Promise<Result<PublishedAudit>> {
    const audit = await this.audits.find(id);
    if (!audit.ok) return audit;
    if (!isDone(audit.value)) return refuse('audit.not-found', `The audit ${id} has no verdict.`);
    const stored = await this.audits.report(id);
    if (!stored.ok) return stored;
    const model = await this.#modelOf(audit.value);
    const { report: reportText, credential: credentialText } = stored.value;
    const report: AuditReport = JSON.parse(reportText);
    const explanation = model && (await this.explanations.newestPublic(model.id));
    const answers = await this.responses.of(id, stored.value);
    const previous = await this.#before(audit.value);
    return ok({ audit: audit.value, model, report, reportText, credentialText, answers, previous, explanation });
  }

  async #before({ id, subject, state }: DoneAudit): Promise<PublishedAudit['previous']> {
    if (subject.kind !== 'model') return null;
    const audits = await this.audits.listDone(100, subject.modelId);
    const { issuedAt } = state.outcome;
    const audit = audits.find((other) => other.id !== id && other.state.outcome.issuedAt < issuedAt);
    const stored = audit && (await this.audits.report(audit.id));
    return audit && stored?.ok ? { audit, report: JSON.parse(stored.value.report) } : null;
  }

  async #modelOf({ subject }: DoneAudit): Promise<HostedModel | null> {
    if (subject.kind !== 'model') return null;
    const model = await this.models.find(subject.modelId);
    return model.ok ? model.value : null;
  }
}
