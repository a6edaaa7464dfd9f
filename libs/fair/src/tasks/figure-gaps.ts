import type { Interval } from '../statistics/interval.js';
import type { ComparedFigure, LeftOutOfTask, TaskGap } from './task-gap.js';

/** A figure of one group with its interval at any confidence. */
export interface IntervalledFigure {
  readonly group: string;
  readonly value: number;
  readonly intervalAt: (level: number) => Pick<Interval, 'lower' | 'upper'>;
}

/** The largest gap between figures, as a plan and a report name it. */
export interface GapQuestion {
  readonly metric: string;
  readonly attribute: string;
  readonly leftOut: readonly LeftOutOfTask[];
  readonly leftOutShare: number;
  /** The confidence of the interval of the pair that is farthest apart. */
  readonly level: number;
  /** The confidence that is left for this gap, where it decides together with others. */
  readonly shared?: number;
}

/**
 * The largest difference between figures of groups. The interval of a pair is made from those of its two figures (MOVER:
 * Zou and Donner, Statistics in Medicine 27, 2008). The simultaneous one holds every pair at once (Bonferroni): the
 * largest gap is at least the largest lower end, and at most the largest upper end.
 */
export function largestFigureGap(figures: readonly IntervalledFigure[], question: GapQuestion): TaskGap {
  const { metric, attribute, leftOut, leftOutShare, level, shared } = question;
  const head = { metric, attribute, leftOut, leftOutShare };
  const [first, ...rest] = figures;
  if (first === undefined || rest.length === 0)
    return { ...head, state: 'undefined', reason: 'fewer than two groups can be compared' };
  const high = rest.reduce((best, next) => (next.value > best.value ? next : best), first);
  // When all figures are equal, the pair is still made of two groups.
  const low = rest.reduce((best, next) => (next.value < best.value || best === high ? next : best), first);
  const interval = { ...pairBounds(endsAt(high, level), endsAt(low, level)), method: 'mover', level } as const;
  return {
    ...head,
    state: 'value',
    value: high.value - low.value,
    interval,
    ...(shared !== undefined && { simultaneous: { ...largestBounds(figures, shared), method: 'max-min', level } }),
    high: comparedOf(high),
    low: comparedOf(low),
  };
}

type Ends = { readonly value: number; readonly lower: number; readonly upper: number };

function endsAt({ value, intervalAt }: IntervalledFigure, level: number): Ends {
  const { lower, upper } = intervalAt(level);
  return { value, lower, upper };
}

function pairBounds(a: Ends, b: Ends): Pick<Interval, 'lower' | 'upper'> {
  const difference = a.value - b.value;
  return {
    lower: difference - root(a.value - a.lower, b.upper - b.value),
    upper: difference + root(a.upper - a.value, b.value - b.lower),
  };
}

function largestBounds(figures: readonly IntervalledFigure[], level: number): Pick<Interval, 'lower' | 'upper'> {
  const pairs = (figures.length * (figures.length - 1)) / 2;
  const ends = figures.map((own) => endsAt(own, 1 - (1 - level) / pairs));
  let [lower, upper] = [0, 0];
  for (const a of ends) {
    for (const b of ends) {
      if (a === b) continue;
      const pair = pairBounds(a, b);
      lower = Math.max(lower, pair.lower);
      upper = Math.max(upper, pair.upper);
    }
  }
  return { lower, upper };
}

const root = (a: number, b: number): number => Math.sqrt(a * a + b * b);
const comparedOf = ({ group, value }: IntervalledFigure): ComparedFigure => ({ group, value });
