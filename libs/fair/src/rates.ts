import { type ClusteredShare, clusteredShare } from './clusters/cluster-moments.js';
import type { ConfusionCounts, DisclosedCounts } from './counts.js';
import { effectiveRows } from './statistics/effective-rows.js';
import { type Interval, type Share, wilson } from './statistics/interval.js';

/**
 * A rate k/n, or why there is none. Undefined when n is 0: no number is made up for a group in which the question does
 * not arise. Suppressed when a cell that it needs was withheld.
 */
export type Rate =
  | {
      readonly state: 'value';
      /** Rows counted. */
      readonly k: number;
      /** Rows that could have been counted. */
      readonly n: number;
      /** k / n, from 0 to 1; in a weighted audit the weight of the rows counted over that of all that could have been. */
      readonly value: number;
      readonly interval: Interval;
      /** Only in a weighted audit. */
      readonly weighted?: WeightedShare;
      /** Only where rows belong to clusters. */
      readonly clustered?: ClusteredShare;
    }
  | {
      readonly state: 'undefined';
      readonly k: 0;
      readonly n: 0;
      /** Why, as a phrase: `no rows with a positive label`. */
      readonly reason: string;
    }
  | {
      readonly state: 'suppressed';
      /** Why, as a phrase: `small counts of rows with a positive label were withheld`. */
      readonly reason: string;
    };

/** What rows stand for, and how much they tell. */
export interface WeightedShare {
  /** The weight of the rows counted. */
  readonly k: number;
  /** The weight of the rows that could have been counted. */
  readonly n: number;
  /** So many rows of equal weight would tell as much; see `effectiveRows`. The interval is that of as many. */
  readonly effective: number;
}

/** A rate without its interval. */
export type PlainRate = Omit<Extract<Rate, { state: 'value' }>, 'interval'> | Exclude<Rate, { state: 'value' }>;

type Cell = keyof ConfusionCounts;

interface Definition {
  /** The cells that are counted. */
  readonly k: readonly Cell[];
  /** The cells that could have been counted. */
  readonly n: readonly Cell[];
  /** The rows that n counts. */
  readonly among: string;
}

const rows = { n: ['n'], among: 'rows' } as const;
const positives = { n: ['fn', 'tp'], among: 'rows with a positive label' } as const;
const negatives = { n: ['tn', 'fp'], among: 'rows with a negative label' } as const;
const selected = { n: ['fp', 'tp'], among: 'rows decided positive' } as const;
const rejected = { n: ['tn', 'fn'], among: 'rows decided negative' } as const;

const definitions = {
  selectionRate: { k: ['fp', 'tp'], ...rows },
  baseRate: { k: ['fn', 'tp'], ...rows },
  truePositiveRate: { k: ['tp'], ...positives },
  falsePositiveRate: { k: ['fp'], ...negatives },
  trueNegativeRate: { k: ['tn'], ...negatives },
  falseNegativeRate: { k: ['fn'], ...positives },
  positivePredictiveValue: { k: ['tp'], ...selected },
  negativePredictiveValue: { k: ['tn'], ...rejected },
  falseDiscoveryRate: { k: ['fp'], ...selected },
  falseOmissionRate: { k: ['fn'], ...rejected },
  accuracy: { k: ['tn', 'tp'], ...rows },
} as const satisfies Record<string, Definition>;

export type RateName = keyof typeof definitions;

/** Every rate of a confusion table, in the order of the report. */
export const rateNames = Object.keys(definitions) as readonly RateName[];

/** The cells of which a rate is made. */
export function definitionOfRate(name: RateName): Pick<Definition, 'k' | 'n'> {
  return definitions[name];
}

/** Rates of right and wrong answers: being right is good for everybody. The others say who gets a positive decision. */
const quality: Readonly<Partial<Record<RateName, 'right' | 'wrong'>>> = {
  accuracy: 'right',
  positivePredictiveValue: 'right',
  negativePredictiveValue: 'right',
  falseDiscoveryRate: 'wrong',
  falseOmissionRate: 'wrong',
};

/**
 * Whether a group is better off with more of a rate. The shares that get a positive decision follow the polarity; true
 * negatives and false negatives are the shares that do not get one.
 */
