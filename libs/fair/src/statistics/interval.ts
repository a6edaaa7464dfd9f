import { normalQuantile } from './normal.js';

/** For a share; for a difference; for a ratio; for the largest gap of many; from draws. */
export type IntervalMethod =
  | 'wilson'
  | 'clopper-pearson'
  | 'jeffreys'
  | 'newcombe'
  | 'miettinen-nurminen'
  | 'bonett-price'
  | 'koopman'
  | 'mover'
  | 'log-ratio'
  | 'robins-breslow-greenland'
  | 'max-min'
  | 'percentile-bootstrap'
  | 'beta-binomial'
  | 'delong'
  | 'mantel-haenszel-sato'
  | 'delta';

/** A confidence interval with its provenance. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly method: IntervalMethod;
  /** The confidence, for instance 0.95. */
  readonly level: number;
}

/** k of n rows. */
export interface Share {
  readonly k: number;
  readonly n: number;
}

/**
 * Wilson's score interval for a share k/n: stays within 0 and 1, and keeps its coverage for small n and for shares
 * near 0 and 1, where the textbook interval fails. E. B. Wilson, 1927; R. G. Newcombe, 1998, method 3.
 *
 * @param n at least 1.
 * @example
 * wilson(1, 10, 0.95); // 0.0179 to 0.4042
 */
export function wilson(k: number, n: number, level: number): Interval {
  return { ...wilsonBounds({ k, n }, normalQuantile((1 + level) / 2)), method: 'wilson', level };
}

export type Bounds = Pick<Interval, 'lower' | 'upper'>;

/** Wilson's bounds at the normal quantile z. */
export function wilsonBounds({ k, n }: Share, z: number): Bounds {
  const p = k / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // At the ends the bound is 0 or 1 exactly; only rounding would say otherwise.
  const lower = k === 0 ? 0 : (centre - half) / scale;
  const upper = k === n ? 1 : (centre + half) / scale;
  return { lower, upper };
}

/**
 * Newcombe's interval for the difference a − b of two independent shares, made from their Wilson intervals.
 * R. G. Newcombe, Statistics in Medicine 17 (1998), method 10. Each n at least 1.
 *
 * @example
 * newcombe({ k: 56, n: 70 }, { k: 48, n: 80 }, 0.95); // 0.0524 to 0.3339
 */
export function newcombe(a: Share, b: Share, level: number): Interval {
  return { ...newcombeBounds(a, b, normalQuantile((1 + level) / 2)), method: 'newcombe', level };
}

/** Newcombe's bounds at the normal quantile z. */
export function newcombeBounds(a: Share, b: Share, z: number): Bounds {
  const [pa, pb] = [a.k / a.n, b.k / b.n];
  const [wa, wb] = [wilsonBounds(a, z), wilsonBounds(b, z)];
  const lower = pa - pb - norm(pa - wa.lower, wb.upper - pb);
  const upper = pa - pb + norm(wa.upper - pa, pb - wb.lower);
  return { lower, upper };
}

/** Math.hypot may round differently from engine to engine; IEEE 754 fixes this form to the last bit. */
const norm = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/**
 * Koopman's score interval for the ratio (a.k/a.n) / (b.k/b.n) of two independent shares: the ratios that a score test
 * does not reject. P. A. R. Koopman, Biometrics 40 (1984). Holds also when a.k is 0; b.k must be at least 1.
 *
 * @example
 * ratioInterval({ k: 9, n: 10 }, { k: 3, n: 10 }, 0.95); // 1.353 to 8.468
 */
export function ratioInterval(a: Share, b: Share, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const ratio = a.k / a.n / (b.k / b.n);
  // The score falls as the ratio grows. Bisection runs over t = ratio / (1 + ratio), which is bounded.
  const solve = (target: number, from: number, to: number): number => {
    let [low, high] = [from, to];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (ratioScore(a, b, middle / (1 - middle)) > target) low = middle;
      else high = middle;
    }
    return low / (1 - low);
  };
  const centre = ratio / (1 + ratio);
  const lower = a.k === 0 ? 0 : solve(z, 0, centre);
  return { lower, upper: solve(-z, centre, 1), method: 'koopman', level };
}

/**
 * The score statistic of the hypothesis that the ratio of the shares is `ratio`, with shares fitted under it: standard
 * normal if it is, positive when the observed ratio is larger.
 */
export function ratioScore(a: Share, b: Share, ratio: number): number {
  const n = a.n + b.n;
  const k = a.k + b.k;
  const linear = ratio * (a.n + b.k) + a.k + b.n;
  const fittedB = (2 * k) / (linear + Math.sqrt(Math.max(0, linear * linear - 4 * ratio * n * k)));
  const fittedA = ratio * fittedB;
  const variance = (fittedA * (1 - fittedA)) / a.n + (ratio * ratio * fittedB * (1 - fittedB)) / b.n;
  const distance = a.k / a.n - (ratio * b.k) / b.n;
  if (variance > 0) return distance / Math.sqrt(variance);
  return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
}
