import { type Interval, newcombe, ratioInterval, type Share } from '../statistics/interval.js';

/** A number with its interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/** The difference a − b of two independent shares, with Newcombe's interval. */
export function difference(a: Share, b: Share, level: number): Estimate {
  return { value: a.k / a.n - b.k / b.n, interval: newcombe(a, b, level) };
}

/** The ratio a / b of two independent shares, with Koopman's interval; null when b is 0. */
export function ratio(a: Share, b: Share, level: number): Estimate | null {
  return b.k === 0 ? null : { value: a.k / a.n / (b.k / b.n), interval: ratioInterval(a, b, level) };
}

/**
 * The mean of two estimates, which are independent unless `together` says that they may not be; then it reaches as far as
 * it could if they went together (rates of the same clusters). The interval combines theirs by their distances from the estimates (MOVER:
 * G. Y. Zou and A. Donner, Statistics in Medicine 27, 2008), of which Newcombe's interval is the case of two shares.
 */
export function mean(a: Estimate, b: Estimate, together = false): Estimate {
  const value = (a.value + b.value) / 2;
  const reach = (x: number, y: number) => (together ? x + y : Math.sqrt(x * x + y * y)) / 2;
  const lower = value - reach(a.value - a.interval.lower, b.value - b.interval.lower);
  const upper = value + reach(a.interval.upper - a.value, b.interval.upper - b.value);
  return { value, interval: { lower, upper, method: 'mover', level: a.interval.level } };
}

/** The size of a signed estimate: an interval that holds 0 then begins there. */
export function size({ value, interval }: Estimate): Estimate {
  const { lower, upper } = interval;
  const ends = [Math.abs(lower), Math.abs(upper)] as const;
  const holdsZero = lower <= 0 && upper >= 0;
  return {
    value: Math.abs(value),
    interval: { ...interval, lower: holdsZero ? 0 : Math.min(...ends), upper: Math.max(...ends) },
  };
}

/** The larger of two estimates. Its interval reaches as far as either does, so it covers at least as often. */
export function larger(a: Estimate, b: Estimate): Estimate {
  const [lower, upper] = [Math.max(a.interval.lower, b.interval.lower), Math.max(a.interval.upper, b.interval.upper)];
  const { method, level } = a.interval;
  return { value: Math.max(a.value, b.value), interval: { lower, upper, method, level } };
}

/** A group, and everybody, who are the group and the rest. */
export interface ToAll {
  readonly group: Share;
  readonly rest: Share;
  /** The shares of the group and of everybody. */
  readonly values: { readonly group: number; readonly all: number };
  /** What the three stand for, in rows or in weight. */
  readonly weights: { readonly group: number; readonly rest: number; readonly all: number };
}

/** A group of rows and everybody, with the group in it. */
export function toAll(group: Share, all: Share): ToAll {
  const rest = { k: all.k - group.k, n: all.n - group.n };
  return {
    group,
    rest,
    values: { group: group.k / group.n, all: all.k / all.n },
    weights: { group: group.n, rest: rest.n, all: all.n },
  };
}

/** How far a group is from everybody: (1 − w)(group − rest), where w is the group's part of all. */
export function differenceToAll({ group, rest, values, weights }: ToAll, level: number): Estimate {
  const value = values.group - values.all;
  if (weights.rest === 0) return { value, interval: { lower: 0, upper: 0, method: 'newcombe', level } };
  const scale = weights.rest / weights.all;
  const { lower, upper, method } = newcombe(group, rest, level);
  return { value, interval: { lower: lower * scale, upper: upper * scale, method, level } };
}

/** The ratio of a group's share to everybody's, which is not 0: θ / (wθ + 1 − w), where θ is its ratio to the rest. */
export function ratioToAll({ group, rest, values, weights }: ToAll, level: number): Estimate {
  const value = values.group / values.all;
  if (weights.rest === 0) return { value, interval: { lower: 1, upper: 1, method: 'koopman', level } };
  const weight = weights.group / weights.all;
  const ofAll = (theta: number) => theta / (weight * theta + 1 - weight);
  if (rest.k === 0) {
    // All that is counted is in the group, so θ has no upper end.
    const lower = 1 / ratioInterval(rest, group, level).upper;
    return { value, interval: { lower: ofAll(lower), upper: 1 / weight, method: 'koopman', level } };
  }
  const { lower, upper, method } = ratioInterval(group, rest, level);
  return { value, interval: { lower: ofAll(lower), upper: ofAll(upper), method, level } };
}

/** A ratio turned so that it is at most 1: a group above everybody counts like one as far below (fairlearn's rule). */
export function atMostOne({ value, interval }: Estimate): Estimate {
  if (value <= 1) return { value, interval: { ...interval, upper: Math.min(1, interval.upper) } };
  const turned = {
    lower: interval.upper === 0 ? 0 : 1 / interval.upper,
    upper: interval.lower === 0 ? 1 : 1 / interval.lower,
  };
  return { value: 1 / value, interval: { ...interval, lower: turned.lower, upper: Math.min(1, turned.upper) } };
}
