import { type Bounds, type Interval, ratioInterval, type Share, wilsonBounds } from '../statistics/interval.js';
import { gapInterval } from '../statistics/largest-gap.js';
import { normalQuantile } from '../statistics/normal.js';
import type { Contrast } from './metrics.js';

/** Beyond this many groups their number of pairs is too large to look at each. */
const mostPaired = 60;

/**
 * Where the largest true gap of one rate between groups lies: an interval that allows for having picked the extremes.
 *
 * Differences of up to 60 groups: {@link gapInterval}. Ratios of up to 60 groups: Koopman's interval of every pair. The
 * smallest ratio is above the smallest lower end, each pair by itself, since whichever pair has the smallest ratio, its
 * own end covers it; and below the smallest upper end at a level that leaves all pairs together the one asked for
 * (Bonferroni). With more groups: from Wilson's interval of every group at such a level,
 * which is wider.
 *
 * @param groups at least two, each n at least 1.
 */
export function simultaneousInterval(groups: readonly Share[], contrast: Contrast, level: number): Interval {
  if (groups.length > mostPaired) return fromGroups(groups, contrast, level);
  return contrast === 'difference' ? gapInterval(groups, level) : smallestRatio(groups, level);
}

function smallestRatio(groups: readonly Share[], level: number): Interval {
  const own = 1 - (1 - level) / ((groups.length * (groups.length - 1)) / 2);
  let [lower, upper] = [1, 1];
  for (const [i, a] of groups.entries()) {
    for (const b of groups.slice(i + 1)) {
      const [low, high] = a.k / a.n <= b.k / b.n ? [a, b] : [b, a];
      if (high.k === 0) continue;
      const pair = ratioInterval(low, high, level);
      // The same pair the other way round: its ratio may be below 1 as well.
      lower = Math.min(lower, pair.lower, 1 / pair.upper);
      upper = Math.min(upper, ratioInterval(low, high, own).upper);
    }
  }
  return { lower, upper, method: 'max-min', level };
}

function fromGroups(groups: readonly Share[], contrast: Contrast, level: number): Interval {
  const z = normalQuantile((1 + (1 - (1 - level) / groups.length)) / 2);
  const ends = groups.map((group) => wilsonBounds(group, z));
  const outermost = (of: (...ends: readonly number[]) => number, { lower, upper }: Bounds, end: Bounds): Bounds => {
    return { lower: of(lower, end.lower), upper: of(upper, end.upper) };
  };
  const most = ends.reduce((all, end) => outermost(Math.max, all, end));
  const least = ends.reduce((all, end) => outermost(Math.min, all, end));
  const [lower, upper] =
    contrast === 'difference'
      ? [Math.max(0, most.lower - least.upper), Math.min(1, most.upper - least.lower)]
      : [least.lower / most.upper, most.lower === 0 ? 1 : Math.min(1, least.upper / most.lower)];
  return { lower, upper, method: 'max-min', level };
}

/**
 * Where the worse of several gaps lies. Each is given at a level that leaves all of them together the one asked for.
 *
 * @param level of all together
 */
export function worstOf(intervals: readonly Interval[], contrast: Contrast, level: number): Interval {
  const worst = contrast === 'difference' ? Math.max : Math.min;
  const lower = worst(...intervals.map((interval) => interval.lower));
  return { lower, upper: worst(...intervals.map((interval) => interval.upper)), method: 'max-min', level };
}
