import { type Estimated, undefinedBecause } from '../figure.js';
import { chiSquareUpperTail } from './gamma.js';
import { logRatio } from './log-ratio.js';
import type { Stratum } from './mantel-haenszel.js';

/** What is compared between places: a − b, or ln(a/b). */
export type EffectMeasure = 'difference' | 'log-ratio';

/** Two shares in one place, for instance a city. */
export type Place = Stratum & { readonly name: string };

/** Whether a contrast is the same in all places. */
export type Heterogeneity = Estimated<{
  readonly test: 'cochran-q';
  readonly contrast: EffectMeasure;
  readonly p: number;
  /** Cochran's Q. */
  readonly statistic: number;
  readonly df: number;
  /** I²: the share of the variation between places that is more than chance, from 0 to 1. */
  readonly inconsistency: number;
  /** The mean of the places, weighted by their precision. */
  readonly pooled: number;
  /** Places that have no contrast or no variance, by name. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}>;

/**
 * Cochran's Q and I² for a contrast over places: is it the same everywhere, but for chance? Undefined with fewer than two
 * places that have one. W. G. Cochran, Biometrics 10 (1954); J. P. T. Higgins and S. G. Thompson, Statistics in Medicine
 * 21 (2002).
 */
export function heterogeneity(places: readonly Place[], contrast: EffectMeasure): Heterogeneity {
  const estimates = places.map((place) => ({ name: place.name, ...contrastOf(place, contrast) }));
  const used = estimates.flatMap((estimate) => (estimate.state === 'value' ? [estimate] : []));
  const leftOut = estimates.flatMap((e) => (e.state === 'undefined' ? [{ name: e.name, reason: e.reason }] : []));
  if (used.length < 2) return undefinedBecause(`fewer than two places have a ${contrast} with a variance`);
  let [weights, weighted] = [0, 0];
  for (const { value, variance } of used) {
    weights += 1 / variance;
    weighted += value / variance;
  }
  const pooled = weighted / weights;
  const statistic = used.reduce((sum, { value, variance }) => sum + (value - pooled) ** 2 / variance, 0);
  const df = used.length - 1;
  const inconsistency = statistic > df ? (statistic - df) / statistic : 0;
  const p = chiSquareUpperTail(statistic, df);
  return { state: 'value', test: 'cochran-q', contrast, p, statistic, df, inconsistency, pooled, leftOut };
}

type Moments = Estimated<{ readonly value: number; readonly variance: number }>;

function contrastOf({ a, b }: Stratum, contrast: EffectMeasure): Moments {
  if (a.n === 0 || b.n === 0) return undefinedBecause('one side has no rows');
  const moments: Moments = contrast === 'difference' ? difference({ a, b }) : logRatio(a, b);
  if (moments.state === 'value' && moments.variance <= 0) return undefinedBecause('each side is all or nothing');
  return moments;
}

function difference({ a, b }: Stratum): Moments {
  const [pa, pb] = [a.k / a.n, b.k / b.n];
  return { state: 'value', value: pa - pb, variance: (pa * (1 - pa)) / a.n + (pb * (1 - pb)) / b.n };
}
