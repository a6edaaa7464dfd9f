import { turnedMoments } from '../clusters/cluster-moments.js';
import type { ConfusionCounts, DisclosedCounts } from '../counts.js';
import type { Group, Partition } from '../partition.js';
import type { Polarity } from '../plan.js';
import { isMoreBetter, plainRateOf, type RateName } from '../rates.js';
import type { Share } from '../statistics/interval.js';
import { type PairShares, pairShares } from './clustered-pairs.js';
import { type ComparedGroup, type Comparison, comparedGroup } from './comparison.js';
import { difference, type Estimate, larger, mean, ratio, size } from './contrasts.js';
import type { PairMetric } from './metrics.js';

type Pair = { readonly unprivileged: ComparedGroup; readonly privileged: ComparedGroup };
type Contrast = (pair: Pair, level: number, shares: PairShares) => Estimate | null;

const minus: Contrast = ({ unprivileged: u, privileged: p }, level, shares) =>
  difference(...shares(u, p, 'difference'), level);
const over: Contrast = ({ unprivileged: u, privileged: p }, level, shares) => ratio(...shares(u, p, 'ratio'), level);

interface Definition {
  readonly rates: readonly RateName[];
  readonly contrast: Contrast;
  /** How the contrasts of two rates become one. */
  readonly combine?: (a: Estimate, b: Estimate, together: boolean) => Estimate;
}

/** The error rate is 1 − accuracy: its difference is that of the accuracies, turned round. */
const errorMinus: Contrast = ({ unprivileged: u, privileged: p }, level, shares) => {
  const [a, b] = shares(u, p, 'difference');
  return difference(wrong(a), wrong(b), level);
};
const errorOver: Contrast = ({ unprivileged: u, privileged: p }, level, shares) => {
  const [a, b] = shares(u, p, 'ratio of complements');
  return ratio(wrong(a), wrong(b), level);
};
const wrong = ({ k, n }: Share): Share => ({ k: n - k, n });

const odds = ['falsePositiveRate', 'truePositiveRate'] as const;
const definitions = {
  statisticalParityDifference: { rates: ['selectionRate'], contrast: minus },
  disparateImpact: { rates: ['selectionRate'], contrast: over },
  equalOpportunityDifference: { rates: ['truePositiveRate'], contrast: minus },
  averageOddsDifference: { rates: odds, contrast: minus, combine: mean },
  averageAbsOddsDifference: {
    rates: odds,
    contrast: minus,
    combine: (a, b, together) => mean(size(a), size(b), together),
  },
  equalizedOddsDifference: { rates: odds, contrast: minus, combine: (a, b) => larger(size(a), size(b)) },
  averagePredictiveValueDifference: {
    rates: ['positivePredictiveValue', 'falseOmissionRate'],
    contrast: minus,
    combine: mean,
  },
  errorRateDifference: { rates: ['accuracy'], contrast: errorMinus },
  errorRateRatio: { rates: ['accuracy'], contrast: errorOver },
  falsePositiveRateDifference: { rates: ['falsePositiveRate'], contrast: minus },
  falsePositiveRateRatio: { rates: ['falsePositiveRate'], contrast: over },
  falseNegativeRateDifference: { rates: ['falseNegativeRate'], contrast: minus },
  falseNegativeRateRatio: { rates: ['falseNegativeRate'], contrast: over },
  falseDiscoveryRateDifference: { rates: ['falseDiscoveryRate'], contrast: minus },
  falseDiscoveryRateRatio: { rates: ['falseDiscoveryRate'], contrast: over },
  falseOmissionRateDifference: { rates: ['falseOmissionRate'], contrast: minus },
  falseOmissionRateRatio: { rates: ['falseOmissionRate'], contrast: over },
} as const satisfies Readonly<Record<PairMetric, Definition>>;

/**
 * Compares one group with another by AIF360's convention: signed, unprivileged minus privileged, or unprivileged over
 * privileged. All rates count the favourable decision as positive: it is the negative one where a positive decision is a
 * burden. Rows of other groups do not count.
 *
 * @param polarity what a positive decision means to the person it is about.
 * @example
 * comparePair('disparateImpact', 'race', { unprivileged, privileged }, { polarity: 'burden', level: 0.95 });
 */
