import type { ConfusionCounts } from '../counts.js';
import { cutAt, type ScoreGrid, thresholdsOf } from './score-grid.js';
import type { GroupScores, ScoreHistogram } from './score-histogram.js';

/** What the decisions of a group would be if a score at or above the threshold counted as positive. */
export interface ThresholdCounts {
  readonly threshold: number;
  readonly counts: ConfusionCounts;
}

/** One group at every threshold of the grid, from the lowest (everybody is positive) upwards. */
export interface GroupSweep {
  readonly group: string;
  readonly thresholds: readonly ThresholdCounts[];
}

/**
 * The confusion counts of every group at every threshold of the grid: with these, every rate and comparison of the audit
 * can be drawn over the threshold. Thresholds within a bin are not available.
 */
export function sweepOf(histogram: ScoreHistogram): readonly GroupSweep[] {
  return histogram.groups.map((group) => ({ group: group.group, thresholds: sweepGroup(group, histogram.grid) }));
}

/**
 * The confusion counts of every group at the threshold in use. Exact when the threshold is one of the grid; otherwise the
 * next one above is taken, and `moved` tells how many rows score between the two at most: those of the bin it lies in.
 *
 * @example
 * atThreshold(histogram, 5).groups[0]; // { group: 'African-American', counts: { n: 3696, tn: 990, … } }
 */
export function atThreshold(
  histogram: ScoreHistogram,
  threshold: number,
): {
  /** Null when the threshold is above every bin: nobody is positive. */
  readonly threshold: number | null;
  readonly moved: number;
  readonly groups: readonly { readonly group: string; readonly counts: ConfusionCounts }[];
} {
  const cut = cutAt(histogram.grid, threshold);
  const within = ({ negative, positive }: GroupScores, bin: number) =>
    (negative.counts[bin] ?? 0) + (positive.counts[bin] ?? 0);
  const { through } = cut;
  return {
    threshold: cut.threshold,
    moved: through === null ? 0 : histogram.groups.reduce((sum, group) => sum + within(group, through), 0),
    groups: histogram.groups.map((group) => ({ group: group.group, counts: countsFrom(group, cut.from) })),
  };
}

function sweepGroup(group: GroupScores, grid: ScoreGrid): readonly ThresholdCounts[] {
  const thresholds = thresholdsOf(grid);
  const sweep: ThresholdCounts[] = [];
  let counts = countsFrom(group, 0);
  thresholds.forEach((threshold, bin) => {
    sweep.push({ threshold, counts });
    counts = without(counts, group.negative.counts[bin] ?? 0, group.positive.counts[bin] ?? 0);
  });
  return sweep;
}

/** The counts when every bin from `from` on is positive. */
function countsFrom({ negative, positive }: GroupScores, from: number): ConfusionCounts {
  const above = (counts: Float64Array) => counts.subarray(from).reduce((sum, n) => sum + n, 0);
  const [fp, tp] = [above(negative.counts), above(positive.counts)];
  return { n: negative.n + positive.n, tn: negative.n - fp, fp, fn: positive.n - tp, tp };
}

/** The counts when one more bin is no longer positive. */
function without({ n, tn, fp, fn, tp }: ConfusionCounts, negatives: number, positives: number): ConfusionCounts {
  return { n, tn: tn + negatives, fp: fp - negatives, fn: fn + positives, tp: tp - positives };
}
