import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { largestAgreed } from '../fixed-point.js';

/**
 * Where scores are counted, agreed in advance by all who will add their counts.
 *
 * `edges`: bin i holds the scores from edge i up to, but not including, edge i + 1; the last bin includes its upper edge
 * (numpy.histogram's rule, and the rule of a threshold: at or above it is positive). `values`: bin i holds the scores
 * equal to value i, so that nothing is lost by counting.
 */
export type ScoreGrid =
  | { readonly kind: 'edges'; readonly edges: Float64Array; readonly equalWidth: boolean }
  | { readonly kind: 'values'; readonly values: Float64Array };

export type GridProblem = Problem<'scores.grid'>;
export type BinProblem = Problem<'scores.not-a-number' | 'scores.outside-grid'>;

/**
 * Bins of equal width.
 *
 * @example
 * equalWidthGrid(0, 1, 1000); // edges 0, 0.001, …, 1
 */
export function equalWidthGrid(lower: number, upper: number, bins: number): Result<ScoreGrid, GridProblem> {
  if (!Number.isInteger(bins) || bins < 1)
    return refuse('scores.grid', `A grid needs a whole number of bins, not ${bins}.`);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => lower + ((upper - lower) * i) / bins);
  edges[bins] = upper;
  const problem = ascending(edges, 'edge');
  return problem ? { ok: false, problem } : ok({ kind: 'edges', edges, equalWidth: true });
}

/** Bins between given edges, at least two, rising. */
export function edgesGrid(edges: ArrayLike<number>): Result<ScoreGrid, GridProblem> {
  const own = Float64Array.from(edges);
  if (own.length < 2) return refuse('scores.grid', `A grid needs at least two edges, not ${own.length}.`);
  const problem = ascending(own, 'edge');
  return problem ? { ok: false, problem } : ok({ kind: 'edges', edges: own, equalWidth: false });
}

/**
 * One bin for each distinct value of the given columns, for instance the float32 answers of a model. Cities agree on the
 * union of their values.
 *
 * @example
 * valuesGrid(Float32Array.of(0.5, 0.25, 0.5)); // values 0.25, 0.5
 */
export function valuesGrid(...columns: readonly ArrayLike<number>[]): Result<ScoreGrid, GridProblem> {
  const distinct = new Set<number>();
  for (const column of columns) for (let row = 0; row < column.length; row++) distinct.add((column[row] ?? 0) + 0);
  if (distinct.size === 0) return refuse('scores.grid', 'A grid needs at least one value.');
  const values = Float64Array.from(distinct).sort();
  const problem = ascending(values, 'value');
  return problem ? { ok: false, problem } : ok({ kind: 'values', values });
}

/** How many bins a grid has. */
export function binsIn(grid: ScoreGrid): number {
  return grid.kind === 'values' ? grid.values.length : grid.edges.length - 1;
}

/** The least and the greatest score that a grid holds. */
export function rangeOf(grid: ScoreGrid): { readonly lower: number; readonly upper: number } {
  const points = grid.kind === 'values' ? grid.values : grid.edges;
  return { lower: points[0] ?? 0, upper: points[points.length - 1] ?? 0 };
}

/** Whether two grids have the same bins, so that their counts can be added. */
export function sameGrid(a: ScoreGrid, b: ScoreGrid): boolean {
  if (a.kind !== b.kind) return false;
  const [mine, theirs] = [pointsOf(a), pointsOf(b)];
  return mine.length === theirs.length && mine.every((point, i) => point === theirs[i]);
}

/** The lowest score of each bin: what a threshold between two bins is. */
export function thresholdsOf(grid: ScoreGrid): Float64Array {
  return grid.kind === 'values' ? grid.values : grid.edges.subarray(0, -1);
}

/** Where a threshold falls on a grid. */
export interface Cut {
  /** The first bin at or above the threshold; the number of bins if there is none. */
  readonly from: number;
  /** The lowest score of that bin; null if there is none. */
  readonly threshold: number | null;
  /** The bin that the threshold goes through, whose rows could lie on either side; null if it goes through none. */
  readonly through: number | null;
}

