import { extname, resolve } from 'node:path';
import { type HumanDecisions, maxScored } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type {
  Counting,
  Grouping,
  JointCount,
  SourceFormat,
  SourceProfile,
  TableEngine,
  TableSource,
} from '@hansa/tabular';
import { type Counts, factsOf } from './audit-facts.js';
import type { AuditFile, AuditFileOptions, AuditFileProblem } from './audit-file.js';
import { firstRows } from './first-rows.js';
import { classAgainstRest, positive as positiveCode, readDecision, readLabel, tooManyPredictions } from './outcome.js';
import { type Outcomes, tabulate, tabulateBaseline } from './tabulate.js';

/** More combinations with clusters need too much memory. */
const maxClustered = 2 ** 20;

/** More values are counted, not listed. */
const maxListed = 10;

/**
 * Reads a file of people into confusion tables: no row is kept, and memory does not depend on their number. Rows
 * without a label or decision are in no table but in the facts; a missing attribute is a level of its own.
 *
 * @example
 * const read = await readAuditFile(tables, {
 *   file: 'people.csv', label: 'y', positive: '1', decision: { kind: 'prediction', column: 'yhat' }, protected: ['sex'],
 * });
 */
export async function readAuditFile(
  tables: TableEngine,
  options: AuditFileOptions,
): Promise<Result<AuditFile, AuditFileProblem>> {
  const source = sourceOf(options.file, options.format);
  if (!source.ok) return source;
  const repeated = repeatedColumn(options);
  if (repeated) return repeated;
  const read = await count(tables, source.value, options);
  if (!read.ok) return read;
  const { counts, profile } = read.value;
  const outcomes = await readOutcomes(tables, source.value, options, counts.all);
  if (!outcomes.ok) return outcomes;
  const joint = tabulate(counts.all, outcomes.value);
  if (!joint.ok) return joint;
  const scores = counts.scores && tabulate(counts.scores, outcomes.value);
  if (scores && !scores.ok) return scores;
  const scoreMonths = counts.scoreMonths && tabulate(counts.scoreMonths, outcomes.value);
  if (scoreMonths && !scoreMonths.ok) return scoreMonths;
  const clusters = counts.clusters && tabulate(counts.clusters, outcomes.value);
  if (clusters && !clusters.ok) return clusters;
  const counted = joint.value.cells.reduce((sum, cell) => sum + cell, 0);
  if (counted === 0) {
    const [{ label }, { column }] = [options, options.decision];
    return refuse('audit-file.no-rows', `No row has both a label ("${label}") and a decision ("${column}").`);
  }
  const baseline = await readBaseline(tables, source.value, options, counts, outcomes.value);
  if (!baseline.ok) return baseline;
  const facts = await factsOf(tables, source.value, profile, counts, outcomes.value, counted);
  if (!facts.ok) return facts;
  return ok({
    joint: joint.value,
    ...(clusters && { clusters: clusters.value }),
    ...(scores && { scores: scores.value }),
    ...(scoreMonths && { scoreMonths: scoreMonths.value }),
    ...(baseline.value && { baseline: baseline.value }),
    facts: facts.value,
  });
}

/** The format of a file: as given, else told by the suffix of its name, which may be another than it has here. */
export function sourceOf(
  file: string,
  format: SourceFormat | undefined,
  name: string = file,
): Result<TableSource, AuditFileProblem> {
  const suffixes: Readonly<Record<string, SourceFormat>> = {
    '.csv': 'csv',
    '.tsv': 'csv',
    '.txt': 'csv',
    '.json': 'json',
    '.jsonl': 'json',
    '.ndjson': 'json',
    '.parquet': 'parquet',
    '.geojson': 'geojson',
  };
  const suffix = extname(name).toLowerCase();
  const known = format ?? (Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined);
  if (known) return ok({ file: resolve(file), format: known });
  return refuse(
    'audit-file.unknown-format',
    `The name of a file must end in .csv, .json or .parquet; ${JSON.stringify(suffix)} says nothing.`,
    file,
  );
}

function attributesOf({ protected: own, control = [] }: AuditFileOptions): readonly string[] {
  return [...new Set([...own, ...control])];
}

function repeatedColumn(options: AuditFileOptions): Result<never, AuditFileProblem> | undefined {
  const { label, decision, score, baseline, cluster } = options;
  if (score?.column === label) return repeated(label);
  const outcomes = [
    label,
    decision.column,
    ...(baseline ? [baseline.column] : []),
    ...(cluster === undefined ? [] : [cluster]),
  ];
  const twice = outcomes.find((column, i) => outcomes.indexOf(column) < i);
  const same = twice ?? attributesOf(options).find((attribute) => [...outcomes, score?.column].includes(attribute));
  return same === undefined ? undefined : repeated(same);
}

function repeated(column: string): Result<never, AuditFileProblem> {
  const detail = `The column "${column}" cannot be an outcome and something else; give each its own column.`;
  return refuse('audit-file.repeated-column', detail, column);
}

