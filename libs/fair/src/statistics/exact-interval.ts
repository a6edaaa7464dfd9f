import { betaQuantile } from './beta.js';
import type { Interval } from './interval.js';

/**
 * The exact interval for a share k/n: the shares that neither one-sided binomial test at (1 − level)/2 rejects. Never
 * covers less often than it says, and for small n far more often. C. J. Clopper and E. S. Pearson, Biometrika 26 (1934).
 *
 * @param n at least 1.
 * @example
 * clopperPearson(1, 10, 0.95); // 0.002529 to 0.445016
 */
export function clopperPearson(k: number, n: number, level: number): Interval {
  const tail = (1 - level) / 2;
  const lower = k === 0 ? 0 : betaQuantile(tail, k, n - k + 1);
  const upper = k === n ? 1 : 1 - betaQuantile(tail, n - k, k + 1);
  return { lower, upper, method: 'clopper-pearson', level };
}

/**
 * The equal-tailed interval for a share k/n of the posterior under Jeffreys' prior, beta(½, ½); the lower bound is 0 when
 * k is 0, the upper 1 when k is n. L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 16 (2001), section 3.1.2.
 *
 * @param n at least 1.
 * @example
 * jeffreys(1, 10, 0.95); // 0.0110 to 0.3813
 */
export function jeffreys(k: number, n: number, level: number): Interval {
  const tail = (1 - level) / 2;
  const lower = k === 0 ? 0 : betaQuantile(tail, k + 0.5, n - k + 0.5);
  const upper = k === n ? 1 : 1 - betaQuantile(tail, n - k + 0.5, k + 0.5);
  return { lower, upper, method: 'jeffreys', level };
}