export function isMoreBetter(rate: RateName, polarity: 'benefit' | 'burden'): boolean {
  const kind = quality[rate];
  if (kind) return kind === 'right';
  const isRefusal = rate === 'trueNegativeRate' || rate === 'falseNegativeRate';
  return isRefusal === (polarity === 'burden');
}

/**
 * One rate of a confusion table with its Wilson interval; of weighted or clustered rows that of the effective number of
 * them.
 *
 * @param level the interval's confidence, between 0 and 1.
 * @example
 * rateOf('falsePositiveRate', { n: 3696, tn: 990, fp: 805, fn: 532, tp: 1369 }, 0.95); // 805/1795 = 0.448468
 */
export function rateOf(name: RateName, counts: DisclosedCounts, level: number): Rate {
  const rate = plainRateOf(name, counts);
  if (rate.state !== 'value') return rate;
  const share = shareOf({ ...rate, effective: effectiveOf(rate) });
  return { ...rate, interval: wilson(share.k, share.n, level) };
}

/** One rate of a confusion table, where nobody asks how sure it is. */
export function plainRateOf(name: RateName, counts: DisclosedCounts): PlainRate {
  const { k: counted, n: countable, among }: Definition = definitions[name];
  const n = sumOf(counts, countable);
  if (n === 0) return { state: 'undefined', k: 0, n: 0, reason: `no ${among}` };
  const k = sumOf(counts, counted);
  if (n === null || k === null) return { state: 'suppressed', reason: `small counts of ${among} were withheld` };
  if (counts.weights) return weightedRate(definitions[name], counts.weights, { k, n });
  const { clusters } = counts;
  if (clusters)
    return { state: 'value', k, n, value: k / n, clustered: clusteredShare(definitions[name], clusters, k / n, n) };
  return { state: 'value', k, n, value: k / n };
}

function weightedRate(
  { k: counted, n: countable, among }: Definition,
  { sums, squares }: NonNullable<DisclosedCounts['weights']>,
  rows: Share,
): PlainRate {
  const over = (cells: readonly Cell[], of: ConfusionCounts) => cells.reduce((sum, cell) => sum + of[cell], 0);
  const cells = countable.flatMap((cell): readonly Cell[] => (cell === 'n' ? ['tn', 'fp', 'fn', 'tp'] : [cell]));
  const others = cells.filter((cell) => !counted.includes(cell));
  const [own, rest] = [counted, others].map((some) => ({ sum: over(some, sums), squares: over(some, squares) }));
  if (own === undefined || rest === undefined) throw new Error('a share has two sides');
  const n = own.sum + rest.sum;
  if (n === 0) return { state: 'undefined', k: 0, n: 0, reason: `no ${among} of a weight above 0` };
  const effective = effectiveRows(own, rest, rows.n);
  const value = own.sum / n;
  return { state: 'value', ...rows, value, weighted: { k: own.sum, n, effective } };
}

/** As how many rows of equal weight, of which none belong together, a rate's rows tell; absent where they are just that. */
export function effectiveOf({
  weighted,
  clustered,
}: {
  readonly weighted?: WeightedShare;
  readonly clustered?: ClusteredShare;
}): number | undefined {
  return weighted?.effective ?? clustered?.effective;
}

/** A rate as an interval takes it: rows, or as many rows of equal weight as tell as much. */
export function shareOf({
  k,
  n,
  value,
  effective,
}: Share & { readonly value: number; readonly effective?: number | undefined }): Share {
  return effective === undefined ? { k, n } : { k: value === 1 ? effective : value * effective, n: effective };
}

/** The rows of a rate, or null where some of them were withheld. */
export function portionOf(name: RateName, counts: DisclosedCounts): Share | null {
  const { k: counted, n: countable }: Definition = definitions[name];
  const [k, n] = [sumOf(counts, counted), sumOf(counts, countable)];
  return k === null || n === null ? null : { k, n };
}

/** All rates of a confusion table. */
export function ratesOf(counts: DisclosedCounts, level: number): Readonly<Record<RateName, Rate>> {
  return Object.fromEntries(rateNames.map((name) => [name, rateOf(name, counts, level)])) as Record<RateName, Rate>;
}

function sumOf(counts: DisclosedCounts, cells: readonly Cell[]): number | null {
  let sum = 0;
  for (const cell of cells) {
    const count = counts[cell];
    if (count === null) return null;
    sum += count;
  }
  return sum;
}
