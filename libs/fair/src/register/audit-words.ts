import type { AuditReport } from '../report.js';
import { list, number, percent } from '../words.js';
import { type AuditEvidence, type ModelFacts, newestAudit } from './register-material.js';

/** What the newest audit that counts says in the documents of the AI Act. Null where it has nothing about that. */
type Words = string | null;

/** How well scores rank cases, and how the same rows fare when people decide. */
export function accuracyWords({ scores, humanBaseline: people }: AuditReport): readonly Words[] {
  const auc = scores?.everybody.auc;
  const brier = scores?.everybody.calibration.brier.brier;
  const measured = [
    ...(auc?.state === 'value' ? [`area under the ROC curve ${number(auc.value)}${between(auc.interval)}`] : []),
    ...(brier?.state === 'value' ? [`Brier score ${number(brier.value)}`] : []),
  ];
  const everybody = people?.slices.find(({ attributes }) => Object.keys(attributes).length === 0);
  const [own, theirs] = [everybody?.model.rates.accuracy, everybody?.people.rates.accuracy];
  return [
    measured.length === 0 ? null : `The scores “${scores?.column}”: ${list(measured)}.`,
    people && own?.state === 'value' && theirs?.state === 'value'
      ? `On the ${people.rows} rows that people (“${people.column}”) decided as well, the system is right for ${percent(own.value)} and they for ${percent(theirs.value)}.`
      : null,
  ];
}

function between(interval: { readonly lower: number; readonly upper: number; readonly level: number } | undefined) {
  if (interval === undefined) return '';
  const { lower, upper, level } = interval;
  return ` (between ${number(lower)} and ${number(upper)} with ${percent(level)} confidence)`;
}

/**
 * Where an audit has measured how firm its figures are: other thresholds, other months, chance, and defects of the data
 * that robustness depends on. It says nothing of errors in the input or of attacks, and says so.
 */
export function robustnessWords({ scores, drawn, findings }: AuditReport): Words {
  const about = /#(LabelDrift|TrainingLeakage|DuplicateRows|OutlyingPlace|HeterogeneousPlaces)$/;
  const parts = [
    ...(scores?.attributes.flatMap(thresholdWords) ?? []),
    ...(scores?.months ? monthWords(scores.months) : []),
    ...(drawn
      ? [`What chance makes of the planned gaps was drawn ${drawn.replicates} times (${drawn.generator}).`]
      : []),
    ...findings.filter(({ type }) => about.test(type)).map(({ text }) => text),
  ];
  return parts.length === 0
    ? null
    : ['As measured in the newest audit; errors in the input, faults and attacks were not tried there.', ...parts].join(
        '\n\n',
      );
}

type Scores = NonNullable<AuditReport['scores']>;

function thresholdWords({ attribute, sweep }: Scores['attributes'][number]): readonly string[] {
  const gaps = sweep.flatMap(({ threshold, selectionRate: gap }) =>
    gap.state === 'value' ? [{ threshold, difference: gap.difference }] : [],
  );
  const [first] = gaps;
  if (!first) return [];
  const widest = gaps.reduce((most, next) => (next.difference > most.difference ? next : most), first);
  return [
    `By ${attribute}, at ${gaps.length} thresholds, the gap in positive decisions is widest at ${number(widest.threshold)}: ${points(widest.difference)} percentage points.`,
  ];
}

function monthWords(months: NonNullable<Scores['months']>): readonly string[] {
  const told = months.flatMap(({ month, distances: { populationStability: own } }) =>
    own.state === 'value' ? [{ month, value: own.value }] : [],
  );
  const [first] = told;
  if (!first) return [];
  const most = told.reduce((best, next) => (next.value > best.value ? next : best), first);
  return [
    `The scores of ${told.length === 1 ? 'one month' : `${told.length} months`} were held against those of all months before; they shift most in ${most.month} (population stability index ${number(most.value)}).`,
  ];
}

const points = (difference: number): string => String(Number((difference * 100).toFixed(1)));

