import { seededRandom } from '@hansa/kernel';
import { type Estimated, undefinedBecause } from '../figure.js';
import { deal, generator } from './draws.js';
import type { Share } from './interval.js';

/** The largest gap between groups held against what chance alone makes of it. */
export type GapTest = Estimated<{
  readonly test: 'permutation of the largest gap';
  /** (1 + permuted gaps at least as large as the observed one) / (1 + replicates): never 0, and exact in its kind. */
  readonly p: number;
  /** The largest minus the smallest rate, over all strata. */
  readonly statistic: number;
  /** The mean gap when no group differs: noise always has a largest and a smallest. */
  readonly expected: number;
  readonly replicates: number;
  readonly seed: number;
  readonly generator: string;
}>;

/**
 * Tests whether the largest gap between the rates of groups is more than chance: within each stratum the rows are
 * shuffled among the groups, which for counts is a multivariate hypergeometric draw. Undefined with fewer than two groups
 * that have rows. R. A. Fisher, The Design of Experiments (1935); for the p-value B. Phipson and G. K. Smyth, Statistical
 * Applications in Genetics and Molecular Biology 9 (2010).
 *
 * @param strata for each stratum the groups, in the same order everywhere; one stratum if there are none.
 * @example
 * permutationGap([[{ k: 30, n: 100 }, { k: 10, n: 100 }]], { replicates: 1999, seed: 1 }); // p 0.0005
 */
export function permutationGap(
  strata: readonly (readonly Share[])[],
  { replicates, seed }: { readonly replicates: number; readonly seed: number },
): GapTest {
  const groups = Math.max(0, ...strata.map(({ length }) => length));
  const rows = Float64Array.from({ length: groups }, (_, i) => strata.reduce((sum, s) => sum + (s[i]?.n ?? 0), 0));
  if (rows.filter((n) => n > 0).length < 2) return undefinedBecause('fewer than two groups have rows');
  const observed = Float64Array.from({ length: groups }, (_, i) => strata.reduce((sum, s) => sum + (s[i]?.k ?? 0), 0));
  const statistic = gapOf(observed, rows);
  const urns = strata.map((stratum) => ({
    good: stratum.reduce((sum, { k }) => sum + k, 0),
    sizes: stratum.map(({ n }) => n),
    dealt: new Float64Array(stratum.length),
  }));
  const random = seededRandom(seed);
  const sums = new Float64Array(groups);
  let [atLeast, total] = [0, 0];
  for (let r = 0; r < replicates; r++) {
    sums.fill(0);
    for (const { good, sizes, dealt } of urns) {
      deal(random, good, sizes, dealt);
      for (let i = 0; i < dealt.length; i++) sums[i] = (sums[i] ?? 0) + (dealt[i] ?? 0);
    }
    const gap = gapOf(sums, rows);
    total += gap;
    // Equal tables may differ in the last bit of their gap.
    if (gap >= statistic - 1e-12) atLeast++;
  }
  const p = (1 + atLeast) / (1 + replicates);
  const drawn = { replicates, seed, generator };
  return {
    state: 'value',
    test: 'permutation of the largest gap',
    p,
    statistic,
    expected: total / replicates,
    ...drawn,
  };
}

/** The largest minus the smallest rate of groups that have rows. */
function gapOf(successes: Float64Array, rows: Float64Array): number {
  let [least, most] = [1, 0];
  for (let i = 0; i < rows.length; i++) {
    const n = rows[i] ?? 0;
    if (n === 0) continue;
    const rate = (successes[i] ?? 0) / n;
    if (rate < least) least = rate;
    if (rate > most) most = rate;
  }
  return most - least;
}
