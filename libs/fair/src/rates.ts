import type { ConfusionCounts } from './counts.js';
import { type Interval, wilson } from './interval.js';

/** A rate k/n. Undefined when n is 0: no number is made up for a group in which the question does not arise. */
export type Rate =
  | {
      readonly state: 'value';
      /** Rows counted. */
      readonly k: number;
      /** Rows that could have been counted. */
      readonly n: number;
      /** k / n, from 0 to 1. */
      readonly value: number;
      readonly interval: Interval;
    }
  | {
      readonly state: 'undefined';
      readonly k: 0;
      readonly n: 0;
      /** Why, as a phrase: `no rows with a positive label`. */
      readonly reason: string;
    };

interface Definition {
  readonly k: (c: ConfusionCounts) => number;
  readonly n: (c: ConfusionCounts) => number;
  /** The rows that n counts. */
  readonly among: string;
}

const rows = { n: (c: ConfusionCounts) => c.n, among: 'rows' };
const positives = { n: (c: ConfusionCounts) => c.fn + c.tp, among: 'rows with a positive label' };
const negatives = { n: (c: ConfusionCounts) => c.tn + c.fp, among: 'rows with a negative label' };
const selected = { n: (c: ConfusionCounts) => c.fp + c.tp, among: 'rows decided positive' };
const rejected = { n: (c: ConfusionCounts) => c.tn + c.fn, among: 'rows decided negative' };

const definitions = {
  selectionRate: { k: (c) => c.fp + c.tp, ...rows },
  baseRate: { k: (c) => c.fn + c.tp, ...rows },
  truePositiveRate: { k: (c) => c.tp, ...positives },
  falsePositiveRate: { k: (c) => c.fp, ...negatives },
  trueNegativeRate: { k: (c) => c.tn, ...negatives },
  falseNegativeRate: { k: (c) => c.fn, ...positives },
  positivePredictiveValue: { k: (c) => c.tp, ...selected },
  negativePredictiveValue: { k: (c) => c.tn, ...rejected },
  falseDiscoveryRate: { k: (c) => c.fp, ...selected },
  falseOmissionRate: { k: (c) => c.fn, ...rejected },
  accuracy: { k: (c) => c.tn + c.tp, ...rows },
} as const satisfies Record<string, Definition>;

export type RateName = keyof typeof definitions;

/** Every rate of a confusion table, in the order of the report. */
export const rateNames = Object.keys(definitions) as readonly RateName[];

/**
 * One rate of a confusion table with its Wilson interval.
 *
 * @param level the interval's confidence, between 0 and 1.
 * @example
 * rateOf('falsePositiveRate', { n: 3696, tn: 990, fp: 805, fn: 532, tp: 1369 }, 0.95); // 805/1795 = 0.448468
 */
export function rateOf(name: RateName, counts: ConfusionCounts, level: number): Rate {
  const definition = definitions[name];
  const n = definition.n(counts);
  if (n === 0) return { state: 'undefined', k: 0, n: 0, reason: `no ${definition.among}` };
  const k = definition.k(counts);
  return { state: 'value', k, n, value: k / n, interval: wilson(k, n, level) };
}

/** All rates of a confusion table. */
export function ratesOf(counts: ConfusionCounts, level: number): Readonly<Record<RateName, Rate>> {
  return Object.fromEntries(rateNames.map((name) => [name, rateOf(name, counts, level)])) as Record<RateName, Rate>;
}
