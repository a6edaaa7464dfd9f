import { addCounts } from '../counts.js';
import type { Group, Partition } from '../partition.js';
import type { AuditPlan, Floors } from '../plan.js';
import { effectiveOf, isMoreBetter, type PlainRate, plainRateOf, type RateName, shareOf } from '../rates.js';
import type { Interval, Share } from '../statistics/interval.js';
import { joinedCounts, type PairShares, pairShares, shareAgainst, sharesOfAll } from './clustered-pairs.js';
import {
  type Aggregation,
  type ComparedGroup,
  type Comparison,
  comparedGroup,
  everybody,
  type LeftOutGroup,
} from './comparison.js';
import {
  atMostOne,
  difference,
  differenceToAll,
  type Estimate,
  mean,
  ratio,
  ratioToAll,
  size,
  type ToAll,
  toAll,
} from './contrasts.js';
import { type ComparisonMetric, type Contrast, definitionOf } from './metrics.js';
import { simultaneousInterval, worstOf } from './simultaneous.js';

/** What a comparison takes from the plan. */
export type PlanForComparison = Pick<AuditPlan, 'floors' | 'level'> &
  Partial<Pick<AuditPlan, 'metrics' | 'attributes' | 'intersections'>> & {
    readonly outcome: Pick<AuditPlan['outcome'], 'polarity'>;
  };

/**
 * Compares the groups of a partition by fairlearn's convention: largest minus smallest rate, or smallest over largest;
 * equalized odds takes the worse of true and false positive rate. Unlike fairlearn, a group without a defined rate is
 * left out and named, instead of counting as 0, and fewer than two groups give no number.
 *
 * @param groups `all` for fairlearn's figure, `judged` for the figure that the verdict uses.
 * @param how fairlearn's other ways: against everybody (`to_overall`), or the mean of two rates.
 * @example
 * compare('demographicParityDifference', partition, 'all', plan); // { state: 'value', value: 0.457118, … }
 */
export function compare(
  metric: ComparisonMetric,
  partition: Partition,
  groups: 'all' | 'judged',
  plan: PlanForComparison,
  how: How = { against: 'each-other', of: 'worst' },
): Comparison {
  const { rates, contrast } = definitionOf(metric);
  const { attribute, stratum } = partition;
  const parts = rates.map((rate) => comparableOf(rate, partition, groups === 'judged' ? plan.floors : noFloors));
  const leftOut = parts.flatMap((part) => part.leftOut);
  const head = {
    metric,
    attribute,
    ...(stratum && { stratum }),
    convention: 'fairlearn',
    contrast,
    aggregation: aggregationOf(rates.length, how),
    groups,
    leftOut,
    leftOutShare: leftOutShareOf(leftOut, partition.groups),
  } as const;
  const gaps = parts.map((part) => gapOf(part, contrast, how.against, plan.level));
  const known: (Gap & { state: 'value' })[] = [];
  for (const gap of gaps) {
    if (gap.state !== 'value') return { ...head, state: gap.state, reason: gap.reason };
    known.push(gap);
  }
  const [worst, other] = [...known].sort((a, b) => (contrast === 'difference' ? b.value - a.value : a.value - b.value));
  if (worst === undefined) throw new Error(`${metric} compares no rate`);
  const isClustered = partition.groups.some(({ counts }) => counts.clusters !== undefined);
  const { value, interval } = other && how.of === 'mean' ? mean(worst, other, isClustered) : worst;
  const { rate, high, low } = worst;
  const sides = isMoreBetter(rate, plan.outcome.polarity) ? { best: high, worst: low } : { best: low, worst: high };
  const simultaneous = groups === 'judged' ? { simultaneous: simultaneousOf(parts, metric, plan) } : {};
  return { ...head, state: 'value', value, interval, ...simultaneous, rate, ...sides };
}

