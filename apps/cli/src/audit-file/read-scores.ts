import {
  type AuditPlan,
  type CountedScores,
  comparedBy,
  equalWidthGrid,
  type JointCounts,
  notStated,
  type ScoreGrid,
  scoresOfJoint,
  valuesGrid,
} from '@hansa/fair';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { TableEngine } from '@hansa/tabular';
import type { AuditFile, AuditFileOptions, AuditFileProblem } from './audit-file.js';
import { readAuditFile } from './read-audit-file.js';

type Asked = NonNullable<AuditPlan['score']>;

/** A file with the grid on which its scores were counted; null for each value that occurs. */
export interface ScoredFile extends AuditFile {
  readonly range: readonly [number, number] | null;
}

const bins = 1000;

/**
 * Reads a file with the scores that a plan asks for: by each value that occurs; within the plan's range, or from 0 to 1
 * where there are very many values, in 1000 bins of one width.
 */
export async function readScored(
  tables: TableEngine,
  options: AuditFileOptions,
  score: Asked | undefined,
): Promise<Result<ScoredFile, AuditFileProblem>> {
  if (!score) return withRange(await readAuditFile(tables, options), null);
  const { column, range } = score;
  const onGrid = async (own: readonly [number, number]) => {
    const [lower, upper] = own;
    return withRange(await readAuditFile(tables, { ...options, score: { column, grid: { lower, upper, bins } } }), own);
  };
  if (range) return onGrid(range);
  const read = await readAuditFile(tables, { ...options, score: { column, grid: 'values' } });
  return !read.ok && read.problem.kind === 'tabular.too-many-combinations' ? onGrid([0, 1]) : withRange(read, null);
}

function withRange(
  read: Result<AuditFile, AuditFileProblem>,
  range: ScoredFile['range'],
): Result<ScoredFile, AuditFileProblem> {
  return read.ok ? ok({ ...read.value, range }) : read;
}

/** The histograms of a plan out of the counts of a file. */
export function countedScores(
  { scores, scoreMonths, range }: Pick<ScoredFile, 'scores' | 'scoreMonths' | 'range'>,
  plan: AuditPlan,
  { column }: Asked,
): Result<CountedScores, Problem> {
  if (!scores) throw new Error('the scores were not counted');
  const grid = gridOf(scores, column, range);
  if (!grid.ok) return grid;
  const question = { score: column, grid: grid.value };
  const histograms: CountedScores['histograms'][number][] = [];
  let withoutScore = 0;
  const crossings = new Map(plan.intersections?.map((names) => [names.join('*'), names]));
  for (const name of comparedBy(plan)) {
    const own = scoresOfJoint(scores, { by: crossings.get(name) ?? [name], ...question });
    if (!own.ok) return hinted(own, range);
    histograms.push(own.value.histogram);
    withoutScore = own.value.withoutScore;
  }
  const month = scoreMonths?.attributes[0]?.attribute;
  if (!scoreMonths || month === undefined) return ok({ histograms, withoutScore });
  const byMonth = scoresOfJoint(scoreMonths, { by: [month], ...question });
  if (!byMonth.ok) return byMonth;
  const { histogram } = byMonth.value;
  const groups = histogram.groups.filter(({ group }) => group !== notStated);
  return ok({ histograms, months: { ...histogram, groups }, withoutScore });
}

function gridOf(scores: JointCounts, column: string, range: ScoredFile['range']): Result<ScoreGrid, Problem> {
  if (range) return equalWidthGrid(range[0], range[1], bins);
  const levels = scores.attributes.at(-1)?.levels.filter((level) => level !== notStated) ?? [];
  const odd = levels.find((level) => level.trim() === '' || !Number.isFinite(Number(level)));
  if (odd !== undefined)
    return refuse(
      'audit-file.score-values',
      `The score "${column}" has the value ${JSON.stringify(odd)}, which is not a number.`,
      column,
    );
  if (levels.length === 0) return refuse('audit-file.score-values', `No row has a score ("${column}").`, column);
  return valuesGrid(levels.map(Number));
}

/** Scores outside the range of the grid have a way out. */
function hinted(
  { problem }: { readonly ok: false; readonly problem: Problem },
  range: ScoredFile['range'],
): Result<never, Problem> {
  const detail = `${problem.detail} Give --score-range with the least and the greatest score, as in -5,5.`;
  return { ok: false, problem: range && problem.kind === 'scores.outside-grid' ? { ...problem, detail } : problem };
}
