import type { HeadlineComparison } from '../comparisons/comparison.js';
import type { CellCounts } from '../partition.js';
import type { AuditPlan, Floors } from '../plan.js';
import { type Rate, type RateName, rateOf, shareOf } from '../rates.js';
import { type Heterogeneity, heterogeneity, type Place } from '../statistics/heterogeneity.js';
import { type Interval, newcombe, type Share } from '../statistics/interval.js';
import { type BreslowDay, breslowDay, type MantelHaenszel, mantelHaenszel } from '../statistics/mantel-haenszel.js';
import { normalUpperTail } from '../statistics/normal.js';

/** One city by name, with its own counts. */
export interface CityPopulation {
  readonly name: string;
  readonly counts: CellCounts;
}

/** The gap that decided over all cities, in one of them: always the same two groups, in the same order. */
export type CityGap = { readonly city: string } & (
  | {
      readonly state: 'value';
      readonly high: Share;
      readonly low: Share;
      /** Rate of `high` minus rate of `low`; negative where the city has it the other way round. */
      readonly difference: number;
      readonly interval: Interval;
      /** Whether both groups reach the plan's floors in this city. */
      readonly judged: boolean;
    }
  | { readonly state: 'undefined' | 'suppressed'; readonly reason: string }
);

/** Two groups of a rate, over all cities and in each of them. */
export interface CityContrast {
  readonly attribute: string;
  readonly rate: RateName;
  /** The group with the higher rate over all cities, and the one with the lower. */
  readonly high: string;
  readonly low: string;
  readonly pooled: { readonly high: Share; readonly low: Share; readonly difference: number };
  /** By name. */
  readonly cities: readonly CityGap[];
  /** Whether the difference is the same everywhere, but for chance. */
  readonly heterogeneity: Heterogeneity;
  /** Whether the odds ratio is. */
  readonly breslowDay: BreslowDay;
  /** The odds of the groups within cities, which differences between cities cannot make. */
  readonly mantelHaenszel: MantelHaenszel;
  /** In every city that can be judged, two at least, the order of the groups is the other way round (Simpson). */
  readonly reversed: boolean;
  /** Cities whose difference is not that of the others, at the plan's level for all cities together. */
  readonly outlying: readonly { readonly city: string; readonly p: number; readonly others: number }[];
}

/** Each gap that decides by a planned metric, once, city by city. */
export function cityContrasts(
  cities: readonly CityPopulation[],
  comparisons: readonly HeadlineComparison[],
  plan: AuditPlan,
): readonly CityContrast[] {
  const planned = comparisons.flatMap((c) =>
    c.state === 'value' && c.groups === 'judged' && plan.metrics.some(({ metric }) => metric === c.metric) ? [c] : [],
  );
  const contrasts = new Map<string, CityContrast>();
  for (const { attribute, rate, best, worst } of planned) {
    const [high, low] = best.value >= worst.value ? [best, worst] : [worst, best];
    const key = JSON.stringify([attribute, rate, high.group, low.group]);
    if (contrasts.has(key)) continue;
    const gaps = cities.map((city) => gapIn(city, attribute, rate, [high.group, low.group], plan));
    const pooled = { high: shareOf(high), low: shareOf(low), difference: high.value - low.value };
    contrasts.set(key, contrastOf({ attribute, rate, high: high.group, low: low.group, pooled, cities: gaps }, plan));
  }
  return [...contrasts.values()];
}

type Told = Pick<CityContrast, 'attribute' | 'rate' | 'high' | 'low' | 'pooled' | 'cities'>;

