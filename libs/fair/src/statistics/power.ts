import { type Figure, figure, undefinedBecause } from '../figure.js';
import { normalQuantile, normalUpperTail } from './normal.js';

interface PowerOptions {
  /** Rows of the group that may differ, and of the group that it is held against. */
  readonly n1: number;
  readonly n2: number;
  /** The share of the second group, strictly between 0 and 1. */
  readonly p: number;
  /** The two-sided level of the test, for instance 0.05. */
  readonly alpha: number;
}

/**
 * The chance that the two-sided z test of equal shares, with pooled variance, finds a true difference: the share of the
 * first group is p + difference. J. L. Fleiss, Statistical Methods for Rates and Proportions (1981), section 3.2.
 */
export function powerOfDifference(difference: number, { n1, n2, p, alpha }: PowerOptions): number {
  const other = p + difference;
  const pooled = (n1 * other + n2 * p) / (n1 + n2);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  const underIt = Math.sqrt((other * (1 - other)) / n1 + (p * (1 - p)) / n2);
  const reach = normalQuantile(1 - alpha / 2) * underNone;
  const size = Math.abs(difference);
  return normalUpperTail((reach - size) / underIt) + normalUpperTail((reach + size) / underIt);
}

/** The smallest true difference, in each direction, that would have been found with the given power. */
export interface DetectableGap {
  /** When the first group's share is the higher one. */
  readonly above: Figure;
  /** When it is the lower one. */
  readonly below: Figure;
}

/**
 * How small a difference these group sizes can find: what a test without a finding does not exclude. Undefined in a
 * direction in which even a share of 1, or of 0, would not be found so often.
 *
 * @param power the chance of finding it, for instance 0.8.
 * @example
 * detectableGap({ n1: 100, n2: 1000, p: 0.2, alpha: 0.05 }, 0.8); // above 0.1247, below 0.1073
 */
export function detectableGap(options: PowerOptions, power: number): DetectableGap {
  const towards = (sign: 1 | -1): Figure => {
    const most = sign === 1 ? 1 - options.p : options.p;
    if (powerOfDifference(sign * most, options) < power)
      return undefinedBecause(`no difference can be found with a power of ${power} from so few rows`);
    let [low, high] = [0, most];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (powerOfDifference(sign * middle, options) < power) low = middle;
      else high = middle;
    }
    return figure(high);
  };
  return { above: towards(1), below: towards(-1) };
}
