import { effectiveOf, type Rate } from '@hansa/fair';
import { oneDecimal, percent, percentInterval, portion } from './format.js';

/** A rate as the cells of a table. */
export interface RateText {
  /** `64.5 %`, or what stands in its place. */
  readonly value: string;
  /** `60 of 93` */
  readonly portion: string;
  readonly interval: string;
  /** Why there is no value; null where there is one. */
  readonly reason: string | null;
}

type Absent = Exclude<Rate, { readonly state: 'value' }>;

/** What stands for a rate that is not there. It is never a number that could be taken for one. */
const absent: Readonly<Record<Absent['state'], Omit<RateText, 'reason'>>> = {
  undefined: { value: '–', portion: '0', interval: '–' },
  suppressed: { value: 'withheld', portion: 'withheld', interval: '–' },
};

/**
 * A rate as text, whatever its state: the one place that knows how each state reads.
 *
 * @example
 * rateText({ state: 'suppressed', reason: 'small counts of rows were withheld' }).value; // 'withheld'
 */
export function rateText(rate: Rate): RateText {
  if (rate.state !== 'value') return { ...absent[rate.state], reason: rate.reason };
  const { value, k, n, interval } = rate;
  const effective = effectiveOf(rate);
  return {
    value: percent(value),
    portion: effective === undefined ? portion(k, n) : weightedPortion(k, n, effective),
    interval: percentInterval(interval),
    reason: null,
  };
}

/** `805 of 1,795, as 1,310.2`: rows, and how many of equal weight, unrelated, would tell as much. */
function weightedPortion(k: number, n: number, effective: number): string {
  return `${portion(k, n)}, as\u00A0${oneDecimal(effective)}`;
}
