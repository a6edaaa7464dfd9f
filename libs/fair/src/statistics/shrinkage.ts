import { type Estimated, undefinedBecause } from '../figure.js';
import { betaQuantile } from './beta.js';
import { type Interval, type Share, wilson } from './interval.js';

/** A group's rate drawn towards that of all groups, the more so the fewer rows it has. */
export interface ShrunkenRate {
  readonly value: number;
  readonly interval: Interval;
  /** The weight of the group's own rate, from 0 (all from the others) to 1. */
  readonly weight: number;
}

export type Shrinkage = Estimated<{
  readonly model: 'beta-binomial, by moments';
  /** The mean rate towards which groups are drawn. */
  readonly mean: number;
  /** How many rows the prior counts for; null when the groups differ by no more than chance, and all get the mean. */
  readonly priorRows: number | null;
  /** In the order given. */
  readonly groups: readonly ShrunkenRate[];
}>;

/**
 * Empirical-Bayes rates of groups: each group's true rate is taken to come from one beta distribution, whose mean is the
 * pooled rate and whose spread is estimated from the groups' own (the ANOVA estimator of the intra-class correlation:
 * M. S. Ridout, C. G. B. Demétrio, D. Firth, Biometrics 55 (1999)). The interval is the equal-tailed one of the posterior;
 * it takes mean and spread as known, so with few groups it errs towards too much certainty. Shown beside the raw rates,
 * never instead of them. Undefined with fewer than two groups that have rows.
 *
 * @param level the confidence of the intervals, between 0 and 1.
 */
export function shrink(groups: readonly Share[], level: number): Shrinkage {
  const filled = groups.filter(({ n }) => n > 0);
  if (filled.length < 2) return undefinedBecause('fewer than two groups have rows');
  const n = filled.reduce((sum, group) => sum + group.n, 0);
  const k = filled.reduce((sum, group) => sum + group.k, 0);
  const mean = k / n;
  const correlation = intraClassCorrelation(filled, n, mean);
  const head = { state: 'value', model: 'beta-binomial, by moments', mean } as const;
  if (correlation <= 0) {
    const pooled = { value: mean, interval: wilson(k, n, level), weight: 0 };
    return { ...head, priorRows: null, groups: groups.map(() => pooled) };
  }
  const priorRows = (1 - correlation) / correlation;
  return { ...head, priorRows, groups: groups.map((group) => posterior(group, { mean, priorRows, level })) };
}

/** From the mean squares between and within groups; at most 0 when groups differ by no more than chance makes them. */
function intraClassCorrelation(groups: readonly Share[], n: number, mean: number): number {
  let [between, within, squares] = [0, 0, 0];
  for (const group of groups) {
    const rate = group.k / group.n;
    between += group.n * (rate - mean) ** 2;
    within += group.k * (1 - rate);
    squares += group.n * group.n;
  }
  if (n === groups.length || within + between === 0) return 0;
  const meanBetween = between / (groups.length - 1);
  const meanWithin = within / (n - groups.length);
  const rowsEach = (n - squares / n) / (groups.length - 1);
  return (meanBetween - meanWithin) / (meanBetween + (rowsEach - 1) * meanWithin);
}

function posterior(
  { k, n }: Share,
  { mean, priorRows, level }: { readonly mean: number; readonly priorRows: number; readonly level: number },
): ShrunkenRate {
  const a = k + mean * priorRows;
  const b = n - k + (1 - mean) * priorRows;
  const [lower, upper] = a > 0 && b > 0 ? [tail(a, b, level), 1 - tail(b, a, level)] : [mean, mean];
  const interval: Interval = { lower, upper, method: 'beta-binomial', level };
  return { value: a / (a + b), interval, weight: n / (n + priorRows) };
}

const tail = (a: number, b: number, level: number): number => betaQuantile((1 - level) / 2, a, b);
