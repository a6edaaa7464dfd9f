import type { Interval } from './interval.js';
import { normalQuantile } from './normal.js';

/**
 * The difference of two shares of the same rows, such as how often a model and people say yes, with Bonett and Price's
 * adjusted interval: one row is added to each of the two kinds on which they differ. It reaches from −1 to 1 at most.
 * D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37 (2012).
 *
 * @param onlyFirst rows of which only the first says yes.
 * @param onlySecond rows of which only the second does.
 * @param n all rows, at least 1.
 * @example
 * pairedDifference(150, 86, 1600, 0.95); // 0.04, from 0.0212 to 0.0587
 */
export function pairedDifference(
  onlyFirst: number,
  onlySecond: number,
  n: number,
  level: number,
): { readonly value: number; readonly interval: Interval } {
  const value = (onlyFirst - onlySecond) / n;
  const [first, second] = [(onlyFirst + 1) / (n + 2), (onlySecond + 1) / (n + 2)];
  const middle = first - second;
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt((first + second - middle * middle) / (n + 2));
  // Low levels would else leave out the extremes.
  const lower = Math.max(-1, Math.min(value, middle - reach));
  const upper = Math.min(1, Math.max(value, middle + reach));
  return { value: value + 0, interval: { lower, upper, method: 'bonett-price', level } };
}