export function comparePair(
  metric: PairMetric,
  { attribute, stratum }: Pick<Partition, 'attribute' | 'stratum'>,
  groups: { readonly unprivileged: Group; readonly privileged: Group },
  { polarity, level }: { readonly polarity: Polarity; readonly level: number },
): Comparison {
  const { rates, contrast, combine }: Definition = definitions[metric];
  const pair = {
    unprivileged: groups.unprivileged.group,
    privileged: groups.privileged.group,
    favourable: polarity === 'benefit' ? 'positive' : 'negative',
  } as const;
  const head = {
    metric,
    attribute,
    ...(stratum && { stratum }),
    convention: 'aif360',
    contrast: metric === 'disparateImpact' || metric.endsWith('Ratio') ? 'ratio' : 'difference',
    aggregation: 'pair',
    groups: 'all',
    leftOut: [],
    leftOutShare: 0,
  } as const;
  const parts: (Estimate & Pair & { readonly rate: RateName })[] = [];
  for (const rate of rates) {
    const sides = sidesOf(rate, groups, polarity);
    if (sides.state !== 'value') return { ...head, state: sides.state, reason: sides.reason };
    const estimate = contrast(sides, level, pairShares(rate, turnedPair(groups, polarity, stratum)));
    if (estimate === null)
      return { ...head, state: 'undefined', reason: `the ${rate} to divide by, of ${pair.privileged}, is 0` };
    parts.push({ ...sides, ...estimate, rate });
  }
  const [first, second] = parts;
  if (first === undefined) throw new Error(`${metric} compares no rate`);
  const decisive = second && Math.abs(second.value) > Math.abs(first.value) ? second : first;
  const { value, interval } =
    second && combine ? combine(first, second, groups.privileged.counts.clusters !== undefined) : first;
  const { rate, unprivileged, privileged } = decisive;
  // The favourable decision counts as the positive one here, so it is a benefit whatever a positive decision is.
  const isBehind = isMoreBetter(rate, 'benefit') === unprivileged.value < privileged.value;
  const sides = isBehind ? { best: privileged, worst: unprivileged } : { best: unprivileged, worst: privileged };
  return { ...head, state: 'value', value, interval, rate, ...sides, pair };
}

type Sides =
  | (Pair & { readonly state: 'value' })
  | { readonly state: 'undefined' | 'suppressed'; readonly reason: string };

function sidesOf(
  name: RateName,
  { unprivileged, privileged }: { readonly unprivileged: Group; readonly privileged: Group },
  polarity: Polarity,
): Sides {
  const compared: ComparedGroup[] = [];
  for (const { group, counts } of [unprivileged, privileged]) {
    const rate = plainRateOf(name, polarity === 'benefit' ? counts : turned(counts));
    if (rate.state !== 'value')
      return { state: rate.state, reason: `${name} of ${group} is not known: ${rate.reason}` };
    compared.push(comparedGroup(group, rate));
  }
  const [u, p] = compared;
  if (u === undefined || p === undefined) throw new Error('a pair has two groups');
  return { state: 'value', unprivileged: u, privileged: p };
}

function turnedPair(
  { unprivileged, privileged }: { readonly unprivileged: Group; readonly privileged: Group },
  polarity: Polarity,
  stratum: Partition['stratum'],
): Pick<Partition, 'groups' | 'stratum'> {
  const of = (group: Group) => (polarity === 'benefit' ? group : { ...group, counts: turned(group.counts) });
  return { groups: [of(unprivileged), of(privileged)], ...(stratum && { stratum }) };
}

/** The same people with the negative decision as the one that counts. */
export function turned({ weights, clusters, ...cells }: DisclosedCounts): DisclosedCounts {
  if (clusters) return { ...turnedCells(cells), clusters: turnedMoments(clusters) };
  if (!weights) return turnedCells(cells);
  return {
    ...turnedCells(cells),
    weights: { sums: turnedCells(weights.sums), squares: turnedCells(weights.squares) },
  };
}

function turnedCells<T>({ n, tn, fp, fn, tp }: Readonly<Record<keyof ConfusionCounts, T>>) {
  return { n, tn: tp, fp: fn, fn: fp, tp: tn };
}

/** More pairs would make a report that nobody reads. */
const mostPairs = 50;

/**
 * The pairs that are compared where nobody says who is privileged: each two groups, the better off by selection as the
 * privileged one; with more than six groups each against the largest, at most 50 of them, the larger ones first.
 *
 * @param reference the privileged group, where it is known.
 */
export function pairsOf(
  { groups }: Partition,
  polarity: Polarity,
  reference?: string,
): readonly { readonly unprivileged: Group; readonly privileged: Group }[] {
  const named = groups.find(({ group }) => group === reference);
  const against = named ?? (groups.length > 6 ? largestOf(groups) : undefined);
  if (against) {
    const others = groups.filter((group) => group !== against);
    const kept = new Set([...others].sort((a, b) => (b.counts.n ?? 0) - (a.counts.n ?? 0)).slice(0, mostPairs));
    return others.filter((group) => kept.has(group)).map((group) => ({ unprivileged: group, privileged: against }));
  }
  return groups.flatMap((a, i) =>
    groups.slice(i + 1).map((b) => {
      const isABetter = advantageOf(a, polarity) >= advantageOf(b, polarity);
      return isABetter ? { unprivileged: b, privileged: a } : { unprivileged: a, privileged: b };
    }),
  );
}

function largestOf(groups: readonly Group[]): Group | undefined {
  return groups.reduce<Group | undefined>(
    (most, group) => ((group.counts.n ?? 0) > (most?.counts.n ?? -1) ? group : most),
    undefined,
  );
}

function advantageOf({ counts }: Group, polarity: Polarity): number {
  const rate = plainRateOf('selectionRate', counts);
  if (rate.state !== 'value') return 0;
  return polarity === 'benefit' ? rate.value : -rate.value;
}
