import { type Estimated, undefinedBecause } from '../figure.js';
import { chiSquareUpperTail } from './gamma.js';
import type { Share } from './interval.js';

/** Whether the shares of several groups are equal within strata. */
export type GeneralisedMantelHaenszel = Estimated<{
  readonly test: 'generalised-mantel-haenszel';
  readonly p: number;
  readonly statistic: number;
  readonly df: number;
  /** Strata that say something; in the others one group has all rows, or all rows succeed, or none. */
  readonly strata: number;
}>;

/**
 * The Cochran-Mantel-Haenszel test of k groups: that within every stratum all groups have the same share. With two
 * groups it is `mantelHaenszel` without correction; with one stratum (N − 1)/N of Pearson's chi-square. J. R. Landis,
 * E. R. Heyman, G. G. Koch, International Statistical Review 46 (1978), section 3.
 *
 * @param strata for each stratum the groups, in the same order everywhere; an absent group has n 0.
 */
export function generalisedMantelHaenszel(strata: readonly (readonly Share[])[]): GeneralisedMantelHaenszel {
  const width = Math.max(0, ...strata.map(({ length }) => length));
  const distance = new Float64Array(width);
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  let informative = 0;
  for (const groups of strata) if (addStratum(groups, distance, covariance)) informative++;
  if (informative === 0) return undefinedBecause('no stratum has two groups, successes and failures');
  const { statistic, df } = quadraticForm(covariance, distance);
  const p = chiSquareUpperTail(statistic, df);
  return { state: 'value', test: 'generalised-mantel-haenszel', p, statistic, df, strata: informative };
}

/** Adds how far a stratum is from equal shares, and how far chance takes it: a multivariate hypergeometric draw. */
function addStratum(groups: readonly Share[], distance: Float64Array, covariance: readonly Float64Array[]): boolean {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const k = groups.reduce((sum, group) => sum + group.k, 0);
  if (k === 0 || k === n || groups.filter((group) => group.n > 0).length < 2) return false;
  const scale = ((k / n) * (n - k)) / (n - 1);
  for (const [i, a] of groups.entries()) {
    distance[i] = (distance[i] ?? 0) + a.k - a.n * (k / n);
    const row = covariance[i];
    if (!row) continue;
    for (const [j, b] of groups.entries()) row[j] = (row[j] ?? 0) + scale * ((i === j ? a.n : 0) - (a.n / n) * b.n);
  }
  return true;
}

/** A pivot this much smaller than what it began as is 0 but for rounding. */
const vanishing = 1e-9;

/**
 * x' S⁻ x by elimination. The groups' distances add up to 0 wherever groups share strata, so S lacks some of its rank:
 * rows that vanish add nothing, and the rank is the number of the others.
 */
function quadraticForm(covariance: readonly Float64Array[], distance: Float64Array) {
  const s = covariance.map((row) => row.slice());
  const x = distance.slice();
  let [statistic, df] = [0, 0];
  for (const [i, row] of s.entries()) {
    const pivot = row[i] ?? 0;
    if (pivot <= vanishing * (covariance[i]?.[i] ?? 0)) continue;
    const own = x[i] ?? 0;
    statistic += (own * own) / pivot;
    df++;
    for (const [j, other] of s.entries()) {
      if (j <= i) continue;
      const factor = (other[i] ?? 0) / pivot;
      x[j] = (x[j] ?? 0) - factor * own;
      for (let c = i; c < other.length; c++) other[c] = (other[c] ?? 0) - factor * (row[c] ?? 0);
    }
  }
  return { statistic, df };
}
