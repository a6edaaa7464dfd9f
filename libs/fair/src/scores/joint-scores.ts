import { ok, type Result, refuse } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import { groupsOf, type JointCounts, type JointGroup, type JointProblem } from '../counting/joint-counts.js';
import { addSquare, addValue, carry, limbsOf, toUnits, unitsPerOne } from '../fixed-point.js';
import { notStated } from '../partition.js';
import { binsIn, positionsOf, type ScoreGrid } from './score-grid.js';
import {
  boundOf,
  type GroupScores,
  type LabelScores,
  type ScoreHistogram,
  type ScoreProblem,
} from './score-histogram.js';

/** The scores of groups, out of joint counts that have the score as one of their attributes. */
export interface JointScores {
  readonly histogram: ScoreHistogram;
  /** Rows without a score; they are in no bin. */
  readonly withoutScore: number;
}

/** Which attributes make the groups, which one is the score, and what its levels are. */
export interface ScoreQuestion {
  /** Several are crossed. */
  readonly by: readonly string[];
  readonly score: string;
  /** `values`: the levels are the scores. `edges`: they are the numbers of bins, `0`, `1`, …. */
  readonly grid: ScoreGrid;
}

/**
 * The score histogram of joint counts. In bins wider than one value each row counts as the middle of its bin, since
 * counts hold no more; the bin's width bounds what that changes.
 *
 * @returns refuses a level that is no bin of the grid.
 * @example
 * scoresOfJoint(joint, { by: ['race'], score: 'decile_score', grid }).value.histogram.groups[0].group; // 'African-American'
 */
export function scoresOfJoint(
  joint: JointCounts,
  { by, score, grid }: ScoreQuestion,
): Result<JointScores, JointProblem | ScoreProblem> {
  const table = marginal(joint, [...by, score]);
  if (!table.ok) return table;
  const bins = binsByLevel(grid);
  const groups = new Map<string, JointGroup[]>();
  let withoutScore = 0;
  for (const own of groupsOf(table.value)) {
    const level = own.levels.at(-1) ?? notStated;
    if (level === notStated) withoutScore += own.counts.n;
    else if (!bins.has(Number(level))) return outside(level, score, own.counts.n, grid);
    else {
      const name = own.levels.slice(0, -1).join(', ');
      const rows = groups.get(name);
      if (rows) rows.push(own);
      else groups.set(name, [own]);
    }
  }
  return ok({
    histogram: {
      attribute: by.join('*'),
      grid,
      groups: [...groups].map(([group, rows]) => groupScores(group, rows, bins, grid)),
    },
    withoutScore,
  });
}

/** The bin of each level; numbers may be written in several ways. */
function binsByLevel(grid: ScoreGrid): ReadonlyMap<number, number> {
  const levels = grid.kind === 'values' ? Array.from(grid.values) : Array.from({ length: binsIn(grid) }, (_, i) => i);
  return new Map(levels.map((level, bin) => [level, bin]));
}

function groupScores(
  group: string,
  rows: readonly JointGroup[],
  bins: ReadonlyMap<number, number>,
  grid: ScoreGrid,
): GroupScores {
  const [negatives, positives] = [new Float64Array(binsIn(grid)), new Float64Array(binsIn(grid))];
  for (const { levels, counts } of rows) {
    const bin = bins.get(Number(levels.at(-1))) ?? 0;
    negatives[bin] = (negatives[bin] ?? 0) + counts.tn + counts.fp;
    positives[bin] = (positives[bin] ?? 0) + counts.fn + counts.tp;
  }
  return { group, negative: labelScores(negatives, grid), positive: labelScores(positives, grid) };
}

/** Every row of a bin at the bin's position. */
export function labelScores(counts: Float64Array, grid: ScoreGrid): LabelScores {
  const positions = positionsOf(grid);
  const perOne = unitsPerOne(boundOf(grid));
  const sums = new Float64Array(counts.length * limbsOf.values);
  const squares = new Float64Array(limbsOf.squares);
  let n = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const rows = counts[bin] ?? 0;
    if (rows === 0) continue;
    n += rows;
    const units = toUnits(positions[bin] ?? 0, perOne);
    const [value, square] = [new Float64Array(limbsOf.values), new Float64Array(limbsOf.squares)];
    addValue(value, 0, units);
    addSquare(square, 0, units);
    // Limbs of 24 bits times fewer than 2^29 rows are exact.
    for (const [i, part] of carry(value, limbsOf.values).entries()) sums[bin * limbsOf.values + i] = part * rows;
    for (const [i, part] of carry(square, limbsOf.squares).entries()) squares[i] = (squares[i] ?? 0) + part * rows;
    carry(squares, limbsOf.squares);
  }
  return { n, counts, sums: carry(sums, limbsOf.values), squares };
}

function outside(level: string, score: string, rows: number, grid: ScoreGrid): Result<never, ScoreProblem> {
  const side = grid.kind === 'edges' && level.startsWith('-') ? 'below' : 'above';
  const points = grid.kind === 'edges' ? grid.edges : grid.values;
  const detail =
    grid.kind === 'edges'
      ? `${rows} rows have a score "${score}" ${side} the range from ${points[0]} to ${points.at(-1)}.`
      : `${rows} rows have the score ${JSON.stringify(level)} in "${score}", which is not a number of the grid.`;
  return refuse('scores.outside-grid', detail, score);
}
