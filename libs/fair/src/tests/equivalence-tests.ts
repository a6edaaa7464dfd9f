import type { ComparedGroup } from '../comparisons/comparison.js';
import { comparableOf } from '../comparisons/fairlearn.js';
import { type ComparisonMetric, contrastOf, ratesOfMetric } from '../comparisons/metrics.js';
import type { CellCounts, Partition } from '../partition.js';
import type { AuditPlan, PlannedMetric } from '../plan.js';
import { equivalence } from '../statistics/equivalence.js';
import { ratioScore, type Share } from '../statistics/interval.js';
import { normalUpperTail } from '../statistics/normal.js';
import { toldP } from '../statistics/told-p.js';
import { wholes } from './rate-tests.js';

/** Whether all groups are shown to be within the margin of a planned metric, before p-values are adjusted. */
export interface EquivalenceTest {
  readonly metric: ComparisonMetric;
  readonly attribute: string;
  readonly margin: number;
  readonly groups: number;
  readonly result:
    | {
        readonly state: 'value';
        readonly test: 'two one-sided tests';
        readonly p: number;
        /** The two groups for which it is hardest to show. */
        readonly hardest: readonly [string, string];
      }
    | { readonly state: 'undefined'; readonly reason: string };
}

/** More groups have too many pairs to look at each. */
const mostPaired = 60;

/**
 * Two one-sided tests of every pair of judged groups and every rate of a metric. All of them together are within the
 * margin when each is, so the largest p is that of the whole, and nothing is paid for the number of pairs (an
 * intersection-union test: R. L. Berger, Technometrics 24 (1982)).
 */
export function equivalenceTests(counts: CellCounts, plan: AuditPlan): readonly EquivalenceTest[] {
  return wholes(counts, plan).flatMap((whole) => plan.metrics.map((planned) => ofMetric(whole, planned, plan)));
}

function ofMetric(whole: Partition, { metric, margin }: PlannedMetric, plan: AuditPlan): EquivalenceTest {
  const parts = ratesOfMetric(metric).map((rate) => comparableOf(rate, whole, plan.floors));
  const sizes = parts.map(({ compared }) => compared.length);
  const head = { metric, attribute: whole.attribute, margin, groups: Math.min(...sizes) };
  const undefinedBecause = (reason: string): EquivalenceTest => ({ ...head, result: { state: 'undefined', reason } });
  if (Math.min(...sizes) < 2) return undefinedBecause('fewer than two groups are large enough');
  if (Math.max(...sizes) > mostPaired) return undefinedBecause(`more than ${mostPaired} groups`);
  const isDifference = contrastOf(metric) === 'difference';
  if (margin === (isDifference ? 0 : 1))
    return undefinedBecause('a margin that allows no gap cannot be shown to be kept');
  const pairs = parts.flatMap(({ compared, pair }) =>
    pairsOf(compared).map(([a, b]) => {
      const shares = pair(a, b, isDifference ? 'difference' : 'ratio');
      return { a, b, p: isDifference ? ofDifference(...shares, margin) : ofRatio(...shares, margin) };
    }),
  );
  const [first, ...others] = pairs;
  if (first === undefined) return undefinedBecause('fewer than two groups are large enough');
  // Where nothing can be shown, p is 1 for many pairs; then the widest of them is named.
  const apart = ({ a, b }: typeof first): number => Math.abs(a.value - b.value);
  const most = others.reduce(
    (worst, pair) => (pair.p > worst.p || (pair.p === worst.p && apart(pair) > apart(worst)) ? pair : worst),
    first,
  );
  const hardest = [most.a.group, most.b.group] as const;
  return { ...head, result: { state: 'value', test: 'two one-sided tests', p: toldP(most.p), hardest } };
}

/** Each pair once. */
function pairsOf(groups: readonly ComparedGroup[]): readonly (readonly [ComparedGroup, ComparedGroup])[] {
  return groups.flatMap((a, i) => groups.slice(i + 1).map((b) => [a, b] as const));
}

function ofDifference(a: Share, b: Share, margin: number): number {
  // At 1 − 2 alpha the interval says yes or no; the p-value needs no level.
  return equivalence(a, b, { margin, alpha: 0.05, method: 'newcombe' }).p;
}

/** By Koopman's score test of each ratio against the margin, the larger p of the two directions. */
function ofRatio(a: Share, b: Share, margin: number): number {
  return Math.max(normalUpperTail(ratioScore(a, b, margin)), normalUpperTail(ratioScore(b, a, margin)));
}
