import { must } from '@hansa/kernel';
import { addSum, carry, limbsOf, sumFrom } from '../fixed-point.js';
import { binsOf, equalWidthGrid, positionsOf, type ScoreGrid } from './score-grid.js';
import { binCounts, boundOf, type GroupScores } from './score-histogram.js';

/**
 * How bins of the grid become bins of a calibration. `grid`: as they are. `equal-width`: so many bins of one width
 * between two scores, closed on the left, a grid bin going where its middle lies. `equal-mass`: so many bins with about
 * as many rows, a grid bin going where the middle of its rows lies in the order of all rows.
 */
export type Binning =
  | { readonly kind: 'grid' }
  | { readonly kind: 'equal-width'; readonly bins: number; readonly lower: number; readonly upper: number }
  | { readonly kind: 'equal-mass'; readonly bins: number };

/** One row of a reliability table: what the scores said, and what came true. Never without rows. */
export interface ReliabilityBin {
  readonly n: number;
  readonly positives: number;
  /** The mean score. */
  readonly score: number;
  /** positives / n. */
  readonly rate: number;
}

/**
 * What came true for each bin of scores in one group; scores need not be probabilities. Bins without rows do not occur.
 *
 * @example
 * reliabilityOf(group, grid, { kind: 'grid' })[0]; // { n: 398, positives: 91, score: 1, rate: 0.2286 }
 */
export function reliabilityOf(group: GroupScores, grid: ScoreGrid, binning: Binning): readonly ReliabilityBin[] {
  const counts = binCounts(group);
  const bound = boundOf(grid);
  const target = targets(counts, grid, binning);
  const bins = new Map<number, { n: number; positives: number; sums: Float64Array }>();
  for (let bin = 0; bin < counts.length; bin++) {
    const n = counts[bin] ?? 0;
    if (n === 0) continue;
    const into = target(bin);
    const own = bins.get(into) ?? { n: 0, positives: 0, sums: new Float64Array(limbsOf.values) };
    own.n += n;
    own.positives += group.positive.counts[bin] ?? 0;
    addSum(own.sums, group.negative.sums, bin * limbsOf.values);
    addSum(own.sums, group.positive.sums, bin * limbsOf.values);
    bins.set(into, own);
  }
  return [...bins.values()].map(({ n, positives, sums }) => {
    const score = sumFrom(carry(sums, limbsOf.values), 0, bound) / n;
    return { n, positives, score, rate: positives / n };
  });
}

/** To which calibration bin each grid bin goes; called for rising grid bins. */
function targets(counts: Float64Array, grid: ScoreGrid, binning: Binning): (bin: number) => number {
  if (binning.kind === 'grid') return (bin) => bin;
  if (binning.kind === 'equal-width') {
    const { bins, lower, upper } = binning;
    const within = positionsOf(grid).map((position) => Math.min(upper, Math.max(lower, position)));
    const into = must(binsOf(within, must(equalWidthGrid(lower, upper, bins))));
    return (bin) => into[bin] ?? 0;
  }
  const all = counts.reduce((sum, n) => sum + n, 0);
  let before = 0;
  return (bin) => {
    const own = counts[bin] ?? 0;
    const into = Math.floor((binning.bins * (before + own / 2)) / all);
    before += own;
    return into;
  };
}
