import { type AuditPlan, scoreBins as bins, type CountedScores, countedScores, defaultRange } from '@hansa/fair';
import { ok, type Problem, type Result } from '@hansa/kernel';
import type { TableEngine } from '@hansa/tabular';
import type { AuditFile, AuditFileOptions, AuditFileProblem } from './audit-file.js';
import { readAuditFile } from './read-audit-file.js';

type Asked = NonNullable<AuditPlan['score']>;

/** A file with the grid on which its scores were counted; null for each value that occurs. */
export interface ScoredFile extends AuditFile {
  readonly range: readonly [number, number] | null;
}

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
  return !read.ok && read.problem.kind === 'tabular.too-many-combinations'
    ? onGrid(defaultRange)
    : withRange(read, null);
}

function withRange(
  read: Result<AuditFile, AuditFileProblem>,
  range: ScoredFile['range'],
): Result<ScoredFile, AuditFileProblem> {
  return read.ok ? ok({ ...read.value, range }) : read;
}

/** The histograms of a plan out of the counts of a file. */
export function fileScores(
  { scores, scoreMonths, range }: Pick<ScoredFile, 'scores' | 'scoreMonths' | 'range'>,
  plan: AuditPlan,
): Result<CountedScores, Problem> {
  if (!scores) throw new Error('the scores were not counted');
  const counted = countedScores({ joint: scores, range }, plan, scoreMonths);
  return counted.ok ? counted : hinted(counted, range);
}

/** Scores outside the range of the grid have a way out. */
function hinted(
  { problem }: { readonly ok: false; readonly problem: Problem },
  range: ScoredFile['range'],
): Result<never, Problem> {
  const detail = `${problem.detail} Give --score-range with the least and the greatest score, as in -5,5.`;
  return { ok: false, problem: range && problem.kind === 'scores.outside-grid' ? { ...problem, detail } : problem };
}