/** The groups that were compared, with the people in each: `sex: Female (1395), Male (5819)`. */
export function groupWords({ plan, slices }: AuditReport): Words {
  const lines = plan.attributes.map((attribute) => {
    const own = slices.filter((slice) => attribute in slice.attributes && Object.keys(slice.attributes).length === 1);
    const groups = own.map(({ attributes, counts: { n } }) => `${attributes[attribute]} (${n ?? 'withheld'})`);
    return `${attribute}: ${list(groups, mostGroups)}`;
  });
  return lines.join('\n\n');
}

/** More of them nobody reads in a document; the report has all. */
const mostGroups = 30;

/** To whom a decision is good or bad, from which harm to groups follows. */
export function outcomeWords({ plan: { outcome } }: AuditReport): Words {
  return outcome.polarity === 'burden'
    ? `“${outcome.positive}” is a burden for those concerned: groups that get it too often are harmed.`
    : `“${outcome.positive}” is good for those concerned: groups that get it too rarely are harmed.`;
}

/** How findings are answered, where the plan of the audit says so. */
export function answerWords({ plan: { responses } }: AuditReport): Words {
  if (!responses) return null;
  const terms = Object.entries(responses.days).flatMap(([severity, days]) =>
    days === undefined ? [] : [`${severity}: ${days} days`],
  );
  const within = terms.length === 0 ? '' : `, within a term by severity (${terms.join('; ')})`;
  return `${responses.owner} answers for findings of audits${within}.`;
}

/** What tests against metrics fixed beforehand found, and who answers for it. */
export function riskWords(audits: readonly AuditEvidence[]): readonly Words[] {
  const newest = newestAudit(audits);
  if (!newest) return [];
  const { findings, verdict } = newest.report;
  const graded = (['high', 'medium', 'low'] as const).map(
    (severity) => `${findings.filter((finding) => finding.severity === severity).length} ${severity}`,
  );
  return [
    `The newest audit: ${verdict.outcome}. Its findings by severity: ${list(graded)}.`,
    answerWords(newest.report),
  ];
}

/** Which versions were audited, oldest first, where there is more than one. */
export function changeWords(audits: readonly AuditEvidence[]): Words {
  const versions = new Map(
    [...audits].reverse().map(({ report: { model }, issuedAt }) => {
      const name = [model.name, model.version].filter((part) => typeof part === 'string').join(' ');
      return [model.digest, `${name === '' ? 'A model' : name} (${model.digest})${issuedOn(issuedAt)}`] as const;
    }),
  );
  return versions.size < 2 ? null : `Versions that were audited: ${[...versions.values()].join('; ')}.`;
}

const issuedOn = (at: string | null): string => (at === null ? '' : `, last on ${at.slice(0, 10)}`);

/** What goes into each model and what comes out, by name. */
export function inputWords(models: readonly ModelFacts[]): Words {
  const told = models.flatMap(({ name, version, inputs, outputs }) =>
    inputs.length === 0 ? [] : [`${name} ${version} takes ${list(inputs, mostGroups)}, and gives ${list(outputs)}.`],
  );
  return told.length === 0 ? null : told.join('\n\n');
}

/** What the cards say about where models come from. */
export function originWords(models: readonly ModelFacts[]): Words {
  const told = models.map(({ name, version, description, owners, licence }) => {
    const parts = [
      description,
      owners.length === 0 ? null : `Owners: ${list(owners)}.`,
      licence === null ? null : `Licence: ${licence}.`,
    ];
    return { of: `${name} ${version}`, parts: parts.filter((part) => part !== null) };
  });
  const lines = told.flatMap(({ of, parts }) => (parts.length === 0 ? [] : [`By its card, ${of}: ${parts.join(' ')}`]));
  return lines.length === 0 ? null : lines.join('\n\n');
}

/** What helps people who decide to understand and to overrule an answer, as far as the audit shows. */
export function explanationWords({ explanation, humanBaseline: people }: AuditReport): readonly Words[] {
  return [
    explanation === undefined
      ? null
      : 'The report of the newest audit explains one decision by what each input contributed.',
    people ? `Decisions of people (“${people.column}”) were held against those of the system on the same rows.` : null,
  ];
}
