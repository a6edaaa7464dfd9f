import { type Estimated, undefinedBecause } from '../figure.js';
import { chiSquareUpperTail } from './gamma.js';
import type { Interval, Share } from './interval.js';
import { normalQuantile } from './normal.js';

/** Two shares within one stratum, for instance one city. */
export interface Stratum {
  readonly a: Share;
  readonly b: Share;
}

/** What all strata together say of the odds of a against the odds of b. */
export type MantelHaenszel = Estimated<{
  readonly test: 'mantel-haenszel';
  /** Of the hypothesis that the odds are equal in every stratum. */
  readonly p: number;
  readonly statistic: number;
  /** The same with a continuity correction of one half. */
  readonly corrected: { readonly p: number; readonly statistic: number };
  /** Undefined where the counts bound it on one side only. */
  readonly oddsRatio: Estimated<{ readonly value: number; readonly interval: Interval }>;
  /** Strata that say something; the others have an empty side, or only successes, or none. */
  readonly strata: number;
}>;

/** Cells in the usual letters: a and b the successes and failures of one side, c and d of the other. */
interface Cells {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly n: number;
}

function cellsOf({ a, b }: Stratum): Cells {
  return { a: a.k, b: a.n - a.k, c: b.k, d: b.n - b.k, n: a.n + b.n };
}

/** The cells of the strata that can tell the sides apart. */
function informative(strata: readonly Stratum[]): readonly Cells[] {
  return strata.map(cellsOf).filter(({ a, b, c, d }) => a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0);
}

/**
 * The Cochran-Mantel-Haenszel test of equal odds within strata, and the common odds ratio with the interval of Robins,
 * Breslow and Greenland. N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959); J. Robins,
 * N. Breslow, S. Greenland, Biometrics 42 (1986).
 *
 * @param level the confidence of the interval, between 0 and 1.
 */
export function mantelHaenszel(strata: readonly Stratum[], level: number): MantelHaenszel {
  const tables = informative(strata);
  if (tables.length === 0) return undefinedBecause('no stratum has both sides, successes and failures');
  let [distance, variance] = [0, 0];
  for (const { a, b, c, d, n } of tables) {
    distance += a - ((a + b) * (a + c)) / n;
    variance += ((((a + b) / n) * (c + d)) / n) * (((a + c) * (b + d)) / (n - 1));
  }
  const tested = (apart: number) => {
    const statistic = (apart * apart) / variance;
    return { p: chiSquareUpperTail(statistic, 1), statistic };
  };
  const corrected = tested(Math.max(0, Math.abs(distance) - 0.5));
  const oddsRatio = commonOddsRatio(tables, level);
  const head = { state: 'value', test: 'mantel-haenszel' } as const;
  return { ...head, ...tested(distance), corrected, oddsRatio, strata: tables.length };
}

function commonOddsRatio(
  tables: readonly Cells[],
  level: number,
): Estimated<{ readonly value: number; readonly interval: Interval }> {
  let [r, s, pr, cross, qs] = [0, 0, 0, 0, 0];
  for (const { a, b, c, d, n } of tables) {
    const [p, q] = [(a + d) / n, (b + c) / n];
    const [ri, si] = [(a * d) / n, (b * c) / n];
    r += ri;
    s += si;
    pr += p * ri;
    qs += q * si;
    cross += p * si + q * ri;
  }
  if (r === 0 || s === 0) return undefinedBecause('the counts bound it on one side only');
  const value = r / s;
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s));
  const [lower, upper] = [value * Math.exp(-half), value * Math.exp(half)];
  return { state: 'value', value, interval: { lower, upper, method: 'robins-breslow-greenland', level } };
}

/** Whether the odds ratio is the same in every stratum. */
export type BreslowDay = Estimated<{
  readonly test: 'breslow-day';
  /** With Tarone's correction. */
  readonly p: number;
  readonly statistic: number;
  readonly uncorrected: { readonly p: number; readonly statistic: number };
  readonly df: number;
}>;

/**
 * The test of Breslow and Day that the odds ratio is the same in all strata, with Tarone's correction. Undefined with
 * fewer than two strata that say something, or without a common odds ratio. N. E. Breslow and N. E. Day, Statistical
 * Methods in Cancer Research 1 (1980), section 4.4; R. E. Tarone, Biometrika 72 (1985).
 */
export function breslowDay(strata: readonly Stratum[]): BreslowDay {
  const tables = informative(strata);
  if (tables.length < 2) return undefinedBecause('fewer than two strata have both sides, successes and failures');
  const common = commonOddsRatio(tables, 0.95);
  if (common.state === 'undefined') return common;
  let [sum, distance, total] = [0, 0, 0];
  for (const cells of tables) {
    const fitted = fittedCell(cells, common.value);
    const { a, b, c, d } = cells;
    const variance = 1 / (1 / fitted + 1 / (a + b - fitted) + 1 / (a + c - fitted) + 1 / (d - a + fitted));
    sum += (a - fitted) ** 2 / variance;
    distance += a - fitted;
    total += variance;
  }
  const df = tables.length - 1;
  const tested = (statistic: number) => ({ p: chiSquareUpperTail(statistic, df), statistic });
  const corrected = tested(Math.max(0, sum - (distance * distance) / total));
  return { state: 'value', test: 'breslow-day', ...corrected, uncorrected: tested(sum), df };
}

/** The first cell that has this odds ratio under the margins of the table: a root of a quadratic, between its bounds. */
function fittedCell({ a, b, c, d }: Cells, ratio: number): number {
  const [row, column] = [a + b, a + c];
  // ratio (row − x)(column − x) = x (d − a + x)
  const square = 1 - ratio;
  const linear = ratio * (row + column) + d - a;
  const constant = -ratio * row * column;
  const root = Math.sqrt(linear * linear - 4 * square * constant);
  // Two forms of the same root; each is precise where the other one cancels.
  return linear < 0 ? (root - linear) / (2 * square) : (-2 * constant) / (linear + root);
}
