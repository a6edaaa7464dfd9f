import { binomialMass } from './binomial.js';
import type { Interval, Share } from './interval.js';

interface Outcome {
  readonly share: Share;
  readonly chance: number;
}

/** All numbers of successes that matter: what is left out has a chance below 1e-6. */
function outcomes(n: number, p: number): readonly Outcome[] {
  const reach = 5 * Math.sqrt(n * p * (1 - p)) + 12;
  const from = Math.max(0, Math.floor(n * p - reach));
  const to = Math.min(n, Math.ceil(n * p + reach));
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const k = from + i;
    return { share: { k, n }, chance: binomialMass(k, n, p) };
  });
}

/** How often an interval for a share covers it: the exact sum over all samples. */
export function coverageOfShare(interval: (k: number, n: number) => Interval, n: number, p: number): number {
  let covered = 0;
  for (const { share, chance } of outcomes(n, p)) {
    const { lower, upper } = interval(share.k, n);
    if (lower <= p && p <= upper) covered += chance;
  }
  return covered;
}

/** How often an interval for a difference covers it: the exact sum over all pairs of samples. */
export function coverageOfDifference(
  interval: (a: Share, b: Share) => Pick<Interval, 'lower' | 'upper'>,
  [n1, p1]: readonly [number, number],
  [n2, p2]: readonly [number, number],
): number {
  const second = outcomes(n2, p2);
  let covered = 0;
  for (const a of outcomes(n1, p1))
    for (const b of second) {
      if (a.chance * b.chance < 1e-10) continue;
      const { lower, upper } = interval(a.share, b.share);
      if (lower <= p1 - p2 && p1 - p2 <= upper) covered += a.chance * b.chance;
    }
  return covered;
}