/** The plan's level is that of all its comparisons together: each of them, and of its rates, gets its part of the error. */
function simultaneousOf(parts: readonly Comparable[], metric: ComparisonMetric, plan: PlanForComparison): Interval {
  const { contrast } = definitionOf(metric);
  const { metrics = [], attributes = [], intersections = [] } = plan;
  const family = Math.max(1, metrics.length * (attributes.length + intersections.length));
  const own = 1 - (1 - plan.level) / (family * parts.length);
  const intervals = parts.map(({ compared, pair }) =>
    simultaneousInterval(sharesOfAll(compared, pair, contrast), contrast, own),
  );
  return worstOf(intervals, contrast, plan.level);
}

/** fairlearn's parameters `method` (each other, overall) and `agg` (worst case, mean). */
export interface How {
  readonly against: 'each-other' | 'overall';
  readonly of: 'worst' | 'mean';
}

/** Every way to compare by a metric: two for one rate, four for equalized odds. */
export function waysOf(metric: ComparisonMetric): readonly How[] {
  const against = ['each-other', 'overall'] as const;
  const of = definitionOf(metric).rates.length > 1 ? (['worst', 'mean'] as const) : (['worst'] as const);
  return of.flatMap((which) => against.map((whom) => ({ against: whom, of: which })));
}

function aggregationOf(rates: number, { against, of }: How): Aggregation {
  if (rates === 1) return against === 'overall' ? 'to_overall' : 'between_groups';
  if (against === 'overall') return of === 'mean' ? 'mean_to_overall' : 'worst_case_to_overall';
  return of === 'mean' ? 'mean' : 'worst_case';
}

/** The groups that can be compared by one rate, and those that cannot. */
export interface Comparable {
  readonly rate: RateName;
  /** By name. */
  readonly compared: readonly ComparedGroup[];
  readonly leftOut: readonly LeftOutGroup[];
  readonly all: PlainRate;
  /** The shares of two groups as a contrast between them takes them. */
  readonly pair: PairShares;
  /** A group and everybody else as a contrast between them takes them. */
  readonly against: (group: ComparedGroup, rest: ComparedGroup, contrast: Contrast) => readonly [Share, Share];
  /** The rate of everybody but a group. */
  readonly without: (group: string) => PlainRate;
}

const noFloors: Floors = { group: 0, events: 0 };

/** Who can be compared by one rate: the groups that have it and reach the floors. */
export function comparableOf(
  rate: RateName,
  partition: Pick<Partition, 'groups' | 'stratum'>,
  floors: Floors,
): Comparable {
  const { groups, stratum } = partition;
  const all = plainRateOf(rate, addCounts(groups.map(({ counts }) => counts)));
  const compared: ComparedGroup[] = [];
  const leftOut: LeftOutGroup[] = [];
  for (const { group, counts } of groups) {
    const own = plainRateOf(rate, counts);
    const { n } = counts;
    if (own.state !== 'value') leftOut.push({ group, rate, n, why: own.state });
    else if (!reachesFloors(n, own, all, floors)) leftOut.push({ group, rate, n, why: 'below-floor' });
    else compared.push(comparedGroup(group, own));
  }
  const without = (name: string) => {
    const others = groups.filter(({ group }) => group !== name);
    return plainRateOf(rate, joinedCounts(others, stratum));
  };
  const against: Comparable['against'] = (group, rest, contrast) =>
    shareAgainst(rate, group, partition, rest, contrast);
  return { rate, compared, leftOut, all, pair: pairShares(rate, partition), against, without };
}

/** With fewer clusters the variance between them is hardly known, so a group is not judged. */
export const fewestClusters = 10;

/** Where everybody's rate is withheld, a group's own says how rare an event is. */
function reachesFloors(n: number | null, own: PlainRate & { state: 'value' }, all: PlainRate, floors: Floors): boolean {
  const p = all.state === 'value' ? all.value : own.value;
  const rows = effectiveOf(own) ?? own.n;
  if (own.clustered && own.clustered.clusters < fewestClusters) return false;
  return (n ?? own.n) >= floors.group && rows * Math.min(p, 1 - p) >= floors.events;
}

