import type { Undefined } from '../figure.js';
import type { RateName } from '../rates.js';
import type { Interval } from '../statistics/interval.js';

/** A group's figure in a gap; k of n where it is a share of rows. */
export interface ComparedFigure {
  readonly group: string;
  readonly value: number;
  readonly k?: number;
  readonly n?: number;
}

/** A group that a gap leaves out, and why. */
export interface LeftOutOfTask {
  readonly group: string;
  /** Rows of the group. */
  readonly n: number;
  readonly why: 'undefined' | 'below-floor';
}

/** The largest difference between judged groups by one metric of a task. */
export type TaskGap = {
  readonly metric: string;
  readonly attribute: string;
  /** The class that is held against all others, where the metric is about one. */
  readonly class?: string;
  readonly leftOut: readonly LeftOutOfTask[];
  /** The share of the rows in groups that are left out, from 0 to 1. */
  readonly leftOutShare: number;
} & (
  | {
      readonly state: 'value';
      /** Largest minus smallest; 0 is parity. */
      readonly value: number;
      /** Of the two groups that are farthest apart; not widened for having picked them. */
      readonly interval: Interval;
      /** Where the plan asks for this gap: it allows for having picked the extremes, and for all planned gaps together. */
      readonly simultaneous?: Interval;
      readonly high: ComparedFigure;
      readonly low: ComparedFigure;
      /** The rate that decided, where the figures are shares of rows. */
      readonly rate?: RateName;
    }
  | Undefined
);
