import type { Audit } from '../api.js';
import type { Paint } from './paint.js';
import { record, section } from './table.js';
import { time } from './text.js';

/** The verdict of an audit, where there is one. */
export function verdictOf({ verdict }: Audit): string | null {
  if (verdict === undefined || verdict === null) return null;
  return typeof verdict === 'string' ? verdict : verdict.outcome;
}

/** One audit with its reasons, for a person. */
export function auditText(a: Audit, paint: Paint): string {
  const verdict = verdictOf(a);
  const painted = verdict === 'pass' ? paint.good(verdict) : verdict === null ? null : paint.bad(verdict);
  const reasons = (a.reasons ?? []).map((reason) => (typeof reason === 'string' ? reason : reason.text));
  return (
    record([
      ['id', a.id],
      ['status', a.status],
      ['verdict', painted],
      ['model', a.modelId],
      ['dataset', a.datasetId],
      ['report', a.reportDigest],
      ['revoked', a.revokedAt && time(a.revokedAt)],
      ['problem', a.status === 'failed' ? (a.detail ?? 'the log of the node holds the cause') : null],
    ]) +
    section('Reasons', reasons) +
    (a.status === 'done' ? '' : `\nLook again: hansa audit show ${a.id}\n`)
  );
}
