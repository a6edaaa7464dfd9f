import { binomialMass } from './binomial.js';
import type { Interval, Share } from './interval.js';

interface Outcome {
  readonly share: Share;
  readonly chance: number;
}

/** All numbers of successes that matter: what is left out has a chance below 1e-6. */
function outcomes(n: number, p: number): readonly Outcome[] {
  const reach = 5 * Math.sqrt(n * p * (1 - p)) + 12;
  const from = Math.max(0, Math.floor(n * p - reach));
  const to = Math.min(n, Math.ceil(n * p + reach));
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const k = from + i;
    return { share: { k, n }, chance: binomialMass(k, n, p) };
  });
}

/** The chance of the outcomes from `from` to `to`, the latter excluded, by running sums. */
function runningSums(all: readonly Outcome[]): Float64Array {
  const sums = new Float64Array(all.length + 1);
  for (const [i, { chance }] of all.entries()) sums[i + 1] = (sums[i] ?? 0) + chance;
  return sums;
}

/** The first of so many places at which this holds; it holds at all later ones. */
function firstWhere(places: number, holds: (place: number) => boolean): number {
  let [from, to] = [0, places];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

type Ends = Pick<Interval, 'lower' | 'upper'>;

/** The chance of those outcomes whose interval holds a value. Both ends must move one way from outcome to outcome. */
function chanceToHold(
  all: readonly Outcome[],
  sums: Float64Array,
  value: number,
  endsOf: (share: Share) => Ends,
): number {
  const at = (place: number): Ends => endsOf(all[place]?.share ?? { k: 0, n: 1 });
  const [first, last] = [at(0), at(all.length - 1)];
  const rises = first.lower + first.upper <= last.lower + last.upper;
  const begin = firstWhere(all.length, (place) => (rises ? at(place).upper >= value : at(place).lower <= value));
  const end = firstWhere(all.length, (place) => (rises ? at(place).lower > value : at(place).upper < value));
  return Math.max(0, (sums[end] ?? 0) - (sums[begin] ?? 0));
}

/** How often an interval for a share covers it: the exact sum over all samples. */
export function coverageOfShare(interval: (k: number, n: number) => Interval, n: number, p: number): number {
  const all = outcomes(n, p);
  return chanceToHold(all, runningSums(all), p, ({ k }) => interval(k, n));
}

/** How often an interval for a difference covers it: the exact sum over all pairs of samples. */
export function coverageOfDifference(
  interval: (a: Share, b: Share) => Ends,
  [n1, p1]: readonly [number, number],
  [n2, p2]: readonly [number, number],
): number {
  const second = outcomes(n2, p2);
  const sums = runningSums(second);
  let covered = 0;
  for (const { share, chance } of outcomes(n1, p1)) {
    if (chance < 1e-9) continue;
    covered += chance * chanceToHold(second, sums, p1 - p2, (b) => interval(share, b));
  }
  return covered;
}
