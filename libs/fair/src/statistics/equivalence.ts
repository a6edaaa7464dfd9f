import { differenceScore, miettinenNurminen } from './difference-interval.js';
import { type Interval, newcombe, newcombeBounds, type Share } from './interval.js';
import { normalUpperTail } from './normal.js';

/** Whether two shares are shown to differ by less than a margin. Not being shown to differ is another thing. */
export interface Equivalence {
  readonly test: 'two one-sided tests';
  /** Equivalent at level `alpha`: the interval lies inside the margin. */
  readonly equivalent: boolean;
  /** The larger of the two one-sided p-values: the least alpha at which the shares are equivalent. */
  readonly p: number;
  /** At the level 1 − 2 alpha. */
  readonly interval: Interval;
  readonly margin: number;
  readonly alpha: number;
}

interface EquivalenceOptions {
  /** The largest difference that counts as none, greater than 0. */
  readonly margin: number;
  /** The level of each one-sided test, below 0.5. */
  readonly alpha: number;
  readonly method: 'newcombe' | 'miettinen-nurminen';
}

/**
 * Two one-sided tests that the difference a − b of two independent shares lies within ± margin: it does when the
 * interval at 1 − 2 alpha lies inside. D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
 * Each n at least 1.
 *
 * @example
 * equivalence({ k: 800, n: 1000 }, { k: 790, n: 1000 }, { margin: 0.05, alpha: 0.05, method: 'newcombe' });
 * // { equivalent: true, p: 0.0133, interval: −0.0197 … 0.0397, … }
 */
export function equivalence(a: Share, b: Share, { margin, alpha, method }: EquivalenceOptions): Equivalence {
  const intervalOf = method === 'newcombe' ? newcombe : miettinenNurminen;
  const interval = intervalOf(a, b, 1 - 2 * alpha);
  const zOf = method === 'newcombe' ? newcombeScore : differenceScore;
  const p = Math.max(normalUpperTail(zOf(a, b, -margin)), normalUpperTail(-zOf(a, b, margin)));
  const equivalent = interval.lower > -margin && interval.upper < margin;
  return { test: 'two one-sided tests', equivalent, p, interval, margin, alpha };
}

/** The normal quantile at which a bound of Newcombe's interval reaches `difference`; negative on its other side. */
function newcombeScore(a: Share, b: Share, difference: number): number {
  const observed = a.k / a.n - b.k / b.n;
  const inside = observed > difference;
  // Beyond 40 the tail is 0 in double precision.
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const z = (low + high) / 2;
    const { lower, upper } = newcombeBounds(a, b, z);
    if (inside ? lower > difference : upper < difference) low = z;
    else high = z;
  }
  return inside ? low : -low;
}