async function count(
  tables: TableEngine,
  source: TableSource,
  options: AuditFileOptions,
): Promise<Result<{ readonly counts: Counts; readonly profile: SourceProfile }, AuditFileProblem>> {
  const { label, decision, derived, baseline, weight, cluster, time, score } = options;
  const byValue = (column: string): Grouping => ({ column, by: 'value' });
  const outcomes: readonly Grouping[] = [
    byValue(label),
    decision.kind === 'prediction'
      ? byValue(decision.column)
      : { column: decision.column, by: 'cut', points: [decision.threshold] },
  ];
  const attributes = attributesOf(options).map(byValue);
  const weighed = weight === undefined ? {} : { weight };
  const countings: Counting[] = [{ columns: [...outcomes, ...attributes], ...weighed }];
  if (cluster !== undefined)
    countings.push({ columns: [...outcomes, ...attributes, byValue(cluster)], maxCombinations: maxClustered });
  if (time !== undefined) countings.push({ columns: [...outcomes, { column: time, by: 'month' }] });
  if (score) {
    const bins: Grouping =
      score.grid === 'values' ? byValue(score.column) : { column: score.column, by: 'grid', ...score.grid };
    const most = score.grid === 'values' ? { maxCombinations: maxScored } : {};
    countings.push({ columns: [...outcomes, ...options.protected.map(byValue), bins], ...weighed, ...most });
    if (time !== undefined) countings.push({ columns: [...outcomes, { column: time, by: 'month' }, bins], ...most });
  }
  if (baseline) countings.push({ columns: [...outcomes, ...attributes, byValue(baseline.column)] });
  const counted = derived
    ? await countWith(tables, source, countings, derived)
    : await tables.countAndProfile(source, countings);
  if (!counted.ok) {
    const isScore = counted.problem.kind === 'tabular.too-many-combinations' && decision.kind === 'prediction';
    return isScore && counted.problem.at === decision.column
      ? tooManyPredictions(decision.column, 'very many')
      : counted;
  }
  const { profile } = counted.value;
  const [all, ...others] = counted.value.counts;
  if (!all) throw new Error('a counting was not answered');
  const people = baseline && others.pop();
  const clusters = cluster === undefined ? undefined : others.shift();
  const months = time === undefined ? undefined : others.shift();
  const [scores, scoreMonths] = others;
  const counts: Counts = {
    all,
    ...(clusters && { clusters }),
    ...(months && { months }),
    ...(scores && { scores }),
    ...(scoreMonths && { scoreMonths }),
    ...(people && { baseline: people }),
  };
  return ok({ counts, profile });
}

/** Counts with a derived column, while another process looks at the file. */
async function countWith(
  tables: TableEngine,
  source: TableSource,
  countings: readonly Counting[],
  derived: NonNullable<AuditFileOptions['derived']>,
): Promise<Result<{ readonly counts: readonly JointCount[]; readonly profile: SourceProfile }, AuditFileProblem>> {
  const [profile, counts] = await Promise.all([
    tables.profileSource(source),
    tables.countDerived(source, countings, derived),
  ]);
  if (!counts.ok) return counts;
  return profile.ok ? ok({ counts: counts.value, profile: profile.value }) : profile;
}

/** What each value of the label and of the decision means; a refusal lists the values with their first rows. */
async function readOutcomes(
  tables: TableEngine,
  source: TableSource,
  { positive, oneAgainstRest = false, decision }: AuditFileOptions,
  all: JointCount,
): Promise<Result<Outcomes, AuditFileProblem>> {
  const [labels, decisions] = all.columns;
  if (!labels || !decisions) throw new Error('a counting lacks its columns');
  const label = readLabel(labels, positive, oneAgainstRest);
  if (!label.ok) return listValues(tables, source, labels.column, label.problem);
  const read =
    decision.kind === 'threshold'
      ? readDecision(
          decisions,
          ['1'].filter((reached) => decisions.values.includes(reached)),
          positive,
        )
      : readDecision(decisions, decision.positive ?? classAgainstRest(labels, decisions, positive), positive);
  if (!read.ok) return listValues(tables, source, decisions.column, read.problem);
  return ok({ label: label.value, decision: read.value });
}

/** What people decided, counted beside the decisions that are audited. */
async function readBaseline(
  tables: TableEngine,
  source: TableSource,
  { positive, baseline }: AuditFileOptions,
  { baseline: count }: Counts,
  outcomes: Outcomes,
): Promise<Result<HumanDecisions | undefined, AuditFileProblem>> {
  const column = count?.columns.at(-1);
  if (!baseline || !count || !column) return ok(undefined);
  const read = readDecision(column, baseline.positive, positive, 'baseline');
  if (!read.ok) return listValues(tables, source, baseline.column, read.problem);
  const tabulated = tabulateBaseline(count, outcomes, read.value);
  if (!tabulated.ok) return tabulated;
  const values = column.values.filter((_, code) => read.value[code] === positiveCode);
  return ok({ column: baseline.column, positive: values.filter((value) => value !== null), ...tabulated.value });
}

async function listValues(
  tables: TableEngine,
  source: TableSource,
  column: string,
  problem: AuditFileProblem,
): Promise<Result<never, AuditFileProblem>> {
  const rows = await firstRows(tables, source, [column]);
  if (!rows.ok) return rows;
  const values = [...(rows.value.get(column) ?? [])].sort(([, a], [, b]) => a - b);
  const listed = values.slice(0, maxListed).map(([value, row]) => `${JSON.stringify(value)} (first in row ${row})`);
  const more = values.length > maxListed ? ` and ${values.length - maxListed} more` : '';
  return { ok: false, problem: { ...problem, detail: `${problem.detail} Its values: ${listed.join(', ')}${more}.` } };
}
