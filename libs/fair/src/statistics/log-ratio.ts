import { type Estimated, undefinedBecause } from '../figure.js';
import type { Interval, Share } from './interval.js';
import { normalQuantile } from './normal.js';

/**
 * The interval for the ratio a/b of two independent shares from the variance of its logarithm (delta method). Undefined
 * when one share is 0, where Koopman's `ratioInterval` still has an answer. D. Katz et al., Biometrics 34 (1978),
 * method C. Each n at least 1.
 *
 * @example
 * logRatioInterval({ k: 9, n: 10 }, { k: 3, n: 10 }, 0.95); // 1.138 to 7.906
 */
export function logRatioInterval(a: Share, b: Share, level: number): Estimated<Interval> {
  const moments = logRatio(a, b);
  if (moments.state === 'undefined') return moments;
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(moments.variance);
  const lower = Math.exp(moments.value - half);
  return { state: 'value', lower, upper: Math.exp(moments.value + half), method: 'log-ratio', level };
}

/** The logarithm of the ratio a/b and its variance by the delta method. */
export function logRatio(a: Share, b: Share): Estimated<{ readonly value: number; readonly variance: number }> {
  if (a.k === 0 || b.k === 0) return undefinedBecause('a share of 0 has no logarithm');
  const variance = 1 / a.k - 1 / a.n + 1 / b.k - 1 / b.n;
  return { state: 'value', value: Math.log(a.k / a.n / (b.k / b.n)), variance };
}
