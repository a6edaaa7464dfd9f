import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { addJoint, jointCounts } from '../counting/joint-algebra.js';
import type { JointAttribute, JointCounts } from '../counting/joint-counts.js';
import { notStated } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import {
  cellsIn,
  countedScores,
  maxScored,
  type ScoreTable,
  type ScoreTableProblem,
  scoredBy,
} from '../scores/score-table.js';
import { combinationsIn, type OpenCombinations, openCombinations } from './open-cells.js';

/** Rows by the groups that a plan compares and, as the last column, by score, as a document holds them. */
export interface JointScoreTable extends OpenCombinations {
  /** The range that is divided into 1000 bins; null if the levels are the scores themselves. */
  readonly range: readonly [lower: number, upper: number] | null;
  /** Scores, or the numbers of bins: those that occur, sorted. */
  readonly levels: readonly string[];
}

export type ScoreTablesProblem =
  | ScoreTableProblem
  | Problem<'audit-counts.mixed-scores' | 'audit-counts.not-canonical' | 'merge.other-scores'>;

/** Counts of scores in the form of a document: weights play no part in them, and a number is written in one way. */
export function scoreTableOf(
  { joint, range }: ScoreTable,
  plan: AuditPlan,
): Result<JointScoreTable, ScoreTablesProblem> {
  const valid = countedScores({ joint, range }, plan);
  if (!valid.ok) return valid;
  const written = plain(joint);
  return ok({ range, levels: written.attributes.at(-1)?.levels ?? [], ...openCombinations(written) });
}

/** The counts of scores in a document. Whether they are in the one form that they have is for the caller to check. */
export function readScoreTable(
  { range, levels, codes, cells }: JointScoreTable,
  columns: readonly JointAttribute[],
  plan: AuditPlan,
): Result<ScoreTable, ScoreTablesProblem> {
  const by = scoredBy(plan).flatMap((name) => columns.filter(({ attribute }) => attribute === name));
  const widths = [...by.map((own) => own.levels.length), levels.length];
  const wrong =
    codes.length !== cells.length ||
    codes.some((own) => own.length !== widths.length || own.some((code, k) => code >= (widths[k] ?? 0)));
  if (wrong)
    return refuse('audit-counts.not-canonical', 'A score must have one code for each column.', '/counts/scores/codes');
  const joint = jointCounts({
    attributes: [
      ...by.map(({ attribute, levels: values }) => ({ attribute, values })),
      { attribute: plan.score?.column ?? '', values: levels },
    ],
    ...combinationsIn({ codes, cells }),
  });
  return joint.ok ? ok({ joint: joint.value, range }) : joint;
}

/** The scores of several places as those of one. */
export function addScoreTables(tables: readonly ScoreTable[]): Result<ScoreTable, ScoreTablesProblem> {
  const ranges = new Set(tables.map(({ range }) => JSON.stringify(range)));
  const joint = addJoint(tables.map((table) => table.joint));
  if (!joint.ok) return joint;
  const range = tables[0]?.range ?? null;
  // One file with all rows would have been counted in bins, and the parts were not.
  if (ranges.size > 1 || (range === null && cellsIn(joint.value) > maxScored))
    return refuse(
      'merge.other-scores',
      'There are too many different scores to count each by itself, in one city or in all together. Give the plan a range of scores, so that all count in the same bins.',
      'plan.score.range',
    );
  return ok({ joint: joint.value, range });
}

/** The same counts without weights, numbers written in the way of JSON. */
function plain({ attributes, codes, cells }: JointCounts): JointCounts {
  const last = attributes.length - 1;
  const written = attributes.map((own, k) =>
    k < last ? own : { ...own, levels: own.levels.map((level) => (level === notStated ? level : `${Number(level)}`)) },
  );
  const joint = addJoint([{ attributes: written, codes, cells }]);
  if (!joint.ok) throw new Error(joint.problem.detail);
  return joint.value;
}
