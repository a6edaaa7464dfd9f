import { isJsonObject, type Json } from '@hansa/kernel';
import type { Rate } from '../rates.js';
import type { AuditReport } from '../report.js';
import { list, percent } from '../words.js';
import type { AtsFieldName, AtsValues } from './ats-fields.js';
import { auditInWords, fairnessWords } from './fairness-words.js';
import { type AuditEvidence, type ModelFacts, newestAudit, type RegisterMaterial } from './register-material.js';

/** The fields that audits can tell about. */
type FilledField = Extract<
  AtsFieldName,
  'risks' | 'documentation' | 'training_data' | 'data_bias' | 'performance' | 'monitoring' | 'revision_date'
>;

/**
 * What the audits and models say in fields that the editor left open. What the editor wrote always stands. A revoked
 * audit fills nothing but the risks, where it must be told.
 *
 * @example
 * fillFromAudits(material).documentation; // 'https://data.berlin.example/audits/…/credential.json'
 */
export function fillFromAudits({ entry, audits, models }: RegisterMaterial): AtsValues {
  const newest = newestAudit(audits);
  const [last] = audits;
  const filled: Readonly<Partial<Record<FilledField, string | null>>> = {
    risks: last === undefined ? null : risks(last, newest),
    ...(newest && {
      documentation: newest.credential,
      training_data: trainingData(newest, models),
      data_bias: dataBias(newest.report),
      performance: performance(newest),
      monitoring: monitoring(audits, newest),
      revision_date: newest.validUntil?.slice(0, 10) ?? null,
    }),
  };
  const open = Object.entries(filled).filter(([name, value]) => value !== null && !(name in entry));
  return Object.fromEntries(open);
}

/** An entry with what audits fill in; what the editor wrote first. */
export function filledEntry(material: RegisterMaterial): AtsValues {
  return { ...fillFromAudits(material), ...material.entry };
}

function risks(last: AuditEvidence, newest: AuditEvidence | undefined): string {
  const told = newest === undefined || newest === last ? [last] : [last, newest];
  return told.flatMap(fairnessWords).join('\n\n');
}

function trainingData({ report }: AuditEvidence, models: readonly ModelFacts[]): string {
  const cards = models.flatMap(({ name, version, trainingData: data }) =>
    data === null ? [] : [`${name} ${version}: ${dataInWords(data)}`],
  );
  const { rows, title, digest } = report.data;
  const what = typeof title === 'string' ? `“${title}”` : 'a dataset without a title';
  const audited = `Audited on ${what}, ${rows} rows (${digest}).`;
  return [...(cards.length > 0 ? cards : ['No model card says what it was trained on.']), audited].join('\n\n');
}

/** A member of a model card as text; `{"rows":2098,"file":"a.csv"}` as `rows: 2098, file: a.csv`. */
function dataInWords(data: Json): string {
  if (isJsonObject(data))
    return Object.entries(data)
      .flatMap(([name, value]) => (value === null || value === undefined ? [] : [`${name}: ${dataInWords(value)}`]))
      .join(', ');
  return Array.isArray(data) ? data.map(dataInWords).join('; ') : String(data);
}

/** The findings about the data; that an audit noticed none is worth telling, too. */
function dataBias({ findings }: AuditReport): string {
  const about = findings.filter(({ type }) => !type.endsWith('#AIBias')).map(({ text }) => text);
  return about.length === 0 ? 'The newest audit noticed nothing about the data.' : about.join('\n\n');
}

function performance(evidence: AuditEvidence): string {
  const { slices } = evidence.report;
  const everybody = slices.find(({ attributes }) => Object.keys(attributes).length === 0);
  const { accuracy, truePositiveRate, falsePositiveRate } = everybody?.rates ?? {};
  const parts = [
    rateInWords('right answers', accuracy),
    rateInWords('found of what is truly positive', truePositiveRate),
    rateInWords('false alarms among what is truly negative', falsePositiveRate),
  ];
  return `${auditInWords(evidence)}: ${parts.join('; ')}.`;
}

function rateInWords(what: string, rate: Rate | undefined): string {
  if (rate === undefined || rate.state !== 'value') return `${what}: no figure (${rate?.reason ?? 'not counted'})`;
  const { value, k, n, interval } = rate;
  const [lower, upper] = [interval.lower, interval.upper].map(percent);
  return `${what}: ${percent(value)} (${k} of ${n}; between ${lower} and ${upper} with ${percent(interval.level)} confidence)`;
}

function monitoring(audits: readonly AuditEvidence[], newest: AuditEvidence): string {
  const revoked = audits.filter(({ isRevoked }) => isRevoked).length;
  const until = newest.validUntil === null ? '' : ` The newest counts until ${newest.validUntil.slice(0, 10)}.`;
  const metrics = list(newest.report.plan.metrics.map(({ metric, margin }) => `${metric} (margin ${margin})`));
  const taken = revoked === 0 ? '' : ` ${revoked} of them ${revoked === 1 ? 'was' : 'were'} revoked.`;
  return `Audited ${audits.length === 1 ? 'once' : `${audits.length} times`} under a plan that was fixed before: ${metrics}.${taken}${until}`;
}
