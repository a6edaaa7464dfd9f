import { seededRandom } from '@hansa/kernel';
import { type Figure, figure, undefinedBecause } from '../figure.js';
import {
  type BootstrapInterval,
  type BootstrapOptions,
  type CountStatistic,
  collect,
  countReplicates,
  percentileInterval,
  sumOf,
} from './bootstrap.js';
import { drawMultinomial } from './draws.js';

/** Counts of rows that belong together, for instance all decisions on one person. */
export interface ClusterCounts {
  readonly clusters: number;
  /** Cells of each cluster. */
  readonly cells: number;
  /** The cells of the first cluster, then those of the second, and so on: `clusters` times `cells` counts. */
  readonly counts: Uint32Array | Float64Array;
}

/** An interval that allows for clusters, and how much they matter. */
export interface ClusterBootstrap {
  readonly interval: BootstrapInterval;
  /**
   * The design effect: the variance with clusters over that of as many unrelated rows. Above 1 the rows of a cluster are
   * alike, and an interval that ignores it is too narrow. Undefined where the statistic does not vary.
   */
  readonly designEffect: Figure;
}

/**
 * The percentile interval of a statistic of counts when rows are not independent: whole clusters are drawn with
 * replacement. Clusters with the same counts are drawn together, so that the work grows with the number of different
 * clusters and not with their number. A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997),
 * section 3.8; L. Kish, Survey Sampling (1965), for the design effect.
 */
export function clusterBootstrap(
  input: ClusterCounts,
  statistic: CountStatistic,
  options: BootstrapOptions,
): ClusterBootstrap {
  const patterns = patternsOf(input);
  const values = clusterReplicates(input, patterns, statistic, options);
  const total = new Float64Array(input.cells);
  for (const { cells, times } of patterns)
    for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + times * (cells[i] ?? 0);
  const rows = variance(countReplicates([total], statistic, options));
  const clusters = variance(values);
  const designEffect =
    rows > 0 && values.length > 1 ? figure(clusters / rows) : undefinedBecause('the statistic does not vary');
  return { interval: percentileInterval(values, options), designEffect };
}

interface Pattern {
  readonly cells: Uint32Array | Float64Array;
  /** How many clusters have just these counts. */
  readonly times: number;
}

function patternsOf({ clusters, cells, counts }: ClusterCounts): readonly Pattern[] {
  const patterns = new Map<string, { readonly cells: Uint32Array | Float64Array; times: number }>();
  for (let i = 0; i < clusters; i++) {
    const own = counts.subarray(i * cells, (i + 1) * cells);
    const key = own.join();
    const known = patterns.get(key);
    if (known) known.times++;
    else patterns.set(key, { cells: own, times: 1 });
  }
  return [...patterns.values()];
}

function clusterReplicates(
  { clusters, cells }: ClusterCounts,
  patterns: readonly Pattern[],
  statistic: CountStatistic,
  { replicates, seed }: BootstrapOptions,
): Float64Array {
  const random = seededRandom(seed);
  const weights = patterns.map(({ times }) => times);
  const drawn = new Float64Array(patterns.length);
  const sums = new Float64Array(cells);
  return collect(replicates, () => {
    drawMultinomial(random, clusters, weights, drawn);
    sums.fill(0);
    for (const [i, pattern] of patterns.entries()) {
      const times = drawn[i] ?? 0;
      if (times > 0) for (let j = 0; j < cells; j++) sums[j] = (sums[j] ?? 0) + times * (pattern.cells[j] ?? 0);
    }
    return statistic(sums);
  });
}

function variance(values: Float64Array): number {
  const mean = sumOf(values) / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return squares / (values.length - 1);
}
