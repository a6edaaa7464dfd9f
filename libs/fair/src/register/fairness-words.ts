import { comparedBy } from '../plan.js';
import type { AuditReport } from '../report.js';
import { list } from '../words.js';
import type { AuditEvidence } from './register-material.js';

/** `23 November 2026`, without a library for dates: the words are the same on every machine. */
function dayInWords(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** When an audit was made, as `The audit of 23 November 2026`; without a date where none is on record. */
export function auditInWords({ issuedAt, report }: AuditEvidence): string {
  const at = issuedAt ?? report.at;
  return at === undefined ? 'The audit' : `The audit of ${dayInWords(at)}`;
}

/**
 * What an audit found about fairness, for people who do not read audits: the verdict, by what it compared, and the
 * findings that are grave.
 *
 * @example
 * fairnessWords(evidence)[0]; // 'The audit of 23 November 2026 found a gap between groups beyond what was accepted …'
 */
export function fairnessWords(evidence: AuditEvidence): readonly string[] {
  const { report, isRevoked } = evidence;
  const when = auditInWords(evidence);
  if (isRevoked) return [`${when} was revoked: its result no longer counts.`];
  const compared = `by ${list(comparedBy(report.plan).map((name) => name.replaceAll('*', ' and ')))}`;
  const rows = report.data.rows.toLocaleString('en-GB');
  const cases = report.plan.outcome.words?.cases ?? 'cases';
  const sentences: Readonly<Record<AuditReport['verdict']['outcome'], string>> = {
    pass: `${when} looked at ${rows} ${cases}, ${compared}. It found no gap between groups beyond what was accepted before.`,
    fail: `${when} looked at ${rows} ${cases}, ${compared}. It found a gap between groups beyond what was accepted before: groups are not treated alike.`,
    'insufficient-data': `${when} looked at ${rows} ${cases}, ${compared}. The data do not allow to say whether groups are treated alike.`,
  };
  const grave = report.findings.filter(({ severity }) => severity === 'high').map(({ text }) => text);
  return [sentences[report.verdict.outcome], ...grave.slice(0, 5), ...more(grave.length - 5)];
}

function more(number: number): readonly string[] {
  return number > 0 ? [`The report has ${number} more findings that are grave.`] : [];
}
