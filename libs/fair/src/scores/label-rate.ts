import type { Undefined } from '../figure.js';
import { normalUpperTail } from '../statistics/normal.js';
import { toldP } from '../statistics/told-p.js';

/** The labels of one period, such as a month. */
export interface PeriodLabels {
  readonly period: string;
  readonly n: number;
  readonly positives: number;
}

/** The periods on one side of a change, together. */
export interface RateSide {
  readonly n: number;
  readonly positives: number;
  /** positives / n. */
  readonly rate: number;
}

/** The place where the label rate changes most. */
export type LabelRateChange =
  | {
      readonly state: 'value';
      /** The first period after the change. */
      readonly firstAfter: string;
      readonly before: RateSide;
      readonly after: RateSide;
      /** Likelihood ratio statistic (G²) of two rates against one. */
      readonly statistic: number;
      /** How many places were tried. */
      readonly splits: number;
      /** p of the statistic, chi-square with 1 degree of freedom, times the splits; 1e-300 stands for that or less. */
      readonly p: number;
      readonly correction: 'bonferroni';
    }
  | Undefined;

/**
 * Finds where the label rate jumps over time: every place between two periods is tried, and the one at which two rates
 * explain the labels best is given. Labels that were collected differently from some date on betray themselves so; in
 * the COMPAS file everybody screened after 1 April 2014 is positive. One change is looked for; try the sides for more.
 *
 * @param periods in the order of time; those without rows are passed over.
 * @example
 * labelRateChange([{ period: '2014-03', n: 200, positives: 70 }, { period: '2014-04', n: 90, positives: 89 }]);
 */
export function labelRateChange(periods: readonly PeriodLabels[]): LabelRateChange {
  const given = periods.filter(({ n }) => n > 0);
  if (given.length < 2) return { state: 'undefined', reason: 'fewer than two periods with rows' };
  const all = together(given);
  if (all.positives === 0 || all.positives === all.n) return { state: 'undefined', reason: 'all labels are the same' };
  const splits = given.slice(1).map(({ period: firstAfter }, i) => {
    const [before, after] = [together(given.slice(0, i + 1)), together(given.slice(i + 1))];
    const statistic = Math.max(0, 2 * (logLikelihood(before) + logLikelihood(after) - logLikelihood(all)));
    return { firstAfter, before, after, statistic };
  });
  const best = splits.reduce((found, next) => (next.statistic > found.statistic ? next : found));
  const p = toldP(2 * normalUpperTail(Math.sqrt(best.statistic)) * splits.length);
  return { state: 'value', ...best, splits: splits.length, p, correction: 'bonferroni' };
}

function together(periods: readonly PeriodLabels[]): RateSide {
  const n = periods.reduce((sum, period) => sum + period.n, 0);
  const positives = periods.reduce((sum, period) => sum + period.positives, 0);
  return { n, positives, rate: positives / n };
}

function logLikelihood({ n, positives }: RateSide): number {
  const part = (k: number) => (k === 0 ? 0 : k * Math.log(k / n));
  return part(positives) + part(n - positives);
}
