import type { Bounds, Interval, Share } from './interval.js';
import { normalQuantile } from './normal.js';

/**
 * Miettinen and Nurminen's score interval for the difference a − b of two independent shares: the differences that their
 * score test, with its factor n/(n − 1), does not reject. O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985).
 * Each n at least 1.
 *
 * @example
 * miettinenNurminen({ k: 56, n: 70 }, { k: 48, n: 80 }, 0.95); // 0.0528 to 0.3382
 */
export function miettinenNurminen(a: Share, b: Share, level: number): Interval {
  return { ...scoreBounds(a, b, normalQuantile((1 + level) / 2)), method: 'miettinen-nurminen', level };
}

/** The score falls as the difference grows, so bisection finds where it crosses z and −z. */
function scoreBounds(a: Share, b: Share, z: number): Bounds {
  const observed = a.k / a.n - b.k / b.n;
  const solve = (target: number, from: number, to: number): number => {
    let [low, high] = [from, to];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (differenceScore(a, b, middle) > target) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return { lower: solve(z, -1, observed), upper: solve(-z, observed, 1) };
}

/**
 * The score statistic of the hypothesis that the difference a − b is `difference` (from −1 to 1): standard normal under
 * it, positive when the observed difference is larger. Infinite when the hypothesis excludes what was observed.
 */
export function differenceScore(a: Share, b: Share, difference: number): number {
  const fittedB = fittedShare(a, b, difference);
  const fittedA = fittedB + difference;
  const n = a.n + b.n;
  const variance = ((fittedA * (1 - fittedA)) / a.n + (fittedB * (1 - fittedB)) / b.n) * (n / (n - 1));
  const distance = a.k / a.n - b.k / b.n - difference;
  if (variance > 0) return distance / Math.sqrt(variance);
  return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
}

/** The most likely share of b when that of a is `difference` more. The likelihood has one peak: its slope changes sign. */
function fittedShare(a: Share, b: Share, difference: number): number {
  let [low, high] = [Math.max(0, -difference), Math.min(1, 1 - difference)];
  for (let i = 0; i < 56; i++) {
    const pb = (low + high) / 2;
    const pa = pb + difference;
    const slope = (a.k - a.n * pa) * pb * (1 - pb) + (b.k - b.n * pb) * pa * (1 - pa);
    if (slope > 0) low = pb;
    else high = pb;
  }
  return (low + high) / 2;
}
