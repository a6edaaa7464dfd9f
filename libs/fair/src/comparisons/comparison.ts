import { effectiveOf, type PlainRate, type RateName } from '../rates.js';
import type { Interval } from '../statistics/interval.js';
import type { ComparisonMetric, Contrast, Convention, PairMetric } from './metrics.js';

/**
 * How several groups, or several rates, become one number.
 *
 * fairlearn: `between_groups` is the largest rate against the smallest, `to_overall` the group farthest from everybody;
 * of two rates `worst_case` takes the worse one between groups, `worst_case_to_overall` the worse one to everybody, `mean`
 * and `mean_to_overall` their mean. AIF360: `pair` is one group against another.
 */
export type Aggregation =
  | 'between_groups'
  | 'to_overall'
  | 'worst_case'
  | 'worst_case_to_overall'
  | 'mean'
  | 'mean_to_overall'
  | 'pair';

/** A group's rate in a comparison. */
export interface ComparedGroup {
  /** The group's name; {@link everybody} for all groups together. */
  readonly group: string;
  readonly k: number;
  readonly n: number;
  /** k / n; in a weighted audit the share of the weight. */
  readonly value: number;
  /** Only of weighted or clustered rows: so many unrelated rows of equal weight would tell as much. Intervals are those of as many. */
  readonly effective?: number;
}

/** A group with a rate, as a comparison names it. */
export function comparedGroup(group: string, rate: PlainRate & { state: 'value' }): ComparedGroup {
  const { k, n, value } = rate;
  const effective = effectiveOf(rate);
  return { group, k, n, value, ...(effective !== undefined && { effective }) };
}

/** The name of all groups together in a comparison to overall. */
export const everybody = 'everybody';

/** A group that a comparison leaves out, and why. */
export interface LeftOutGroup {
  readonly group: string;
  readonly rate: RateName;
  /** Rows of the group, not of the rate; null when that number was withheld. */
  readonly n: number | null;
  readonly why: 'undefined' | 'below-floor' | 'suppressed';
}

interface ComparisonHead {
  readonly metric: ComparisonMetric | PairMetric;
  /** The attribute whose groups are compared, `sex`, or several crossed, `sex*race`. */
  readonly attribute: string;
  /** The part of the population in which they are compared, `{"education":"3"}`; absent for all of it. */
  readonly stratum?: Readonly<Record<string, string>>;
  readonly convention: Convention;
  readonly contrast: Contrast;
  readonly aggregation: Aggregation;
  /** `all`: every group with a defined rate. `judged`: those that also reach the plan's floors. */
  readonly groups: 'all' | 'judged';
  /** Listed with the first way of a metric (`between_groups`, `worst_case`), and the same in its other ways. */
  readonly leftOut: readonly LeftOutGroup[];
  /** The share of the attribute's rows in groups that are left out, from 0 to 1. */
  readonly leftOutShare: number;
}

/**
 * Groups compared by one metric. `best` and `worst` are the two groups that decide, seen from the people: the polarity
 * of the outcome says which is which. The interval is that of these two; it is not widened for having picked them.
 */
export type Comparison = ComparisonHead &
  (
    | {
        readonly state: 'value';
        /** Differences: 0 is parity. Ratios: 1 is parity. The sign and direction are those of the convention. */
        readonly value: number;
        readonly interval: Interval;
        /**
         * Between judged groups: where the largest gap lies with the plan's confidence, for all its comparisons at once.
         * It allows for having picked the extremes of many groups.
         */
        readonly simultaneous?: Interval;
        /** The rate that decided; in a mean, the one with the larger gap. */
        readonly rate: RateName;
        readonly best: ComparedGroup;
        readonly worst: ComparedGroup;
        /**
         * Only in AIF360's comparisons of a pair: who is held against whom, and which decision is the favourable one,
         * whose rates are compared: `selectionRate` is then the share with the favourable decision.
         */
        readonly pair?: {
          readonly unprivileged: string;
          readonly privileged: string;
          readonly favourable: 'positive' | 'negative';
        };
      }
    | { readonly state: 'undefined' | 'suppressed'; readonly reason: string }
  );

/** A comparison by a metric of fairlearn in its usual sense. */
export type HeadlineComparison = Comparison & { readonly metric: ComparisonMetric };

/** What a metric means where nothing more is said: by fairlearn, all groups of the population held against each other. */
export function isHeadline(comparison: Comparison): comparison is HeadlineComparison {
  const { convention, aggregation, stratum } = comparison;
  return convention === 'fairlearn' && !stratum && (aggregation === 'between_groups' || aggregation === 'worst_case');
}
