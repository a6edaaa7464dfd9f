import { seededRandom } from '@hansa/kernel';
import { type Estimated, undefinedBecause } from '../figure.js';
import { drawMultinomial, generator } from './draws.js';
import type { Interval } from './interval.js';
import { quantilesOf } from './quantiles.js';

/** What a bootstrap is to do. */
export interface BootstrapOptions {
  /** How many tables are drawn, for instance 2000. */
  readonly replicates: number;
  /** The confidence of the interval, for instance 0.95. */
  readonly level: number;
  /** The same seed gives the same bits. */
  readonly seed: number;
}

/** How a drawn interval came about, so that anybody can draw it again. */
export interface Drawn {
  readonly replicates: number;
  /** Replicates in which the statistic was undefined; the interval is that of the others. */
  readonly undefinedReplicates: number;
  readonly seed: number;
  readonly generator: string;
}

export type BootstrapInterval = Estimated<Interval & Drawn>;

/** Any function of a table of counts; null where it is undefined. */
export type CountStatistic = (cells: Float64Array) => number | null;

/**
 * The percentile interval of a statistic of counts. Drawing rows with replacement and counting them is the same as one
 * multinomial draw of the cells, so no row is needed. B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993),
 * chapter 13. It inherits the bias of the statistic: for the largest of many gaps use `largestGap`.
 *
 * @param strata counts of each stratum. One stratum is the plain row bootstrap; of several each keeps its total.
 * @param statistic receives the drawn cells of all strata, one after the other, in an array that is used again.
 * @example
 * const share: CountStatistic = ([no = 0, yes = 0]) => (no + yes === 0 ? null : yes / (no + yes));
 * countBootstrap([[90, 10]], share, { replicates: 2000, level: 0.95, seed: 1 }); // about 0.05 to 0.16
 */
export function countBootstrap(
  strata: readonly ArrayLike<number>[],
  statistic: CountStatistic,
  options: BootstrapOptions,
): BootstrapInterval {
  return percentileInterval(countReplicates(strata, statistic, options), options);
}

/** The statistic of every drawn table, in the order drawn, without those in which it is undefined. */
export function countReplicates(
  strata: readonly ArrayLike<number>[],
  statistic: CountStatistic,
  { replicates, seed }: BootstrapOptions,
): Float64Array {
  const random = seededRandom(seed);
  const cells = new Float64Array(strata.reduce((sum, { length }) => sum + length, 0));
  const parts: { readonly weights: ArrayLike<number>; readonly total: number; readonly into: Float64Array }[] = [];
  let from = 0;
  for (const weights of strata) {
    const into = cells.subarray(from, from + weights.length);
    parts.push({ weights, total: sumOf(weights), into });
    from += weights.length;
  }
  return collect(replicates, () => {
    for (const { weights, total, into } of parts) drawMultinomial(random, total, weights, into);
    return statistic(cells);
  });
}

/** The defined values of so many draws. */
export function collect(replicates: number, draw: () => number | null): Float64Array {
  const values = new Float64Array(replicates);
  let defined = 0;
  for (let i = 0; i < replicates; i++) {
    const value = draw();
    if (value !== null) values[defined++] = value;
  }
  return values.slice(0, defined);
}

/** The interval between the quantiles of the replicates. */
export function percentileInterval(
  values: Float64Array,
  { replicates, level, seed }: BootstrapOptions,
): BootstrapInterval {
  if (values.length === 0) return undefinedBecause(`undefined in each of ${replicates} replicates`);
  const drawn = { replicates, undefinedReplicates: replicates - values.length, seed, generator };
  const [lower = 0, upper = 0] = quantilesOf(values.slice(), [(1 - level) / 2, (1 + level) / 2]);
  return { state: 'value', lower, upper, method: 'percentile-bootstrap', level, ...drawn };
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum;
}
