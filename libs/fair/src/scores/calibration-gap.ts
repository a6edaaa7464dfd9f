import { type Estimated, undefinedBecause } from '../figure.js';
import type { Interval } from '../statistics/interval.js';
import { normalQuantile } from '../statistics/normal.js';
import { binCounts, type GroupScores } from './score-histogram.js';

/** How much more often one group turns out positive than another at the same score. */
export type CalibrationGap = Estimated<{
  /** From −1 to 1; 0 where a score means the same in both groups. */
  readonly value: number;
  readonly interval: Interval;
}>;

/**
 * The difference of the rates of positive labels between two groups with the same score: the Mantel-Haenszel risk
 * difference over the bins of the grid, with the variance of T. Sato, Biometrics 45 (1989), which holds for many thin bins
 * as for few thick ones. Undefined where no bin has rows of both groups.
 *
 * @example
 * calibrationGapOf(a, b, 0.95); // { state: 'value', value: 0.021, interval: { lower: -0.002, upper: 0.044, … } }
 */
export function calibrationGapOf(a: GroupScores, b: GroupScores, level: number): CalibrationGap {
  const [na, nb] = [binCounts(a), binCounts(b)];
  let [top, weight, p, q] = [0, 0, 0, 0];
  for (let bin = 0; bin < na.length; bin++) {
    const [n, m] = [na[bin] ?? 0, nb[bin] ?? 0];
    if (n === 0 || m === 0) continue;
    const [x, y, all] = [a.positive.counts[bin] ?? 0, b.positive.counts[bin] ?? 0, n + m];
    top += (x * m - y * n) / all;
    weight += (n * m) / all;
    p += (n * n * y - m * m * x + (n * m * (m - n)) / 2) / (all * all);
    q += (x * (m - y) + y * (n - x)) / (2 * all);
  }
  if (weight === 0) return undefinedBecause('no score occurs in both groups');
  const value = top / weight;
  const reach = normalQuantile((1 + level) / 2) * (Math.sqrt(Math.max(0, value * p + q)) / weight);
  const interval: Interval = {
    lower: Math.max(-1, value - reach),
    upper: Math.min(1, value + reach),
    method: 'mantel-haenszel-sato',
    level,
  };
  return { state: 'value', value, interval };
}
