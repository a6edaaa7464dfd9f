import type { AnsweredFinding, AuditReport } from '@hansa/fair';
import { isJsonObject, type Json, parseJson } from '@hansa/kernel';
import type { Standing } from '@hansa/report';
import type { Audit, DoneAudit, PublishedAudit, StoredExplanation } from '../governance/index.js';

/** One audit in a list. */
export interface AuditLine {
  readonly id: string;
  readonly standing: Standing;
  readonly issuedAt: Date;
}

/** One decision explained, in words and as contributions. */
export type ExplanationView = Pick<StoredExplanation, 'explanation' | 'sentences'>;

/** One audit with its report, as the report's page needs it. */
export interface AuditView extends AuditLine, Pick<Audit, 'labelColumn' | 'where'> {
  readonly report: AuditReport;
  readonly reportDigest: string;
  /** Where the audited model is described; null when the decisions of a column were audited. */
  readonly modelId: string | null;
  /** How the audited thing is called. */
  readonly subject: string;
  readonly datasetTitle: string;
  /** When the plan was put on record, before anything was computed. */
  readonly plannedAt: Date;
  readonly validUntil: Date;
  readonly revocation: { readonly at: Date; readonly reason: string } | null;
  readonly explanation: ExplanationView | null;
  readonly answers: readonly AnsweredFinding[];
  /** Who signed beside the node that made the audit. */
  readonly counterSigners: readonly string[];
  readonly previous: { readonly id: string; readonly issuedAt: Date; readonly report: AuditReport } | null;
}

export function auditLine({ id, state }: DoneAudit): AuditLine {
  const { outcome, revocation } = state;
  return { id, standing: revocation === null ? outcome.verdict : 'revoked', issuedAt: new Date(outcome.issuedAt) };
}

export function auditView({
  audit,
  model,
  report,
  explanation,
  answers,
  credentialText,
  previous,
}: Omit<PublishedAudit, 'reportText'>): AuditView {
  const { subject, state, plannedAt, labelColumn, where } = audit;
  const { outcome, revocation } = state;
  const { title } = report.data;
  return {
    ...auditLine(audit),
    labelColumn,
    where,
    report,
    reportDigest: outcome.reportDigest,
    modelId: model?.id ?? null,
    subject: model ? `${model.card.name} ${model.card.version}` : subjectOf(subject, report),
    datasetTitle: typeof title === 'string' ? title : audit.datasetId,
    plannedAt,
    validUntil: new Date(outcome.validUntil),
    revocation: revocation && { at: new Date(revocation.at), reason: revocation.reason },
    explanation,
    answers,
    counterSigners: counterSigners(credentialText),
    previous: previous && { ...auditLine(previous.audit), report: previous.report },
  };
}

/** How that is called which no model of this node has decided. */
function subjectOf(subject: Audit['subject'], { model: { name, version } }: AuditReport): string {
  if (subject.kind === 'decisions') return `the decisions in the column “${subject.column}”`;
  return typeof name === 'string' ? `${name} ${String(version ?? '')}`.trim() : 'the decisions of several cities';
}

/** The parties of all proofs but the issuer's; they were verified when the credential was taken in. */
function counterSigners(credentialText: string): readonly string[] {
  const parsed = parseJson(credentialText);
  if (!parsed.ok || !isJsonObject(parsed.value)) return [];
  const { proof, issuer } = parsed.value;
  const signers = (Array.isArray(proof) ? proof : []).map((one: Json) =>
    isJsonObject(one) ? String(one.verificationMethod).replace(/#.*$/, '') : '',
  );
  return signers.filter((signer) => signer !== '' && signer !== issuer);
}
