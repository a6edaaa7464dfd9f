import type { Share } from './interval.js';

/** Rates of groups with what is known of them before any gap is assumed. */
export interface NoisyRates {
  readonly rows: Float64Array;
  readonly observed: Float64Array;
  readonly errors: Float64Array;
  /** Drawn towards those of similar groups, as far as noise has spread them. */
  readonly drawn: Float64Array;
}

/** Groups this many standard errors from each other are similar. */
const similar = 3;

/**
 * Observed rates lie further apart than true ones. Each is drawn towards the mean of those near it, by the share of their
 * spread that noise explains: groups that are alike become equal, and groups that differ stay apart.
 */
export function withoutNoise(groups: readonly Share[]): NoisyRates {
  const observed = Float64Array.from(groups, ({ k, n }) => k / n);
  const errors = Float64Array.from(groups, ({ k, n }) => errorOf((k + 0.5) / (n + 1), n));
  const varianceOf = (i: number): number => (errors[i] ?? 0) * (errors[i] ?? 0);
  const drawn = observed.map((rate, i) => {
    const near = Array.from(observed).flatMap((other, j) =>
      Math.abs(other - rate) <= similar * Math.sqrt((varianceOf(i) + varianceOf(j)) / 2)
        ? [{ rate: other, weight: 1 / varianceOf(j) }]
        : [],
    );
    const weight = near.reduce((sum, one) => sum + one.weight, 0);
    const mean = near.reduce((sum, one) => sum + one.weight * one.rate, 0) / weight;
    const spread = near.reduce((sum, one) => sum + one.weight * (one.rate - mean) ** 2, 0);
    const noise = spread > 0 ? Math.min(1, (near.length - 1) / spread) : 1;
    return near.length === 1 ? rate : mean + (1 - noise) * (rate - mean);
  });
  return { rows: Float64Array.from(groups, ({ n }) => n), observed, errors, drawn };
}

/** The standard error of an observed rate where the true one is this. It is not taken to be nearer to 0 or 1 than half a row. */
export function errorOf(rate: number, n: number): number {
  const p = Math.min(1 - 0.5 / n, Math.max(0.5 / n, rate));
  return Math.sqrt((p * (1 - p)) / n);
}
