import { type Estimated, undefinedBecause } from '../figure.js';
import { binomialAtMost } from './binomial.js';
import { chiSquareUpperTail } from './gamma.js';

/** What McNemar's test finds in two judgements of the same rows. */
export type McnemarTest = Estimated<{
  readonly test: 'mcnemar';
  /** Exact and two-sided: twice the smaller binomial tail, 1 at most. */
  readonly p: number;
  /** Asymptotic, without continuity correction. */
  readonly asymptotic: { readonly p: number; readonly statistic: number };
  /** Asymptotic, with Edwards's continuity correction. */
  readonly corrected: { readonly p: number; readonly statistic: number };
}>;

/**
 * McNemar's test of two models on the same rows: do the rows on which they differ fall equally often either way?
 * Undefined when they differ on no row. Q. McNemar, Psychometrika 12 (1947); A. L. Edwards, Psychometrika 13 (1948).
 *
 * @param onlyFirst rows that only the first model decided positive (or rightly).
 * @param onlySecond rows that only the second did.
 * @example
 * mcnemar(5, 15); // p 0.0414, statistic 5
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McnemarTest {
  const n = onlyFirst + onlySecond;
  if (n === 0) return undefinedBecause('no discordant pairs');
  const p = Math.min(1, 2 * binomialAtMost(Math.min(onlyFirst, onlySecond), n, 0.5));
  const apart = Math.abs(onlyFirst - onlySecond);
  const asymptotic = (distance: number) => {
    const statistic = (distance * distance) / n;
    return { p: chiSquareUpperTail(statistic, 1), statistic };
  };
  const corrected = asymptotic(Math.max(0, apart - 1));
  return { state: 'value', test: 'mcnemar', p, asymptotic: asymptotic(apart), corrected };
}
