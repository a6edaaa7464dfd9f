import { type Estimated, undefinedBecause } from '../figure.js';
import { betaQuantile } from './beta.js';
import { spreadOf } from './gap-calibration.js';
import { type FittedGroups, fitWithin } from './gap-fit.js';
import { type Interval, type Share, wilsonBounds } from './interval.js';
import { withoutNoise } from './noisy-rates.js';
import { normalQuantile } from './normal.js';
import { permutationGap } from './permutation.js';

/** The largest gap between the rates of groups, with what chance alone would make of it. */
export type LargestGap = Estimated<{
  /** The largest minus the smallest observed rate. It errs upwards: noise, too, has a largest and a smallest. */
  readonly value: number;
  /** Of the largest true gap, allowing for having picked the extremes of all groups. From 0 to 1. */
  readonly interval: Interval;
  /** The mean observed gap if all groups had the same rate. */
  readonly expected: number;
  /** The chance of so large a gap if all groups had the same rate. */
  readonly p: number;
  /** Groups with rows. */
  readonly groups: number;
  readonly replicates: number;
  readonly seed: number;
  readonly generator: string;
}>;

export interface GapOptions {
  /** The confidence of the interval, for instance 0.95. */
  readonly level: number;
  /** Shuffles for `expected` and `p`, for instance 1999. */
  readonly replicates: number;
  readonly seed: number;
}

/**
 * The largest gap between the rates of k groups, an interval for the largest TRUE gap, the gap to expect if no group
 * differed, and the chance of the observed one then. Undefined with fewer than two groups that have rows.
 *
 * @example
 * largestGap([{ k: 1, n: 31 }, { k: 66, n: 100 }, { k: 30, n: 60 }], { level: 0.95, replicates: 1999, seed: 1 });
 */
export function largestGap(groups: readonly Share[], { level, replicates, seed }: GapOptions): LargestGap {
  const test = permutationGap([groups], { replicates, seed });
  if (test.state === 'undefined') return undefinedBecause(test.reason);
  const filled = groups.filter(({ n }) => n > 0);
  const { statistic: value, expected, p, generator } = test;
  const interval = gapInterval(filled, level);
  return { state: 'value', value, interval, expected, p, groups: filled.length, replicates, seed, generator };
}

/**
 * The interval for the largest true gap between the rates of groups.
 *
 * A bootstrap of the largest gap is biased upwards twice, because both the data and every replicate pick the extremes of
 * their noise. This interval asks of each end what must be proved for it:
 *
 * - The upper end is the largest of the upper ends of all pairs, each by itself. Whichever pair is truly the widest, its
 *   own end covers it, so nothing is paid for the number of pairs.
 * - The lower end is the largest of the lower ends of all pairs at one critical value, by inverting a test: a gap is not
 *   rejected when groups fitted to lie within it ({@link fitWithin}) show a pair as far apart as the observed ones often
 *   enough. Groups at the ends of the fit raise the critical value, those in between do not, and what error the upper
 *   end leaves unused the lower one may use. So two groups far from all others pay for no one else.
 *
 * A pair's ends are made of those of its shares by Newcombe's rule: of Wilson's for the upper one, of Jeffreys' for the
 * lower one, whose far tails hold better in small groups. With two groups it comes close to Newcombe's interval.
 * Decision 29 compares it with others and says how often it is right; `npm run bench -- audit-error-rates` measures that.
 *
 * @param groups at least two, each n at least 1.
 */
export function gapInterval(groups: readonly Share[], level: number): Interval {
  const alpha = 1 - level;
  return { lower: lowerEnd(oneWay(groups), alpha), upper: upperEnd(groups, alpha), method: 'max-min', level };
}

/** The same groups in one order and direction, whichever they came in, since each draws its own numbers. */
function oneWay(groups: readonly Share[]): readonly Share[] {
  const byRate = (a: Share, b: Share): number => a.k / a.n - b.k / b.n || a.n - b.n;
  const sorted = [...groups].sort(byRate);
  const turned = groups.map(({ k, n }) => ({ k: n - k, n })).sort(byRate);
  const first = sorted.findIndex(({ k, n }, i) => k !== turned[i]?.k || n !== turned[i]?.n);
  const [a, b] = [sorted[first], turned[first]];
  return a && b && byRate(a, b) > 0 ? turned : sorted;
}

function upperEnd(groups: readonly Share[], alpha: number): number {
  const ends = groups.map((group) => wilsonBounds(group, -normalQuantile(alpha / 2)));
  let most = 0;
  for (const [i, a] of groups.entries())
    for (const [j, b] of groups.entries()) {
      const [up, down] = [ends[i], ends[j]];
      if (i === j || !up || !down) continue;
      most = Math.max(most, reachOf(a, b, up.upper - a.k / a.n, b.k / b.n - down.lower, 1));
    }
  return Math.min(1, most);
}

/** Each step fits groups to the gap that the last one could not reject, and so can reject more. */
const mostSteps = 8;

function lowerEnd(groups: readonly Share[], alpha: number): number {
  const known = withoutNoise(groups);
  const all = groups.map((_, i) => i);
  // What holds for all pairs at once (Bonferroni) is the least that any fit can give.
  let lower = lowestOf(groups, { high: all, low: all }, alpha / (all.length * (all.length - 1)));
  for (let step = 0; step < mostSteps; step++) {
    const fitted = fitWithin(known, lower);
    const { pairs, below } = spreadOf(fitted);
    const next = lowestOf(groups, fitted, Math.min(0.5, (alpha * (1 - below / 2)) / pairs));
    if (next <= lower + 1e-6) break;
    lower = next;
  }
  return lower;
}

type Extremes = Pick<FittedGroups, 'high' | 'low'>;

/** The largest lower end of all pairs that may be the widest, at this chance of error. */
function lowestOf(groups: readonly Share[], { high, low }: Extremes, tail: number): number {
  const down = high.map((i) => ({ i, to: jeffreysLower(groups[i], tail) }));
  const up = low.map((j) => ({ j, to: 1 - jeffreysLower(mirrored(groups[j]), tail) }));
  let most = 0;
  for (const { i, to: under } of down)
    for (const { j, to: over } of up) {
      const [a, b] = [groups[i], groups[j]];
      if (i === j || !a || !b || a.k / a.n <= b.k / b.n) continue;
      most = Math.max(most, reachOf(a, b, a.k / a.n - under, over - b.k / b.n, -1));
    }
  return most;
}

const mirrored = (group: Share | undefined): Share | undefined => group && { k: group.n - group.k, n: group.n };

/** Jeffreys' lower bound. */
function jeffreysLower(group: Share | undefined, tail: number): number {
  return group === undefined || group.k === 0 ? 0 : betaQuantile(tail, group.k + 0.5, group.n - group.k + 0.5);
}

/** Newcombe's rule: an end of the difference a − b from the distances of the ends of its two shares. */
function reachOf(a: Share, b: Share, ofA: number, ofB: number, side: 1 | -1): number {
  return a.k / a.n - b.k / b.n + side * Math.sqrt(ofA * ofA + ofB * ofB);
}
