import { ok, type Result, refuse } from '@hansa/kernel';
import type { CodedAttribute } from '../counting/coded-attribute.js';
import { countJoint } from '../counting/count-joint.js';
import type { JointCounts, JointProblem } from '../counting/joint-counts.js';
import type { JointRows } from '../counting/joint-rows.js';
import { notStated } from '../partition.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import { scoresOfJoint } from './joint-scores.js';
import { binsOf, equalWidthGrid, type GridProblem, rangeOf, type ScoreGrid, valuesGrid } from './score-grid.js';
import type { ScoreProblem } from './score-histogram.js';
import type { CountedScores } from './score-part.js';

/** Rows by the groups of a plan, label, decision and score: what its part on scores needs. */
export interface ScoreTable {
  /** The score is the last attribute, after those of {@link scoredBy}. */
  readonly joint: JointCounts;
  /** The range that is divided into {@link scoreBins} bins, whose numbers the levels are; null if they are the scores. */
  readonly range: readonly [lower: number, upper: number] | null;
}

export type ScoreTableProblem = JointProblem | ScoreProblem | GridProblem;

/** Bins of one width into which a range of scores is divided. */
export const scoreBins = 1000;

/** With more combinations of group, outcome and score, scores are counted in bins and not each by itself. */
export const maxScored = 65_536;

/** Where scores are counted in bins and the plan names no range. */
export const defaultRange = [0, 1] as const;

/** The columns by which a plan's scores are counted: those whose groups it compares. */
export function scoredBy({ attributes, intersections = [] }: AuditPlan): readonly string[] {
  return [...new Set([...attributes, ...intersections.flat()])];
}

/**
 * Counts the scores of rows under a plan: within its range in bins of one width; without a range each value by itself,
 * or within 0 and 1 where those are very many. The same rule as for files.
 *
 * @param scores one for each row; NaN for none
 * @returns refuses scores outside the range
 */
export function tabulateScores(
  rows: JointRows,
  scores: Float64Array,
  plan: AuditPlan,
): Result<ScoreTable, ScoreTableProblem> {
  const { label, decision } = rows;
  const groups = rows.attributes.filter(({ attribute }) => scoredBy(plan).includes(attribute));
  const name = plan.score?.column ?? '';
  const counted = (own: CodedAttribute) => countJoint({ label, decision, attributes: [...groups, own] });
  if (plan.score?.range === undefined) {
    const values = codedValues(name, scores);
    const joint = values && counted(values);
    if (joint && !joint.ok) return joint;
    if (joint && cellsIn(joint.value) <= maxScored) return ok({ joint: joint.value, range: null });
  }
  const range = plan.score?.range ?? defaultRange;
  const grid = equalWidthGrid(range[0], range[1], scoreBins);
  if (!grid.ok) return grid;
  const bins = codedBins(name, scores, grid.value);
  if (!bins.ok) return bins;
  const joint = counted(bins.value);
  return joint.ok ? ok({ joint: joint.value, range }) : joint;
}

/**
 * The histograms of a plan out of counts of scores.
 *
 * @param months the same by months, in place of groups
 */
export function countedScores(
  { joint, range }: ScoreTable,
  plan: AuditPlan,
  months?: JointCounts,
): Result<CountedScores, ScoreTableProblem> {
  const score = joint.attributes.at(-1)?.attribute ?? '';
  const grid = gridOf(joint, score, range);
  if (!grid.ok) return grid;
  const question = { score, grid: grid.value };
  const histograms: CountedScores['histograms'][number][] = [];
  let withoutScore = 0;
  const crossings = new Map(plan.intersections?.map((names) => [names.join('*'), names]));
  for (const name of comparedBy(plan)) {
    const own = scoresOfJoint(joint, { by: crossings.get(name) ?? [name], ...question });
    if (!own.ok) return own;
    histograms.push(own.value.histogram);
    withoutScore = own.value.withoutScore;
  }
  const month = months?.attributes[0]?.attribute;
  if (!months || month === undefined) return ok({ histograms, withoutScore });
  const byMonth = scoresOfJoint(months, { by: [month], ...question });
  if (!byMonth.ok) return byMonth;
  const { histogram } = byMonth.value;
  const groups = histogram.groups.filter(({ group }) => group !== notStated);
  return ok({ histograms, months: { ...histogram, groups }, withoutScore });
}

function gridOf(
  joint: JointCounts,
  score: string,
  range: ScoreTable['range'],
): Result<ScoreGrid, ScoreProblem | GridProblem> {
  if (range) return equalWidthGrid(range[0], range[1], scoreBins);
  const levels = joint.attributes.at(-1)?.levels.filter((level) => level !== notStated) ?? [];
  const odd = levels.find((level) => level.trim() === '' || !Number.isFinite(Number(level)));
  if (odd !== undefined)
    return refuse(
      'scores.not-a-number',
      `The score "${score}" has the value ${JSON.stringify(odd)}, which is not a number.`,
      score,
    );
  if (levels.length === 0) return refuse('scores.not-a-number', `No row has a score ("${score}").`, score);
  return valuesGrid(levels.map(Number));
}

/** How many combinations of groups, outcome and score occur. */
export function cellsIn({ cells }: JointCounts): number {
  return cells.reduce((count, rows) => count + (rows > 0 ? 1 : 0), 0);
}

/** Each value as a level; null where they are too many. */
function codedValues(attribute: string, scores: Float64Array): CodedAttribute | null {
  const known = new Map<number, number>();
  const codes = new Uint32Array(scores.length);
  for (let row = 0; row < codes.length; row++) {
    // 0 and -0 are one value.
    const score = (scores[row] ?? Number.NaN) + 0;
    let code = known.get(score);
    if (code === undefined) {
      if (known.size > maxScored) return null;
      code = known.size;
      known.set(score, code);
    }
    codes[row] = code;
  }
  return { attribute, levels: [...known.keys()].map((score) => (Number.isNaN(score) ? notStated : `${score}`)), codes };
}

/** Each bin as a level: `-1` for what lies below, the number of bins for what lies above. */
function codedBins(
  attribute: string,
  scores: Float64Array,
  grid: ScoreGrid,
): Result<CodedAttribute, ScoreTableProblem> {
  const { lower, upper } = rangeOf(grid);
  const inside = binsOf(
    scores.map((score) => Math.min(Math.max(Number.isNaN(score) ? lower : score, lower), upper)),
    grid,
  );
  if (!inside.ok) return inside;
  const bins = inside.value;
  const levels = [notStated, ...Array.from({ length: scoreBins + 2 }, (_, i) => `${i - 1}`)];
  const binOf = (score: number, row: number) => (score < lower ? -1 : score > upper ? scoreBins : (bins[row] ?? 0));
  const codes = new Uint32Array(scores.length);
  for (const [row, score] of scores.entries()) codes[row] = Number.isNaN(score) ? 0 : binOf(score, row) + 2;
  return ok({ attribute, levels, codes });
}
