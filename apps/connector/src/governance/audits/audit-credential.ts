import { hansaContextUrl, signWithDataIntegrity, statusMember } from '@hansa/dcp';
import { type AuditReport, reportBytes, reportDigest } from '@hansa/fair';
import { type JsonObject, must } from '@hansa/kernel';
import type { NodeIdentity } from '../../identity/index.js';
import type { AuditOutcome, IssuedReport, PlannedAudit } from './audit.js';
import { auditStatusListUrl } from './audit-status-list.js';

const credentialsContext = 'https://www.w3.org/ns/credentials/v2';
/** Milliseconds for which an audit counts, unless a policy wants a younger one. */
const validity = 365 * 24 * 3600 * 1000;

/**
 * Signs the outcome of an audit as a W3C credential with a Data Integrity proof: it names model, data, plan and report
 * by their digests, so that none of them can be exchanged.
 */
export async function issueAuditCredential(
  identity: NodeIdentity,
  about: {
    readonly audit: PlannedAudit;
    readonly datasetTitle: string;
    readonly report: AuditReport;
    readonly now: Date;
  },
): Promise<{ readonly issued: IssuedReport; readonly outcome: AuditOutcome }> {
  const { audit, report, now } = about;
  const outcome: AuditOutcome = {
    verdict: report.verdict.outcome,
    reasons: report.verdict.reasons,
    rows: report.data.rows,
    reportDigest: reportDigest(report),
    issuedAt: now.toISOString(),
    validUntil: new Date(now.getTime() + validity).toISOString(),
  };
  const page = `${identity.publicUrl}/audits/${encodeURIComponent(audit.id)}`;
  const credential: JsonObject = {
    '@context': [credentialsContext, hansaContextUrl],
    id: `${page}/credential.json`,
    type: ['VerifiableCredential', 'AiAuditReportCredential'],
    issuer: identity.did,
    validFrom: outcome.issuedAt,
    validUntil: outcome.validUntil,
    credentialSubject: {
      id: audit.id,
      type: 'AuditReport',
      ...modelMembers(report),
      datasetName: about.datasetTitle,
      datasetDigest: report.data.digest,
      planDigest: audit.planDigest,
      reportDigest: outcome.reportDigest,
      reportUrl: `${page}/report.json`,
      auditedAt: audit.plannedAt.toISOString(),
      verdict: outcome.verdict,
      finding: report.verdict.reasons.map(finding),
    },
    credentialStatus: statusMember({
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: audit.statusIndex,
      statusListCredential: auditStatusListUrl(identity),
    }),
  };
  const signed = must(await signWithDataIntegrity(credential, { signer: identity.report, now }));
  return {
    issued: { report: new TextDecoder().decode(reportBytes(report)), credential: JSON.stringify(signed) },
    outcome,
  };
}

/** Nothing when the decisions of a column were audited. */
function modelMembers({ model: { digest, name, version, intendedUse } }: AuditReport): JsonObject {
  if (typeof name !== 'string' || typeof version !== 'string' || typeof intendedUse !== 'string') return {};
  return { modelName: name, modelVersion: version, modelDigest: digest, intendedUse };
}

function finding(reason: AuditOutcome['reasons'][number]): JsonObject {
  const { metric, attribute, outcome } = reason;
  const head = { type: 'AuditFinding', metric, attribute, outcome };
  if (reason.outcome === 'insufficient-data') return head;
  const { value, interval } = reason;
  return { ...head, value, lowerBound: interval.lower, upperBound: interval.upper };
}