function contrastOf(told: Told, { level }: AuditPlan): CityContrast {
  const places = told.cities.flatMap((gap) =>
    gap.state === 'value' ? [{ name: gap.city, a: gap.high, b: gap.low, judged: gap.judged }] : [],
  );
  const differences = told.cities.flatMap((gap) => (gap.state === 'value' && gap.judged ? [gap.difference] : []));
  const reversed = told.pooled.difference > 0 && differences.length > 1 && differences.every((own) => own < 0);
  return {
    ...told,
    heterogeneity: heterogeneity(places.map(plain), 'difference'),
    breslowDay: breslowDay(places),
    mantelHaenszel: mantelHaenszel(places, level),
    reversed,
    outlying: outlying(places.filter(({ judged }) => judged).map(plain), 1 - level),
  };
}

const plain = ({ name, a, b }: Place): Place => ({ name, a, b });
/** Rows, or in a weighted audit as many rows of equal weight as tell as much. */
const share = ({ k, n, value, weighted }: Rate & { state: 'value' }) =>
  shareOf({ k, n, value, effective: weighted?.effective });

function gapIn(
  { name: city, counts }: CityPopulation,
  attribute: string,
  rate: RateName,
  groups: readonly [string, string],
  { level, floors }: AuditPlan,
): CityGap {
  const partition = counts.partitions.find((own) => own.attribute === attribute && !own.stratum);
  const [high, low] = groups.map((group) => partition?.groups.find((own) => own.group === group));
  if (!high || !low) return { city, state: 'undefined', reason: 'one of the groups has no rows here' };
  const [a, b] = [rateOf(rate, high.counts, level), rateOf(rate, low.counts, level)];
  if (a.state !== 'value') return { city, state: a.state, reason: a.reason };
  if (b.state !== 'value') return { city, state: b.state, reason: b.reason };
  const [highShare, lowShare] = [share(a), share(b)];
  const all = (highShare.k + lowShare.k) / (highShare.n + lowShare.n);
  const reaches = (n: number | null, own: Share) => isLarge(n ?? own.n, own.n, all, floors);
  return {
    city,
    state: 'value',
    high: highShare,
    low: lowShare,
    difference: a.value - b.value,
    interval: newcombe(highShare, lowShare, level),
    judged: reaches(high.counts.n, highShare) && reaches(low.counts.n, lowShare),
  };
}

function isLarge(rows: number, n: number, rate: number, { group, events }: Floors): boolean {
  return rows >= group && n * Math.min(rate, 1 - rate) >= events;
}

/**
 * Each city against the mean of the others, weighted by precision; p by Bonferroni over the cities. The farthest is set
 * apart first, so that it does not make the others look strange. Of two cities nobody can say which one is unlike the
 * other.
 */
function outlying(places: readonly Place[], alpha: number): CityContrast['outlying'] {
  let known = places.flatMap(({ name, a, b }): readonly Measured[] => {
    const [pa, pb] = [a.k / a.n, b.k / b.n];
    const variance = (pa * (1 - pa)) / a.n + (pb * (1 - pb)) / b.n;
    return variance > 0 ? [{ city: name, difference: pa - pb, variance }] : [];
  });
  const found: CityContrast['outlying'][number][] = [];
  const tests = known.length;
  while (known.length > 2) {
    const [farthest] = known.map((own) => againstOthers(own, known, tests)).sort((a, b) => a.p - b.p || b.z - a.z);
    if (!farthest || farthest.p >= alpha) break;
    found.push({ city: farthest.city, p: farthest.p, others: farthest.others });
    known = known.filter(({ city }) => city !== farthest.city);
  }
  return found;
}

interface Measured {
  readonly city: string;
  readonly difference: number;
  readonly variance: number;
}

function againstOthers({ city, difference, variance }: Measured, all: readonly Measured[], tests: number) {
  const others = all.filter((own) => own.city !== city);
  const weights = others.reduce((sum, own) => sum + 1 / own.variance, 0);
  const mean = others.reduce((sum, own) => sum + own.difference / own.variance, 0) / weights;
  const z = Math.abs(difference - mean) / Math.sqrt(variance + 1 / weights);
  return { city, z, p: Math.min(1, 2 * normalUpperTail(z) * tests), others: mean };
}
