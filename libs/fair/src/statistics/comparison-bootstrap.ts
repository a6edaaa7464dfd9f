import { seededRandom } from '@hansa/kernel';
import { type ComparisonMetric, comparisonMetrics, definitionOf } from '../comparisons/metrics.js';
import { type Suppressed, suppressedBecause } from '../figure.js';
import type { Partition } from '../partition.js';
import { definitionOfRate, type RateName, rateNames } from '../rates.js';
import { type BootstrapInterval, type BootstrapOptions, percentileInterval } from './bootstrap.js';
import { drawMultinomial } from './draws.js';

/** The drawn intervals of every metric between the groups of a partition, and of every rate of each group. */
export interface ComparisonBootstrap {
  readonly metrics: Readonly<Record<ComparisonMetric, BootstrapInterval>>;
  readonly groups: readonly {
    readonly group: string;
    readonly rates: Readonly<Record<RateName, BootstrapInterval>>;
  }[];
}

/**
 * The percentile intervals of all metrics and rates of a partition, from one and the same draws: each replicate is one
 * multinomial draw of the cells of all groups, which is the row bootstrap, and gives every rate and from them every metric.
 * So fairlearn's `n_boot` is answered without a row. A gap of many groups is biased upwards in it; `largestGap` is not.
 *
 * @example
 * bootstrapComparisons(partition, { replicates: 2000, level: 0.95, seed: 1 });
 */
export function bootstrapComparisons(
  { groups }: Partition,
  options: BootstrapOptions,
): ({ readonly state: 'value' } & ComparisonBootstrap) | Suppressed {
  const cells = new Float64Array(groups.length * 4);
  for (const [g, { counts }] of groups.entries())
    for (const [c, name] of cellNames.entries()) {
      const count = counts[name];
      if (count === null) return suppressedBecause('small counts were withheld');
      cells[g * 4 + c] = count;
    }
  const { replicates, seed } = options;
  const rates = new Series(rateNames.length * groups.length, replicates);
  const metrics = new Series(comparisonMetrics.length, replicates);
  const random = seededRandom(seed);
  const drawn = new Float64Array(cells.length);
  const total = cells.reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < replicates; i++) {
    drawMultinomial(random, total, cells, drawn);
    takeRates(drawn, rates, i);
    takeMetrics(rates, groups.length, metrics, i);
  }
  const interval = (series: Series, at: number) => percentileInterval(series.defined(at), options);
  return {
    state: 'value',
    metrics: named(comparisonMetrics, (_, i) => interval(metrics, i)),
    groups: groups.map(({ group }, g) => ({
      group,
      rates: named(rateNames, (_, r) => interval(rates, r * groups.length + g)),
    })),
  };
}

const cellNames = ['tn', 'fp', 'fn', 'tp'] as const;

/** For each rate the cells that are counted and those that could be, as 1 and 0 for each of the four. */
const masks = rateNames.map((name) => {
  const { k, n } = definitionOfRate(name);
  const mask = (of: readonly string[]) => cellNames.map((cell) => (of.includes('n') || of.includes(cell) ? 1 : 0));
  return Float64Array.of(...mask(k), ...mask(n));
});

const metricRates = comparisonMetrics.map((metric) => {
  const { rates, contrast } = definitionOf(metric);
  return { rates: rates.map((rate) => rateNames.indexOf(rate)), isRatio: contrast === 'ratio' };
});

/** Several statistics of each replicate, one after the other for each statistic; NaN where one is undefined. */
class Series {
  readonly values: Float64Array;

  constructor(
    statistics: number,
    readonly replicates: number,
  ) {
    this.values = new Float64Array(statistics * replicates);
  }

  defined(at: number): Float64Array {
    const own = this.values.subarray(at * this.replicates, (at + 1) * this.replicates);
    return own.some(Number.isNaN) ? own.filter((value) => !Number.isNaN(value)) : own;
  }
}

function takeRates(cells: Float64Array, into: Series, replicate: number): void {
  const groups = cells.length / 4;
  const { values, replicates } = into;
  for (const [r, mask] of masks.entries())
    for (let g = 0; g < groups; g++) {
      let [k, n] = [0, 0];
      for (let c = 0; c < 4; c++) {
        const count = cells[g * 4 + c] ?? 0;
        k += count * (mask[c] ?? 0);
        n += count * (mask[c + 4] ?? 0);
      }
      values[(r * groups + g) * replicates + replicate] = k / n;
    }
}

function takeMetrics({ values, replicates }: Series, groups: number, into: Series, replicate: number): void {
  for (const [m, { rates, isRatio }] of metricRates.entries()) {
    let worst = isRatio ? 1 : 0;
    for (const rate of rates) {
      let [low, high, defined] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
      for (let g = 0; g < groups; g++) {
        const value = values[(rate * groups + g) * replicates + replicate] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        defined++;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      const gap = defined < 2 ? Number.NaN : isRatio ? low / high : high - low;
      // What is not a number stays so.
      worst = isRatio ? Math.min(worst, gap) : Math.max(worst, gap);
    }
    into.values[m * replicates + replicate] = worst;
  }
}

function named<N extends string, T>(names: readonly N[], of: (name: N, at: number) => T): Readonly<Record<N, T>> {
  return Object.fromEntries(names.map((name, at) => [name, of(name, at)])) as Record<N, T>;
}
