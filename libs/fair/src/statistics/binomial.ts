import { betaLower, betaUpper } from './beta.js';
import { deviance, stirlingError } from './gamma.js';

/**
 * ln of the chance of k successes in n trials of chance p. C. Loader, Fast and Accurate Computation of Binomial
 * Probabilities (2000). No overflow for any n.
 */
export function logBinomialMass(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (k === 0) return n === 0 ? 0 : n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  const rest = n - k;
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest) -
    deviance(k, n * p) -
    deviance(rest, n * (1 - p)) +
    0.5 * Math.log(n / (2 * Math.PI * k * rest))
  );
}

/** The chance of k successes in n trials of chance p, strictly between 0 and 1. */
export function binomialMass(k: number, n: number, p: number): number {
  return Math.exp(logBinomialMass(k, n, p));
}

/** The chance of at most k successes in n trials of chance p. DLMF 8.17.5. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : betaUpper(p, k + 1, n - k);
}

/** The chance of at least k successes in n trials of chance p. */
export function binomialAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : betaLower(p, k, n - k + 1);
}

/**
 * ln of the chance that a draw of `draws` things, without putting back, from `good` and `bad` ones holds k good ones.
 * Three binomial chances, so that it is as precise as they are.
 */
export function logHypergeometricMass(k: number, good: number, bad: number, draws: number): number {
  if (k < Math.max(0, draws - bad) || k > Math.min(good, draws)) return Number.NEGATIVE_INFINITY;
  const total = good + bad;
  if (draws === 0 || draws === total) return 0;
  const p = draws / total;
  return logBinomialMass(k, good, p) + logBinomialMass(draws - k, bad, p) - logBinomialMass(draws, total, p);
}