type Gap =
  | (Estimate & {
      readonly state: 'value';
      readonly rate: RateName;
      readonly high: ComparedGroup;
      readonly low: ComparedGroup;
    })
  | { readonly state: 'undefined' | 'suppressed'; readonly reason: string };

function gapOf(part: Comparable, contrast: Contrast, against: How['against'], level: number): Gap {
  const { rate, compared } = part;
  const [first, ...rest] = compared;
  if (first === undefined || rest.length === 0)
    return { state: 'undefined', reason: `fewer than two groups can be compared by ${rate}` };
  if (against === 'overall') return gapToOverall(part, contrast, level);
  const high = rest.reduce((best, next) => (next.value > best.value ? next : best), first);
  // When all rates are equal, the pair is still made of two groups.
  const low = rest.reduce((best, next) => (next.value < best.value || best === high ? next : best), first);
  const [most, least] = part.pair(high, low, contrast);
  const estimate = contrast === 'difference' ? difference(most, least, level) : ratio(least, most, level);
  if (estimate === null) return { state: 'undefined', reason: `${rate} is 0 in every group, so it has no ratio` };
  return { state: 'value', ...estimate, rate, high, low };
}

/** The group that is farthest from everybody. */
function gapToOverall({ rate, compared, all, without, against }: Comparable, contrast: Contrast, level: number): Gap {
  if (all.state !== 'value') return { state: all.state, reason: `${rate} of everybody is not known: ${all.reason}` };
  const overall = comparedGroup(everybody, all);
  if (contrast === 'ratio' && all.k === 0)
    return { state: 'undefined', reason: `${rate} is 0 in every group, so it has no ratio` };
  const distance = ({ value }: ComparedGroup) =>
    contrast === 'difference'
      ? Math.abs(value - overall.value)
      : 1 - Math.min(value / overall.value, overall.value / value);
  const farthest = compared.reduce((most, group) => (distance(group) > distance(most) ? group : most));
  const sides = sidesOf(farthest, all, without(farthest.group), (rest) => against(farthest, rest, contrast));
  const estimate =
    contrast === 'difference' ? size(differenceToAll(sides, level)) : atMostOne(ratioToAll(sides, level));
  const [high, low] = farthest.value >= overall.value ? [farthest, overall] : [overall, farthest];
  return { state: 'value', ...estimate, rate, high, low };
}

function sidesOf(
  group: ComparedGroup,
  all: PlainRate & { state: 'value' },
  rest: PlainRate,
  against: (rest: ComparedGroup) => readonly [Share, Share],
): ToAll {
  if (group.effective === undefined) return toAll(group, all);
  const values = { group: group.value, all: all.value };
  if (all.weighted === undefined) {
    if (rest.state !== 'value') return toAll(group, all);
    const [own, others] = against(comparedGroup('', rest));
    return { group: own, rest: others, values, weights: { group: group.n, rest: rest.n, all: all.n } };
  }
  const weight = rest.state === 'value' ? (rest.weighted?.n ?? 0) : 0;
  return {
    group: shareOf(group),
    rest: rest.state === 'value' ? shareOf(comparedGroup('', rest)) : { k: 0, n: 0 },
    values,
    weights: { group: all.weighted.n - weight, rest: weight, all: all.weighted.n },
  };
}

function leftOutShareOf(leftOut: readonly LeftOutGroup[], groups: readonly Group[]): number {
  const names = new Set(leftOut.map(({ group }) => group));
  const rowsOf = (some: readonly Group[]) => some.reduce((rows, { counts }) => rows + (counts.n ?? 0), 0);
  const all = rowsOf(groups);
  return all === 0 ? 0 : rowsOf(groups.filter(({ group }) => names.has(group))) / all;
}