/** The cut of a grid that is next above a threshold, or at it. */
export function cutAt(grid: ScoreGrid, threshold: number): Cut {
  const thresholds = thresholdsOf(grid);
  const first = thresholds.findIndex((lowest) => lowest >= threshold);
  const from = first < 0 ? thresholds.length : first;
  const exact =
    grid.kind === 'values' || thresholds[from] === threshold || from === 0 || threshold > rangeOf(grid).upper;
  return { from, threshold: thresholds[from] ?? null, through: exact ? null : from - 1 };
}

/** Where each bin lies, when it must be one number: its value, or the middle between its edges. */
export function positionsOf(grid: ScoreGrid): Float64Array {
  if (grid.kind === 'values') return grid.values;
  return Float64Array.from({ length: binsIn(grid) }, (_, i) => ((grid.edges[i] ?? 0) + (grid.edges[i + 1] ?? 0)) / 2);
}

/** How wide each bin is; 0 for a bin of one value. */
export function widthsOf(grid: ScoreGrid): Float64Array {
  if (grid.kind === 'values') return new Float64Array(grid.values.length);
  return Float64Array.from({ length: binsIn(grid) }, (_, i) => (grid.edges[i + 1] ?? 0) - (grid.edges[i] ?? 0));
}

/** The bin of every score. Refuses what is no number or lies outside, naming the first such row. */
export function binsOf(scores: ArrayLike<number>, grid: ScoreGrid): Result<Uint32Array, BinProblem> {
  const { lower, upper } = rangeOf(grid);
  const points = pointsOf(grid);
  const last = binsIn(grid) - 1;
  const perScore = grid.kind === 'edges' && grid.equalWidth ? (last + 1) / (upper - lower) : 0;
  const bins = new Uint32Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] ?? 0;
    if (!(score >= lower && score <= upper)) return outside(score, row, lower, upper);
    let bin = perScore > 0 ? guess(score, lower, perScore, points) : search(score, points);
    if (bin > last) bin = last;
    if (grid.kind === 'values' && points[bin] !== score) return outside(score, row, lower, upper);
    bins[row] = bin;
  }
  return ok(bins);
}

const pointsOf = (grid: ScoreGrid): Float64Array => (grid.kind === 'values' ? grid.values : grid.edges);

function ascending(points: Float64Array, word: 'edge' | 'value'): GridProblem | undefined {
  for (let i = 0; i < points.length; i++) {
    const point = points[i] ?? 0;
    if (!(Math.abs(point) <= largestAgreed) || (i > 0 && !(point > (points[i - 1] ?? 0)))) {
      const detail = `The ${word}s of a grid rise and are 2^40 in magnitude at most; ${word} ${i} is ${point}.`;
      return { kind: 'scores.grid', detail, at: String(i) };
    }
  }
  return undefined;
}

/** The last point that is at most the score, by division; rounding is off by one bin at most, and is set right. */
function guess(score: number, lower: number, perScore: number, points: Float64Array): number {
  let bin = Math.floor((score - lower) * perScore);
  while (score < (points[bin] ?? Number.POSITIVE_INFINITY)) bin--;
  while (score >= (points[bin + 1] ?? Number.POSITIVE_INFINITY)) bin++;
  return bin;
}

/** The last point that is at most the score, by bisection. */
function search(score: number, points: Float64Array): number {
  let [low, high] = [0, points.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((points[middle] ?? 0) <= score) low = middle;
    else high = middle;
  }
  return low;
}

function outside(score: number, row: number, lower: number, upper: number): { ok: false; problem: BinProblem } {
  if (Number.isNaN(score)) return refuse('scores.not-a-number', `Row ${row} has no score.`, String(row));
  const inside = score >= lower && score <= upper;
  const detail = inside
    ? `Row ${row} has the score ${score}, which is not a value of the grid.`
    : `Row ${row} has the score ${score}; the grid holds ${lower} to ${upper}.`;
  return refuse('scores.outside-grid', detail, String(row));
}
