import { type Digest, digestOfJson } from '@hansa/kernel';
import type { ComparisonMetric, Convention } from './comparisons/metrics.js';
import type { PlannedResponses } from './planned-responses.js';
import type { TestSettings } from './tests/settings.js';

/** What a positive decision means to the person it is about. */
export type Polarity = 'benefit' | 'burden';

/** What is decided. */
export interface Outcome {
  /** The question that the model answers, for instance `re-offends within two years`. */
  readonly name: string;
  /** What a positive decision says, for instance `medium or high risk`. */
  readonly positive: string;
  /** `benefit`: whoever is decided positive less often is worse off. `burden`: whoever is decided positive more often. */
  readonly polarity: Polarity;
  /** Plurals that sentences of the report use. */
  readonly words?: {
    /** Everything that is decided on: `stations`. @default 'cases' */
    readonly cases?: string;
    /** Those with a positive label: `stations that lack step-free access`. @default 'cases that are truly positive' */
    readonly positives?: string;
    /** Those with a negative label. @default 'cases that are truly negative' */
    readonly negatives?: string;
  };
}

/** A metric that decides the verdict. */
export interface PlannedMetric {
  readonly metric: ComparisonMetric;
  /** From 0 to 1: the largest difference, or the smallest ratio, that is still accepted. */
  readonly margin: number;
  /** Why this metric and this margin, for the reader. */
  readonly reason: string;
}

/** When a group is too small to be judged. */
export interface Floors {
  /** The fewest rows of a group. */
  readonly group: number;
  /**
   * The fewest events, of the rarer kind, expected in the group if it had the rate of all groups together: n · min(p,
   * 1-p). Expected and not observed, so that a group is never left out because the model fails it.
   */
  readonly events: number;
}

/**
 * How a verdict is reached. Each rule looks at groups that reach the floors, and finds the data insufficient when fewer
 * than two groups do, or when the others hold more than `unjudgedShare` of the rows; a gap that breaks the margin is a
 * failure all the same, because more data about other groups cannot close it.
 *
 * `point-estimate`: the largest gap must not exceed the margin.
 *
 * `interval`: the gap fails when all of its interval lies beyond the margin, passes when all of it lies within, and else
 * the data is insufficient. The interval allows for having picked the extremes of many groups, and for all comparisons
 * of the plan: the chance that any of them is judged wrongly is about 1 − level (`gapInterval` says how it was measured).
 */
export interface JudgementRule {
  readonly kind: 'point-estimate' | 'interval';
  /** From 0 to 1: the largest share of rows that may stay unjudged in a pass. */
  readonly unjudgedShare: number;
}

/** Everything that is fixed before results are seen. */
export interface AuditPlan {
  readonly outcome: Outcome;
  /** The attributes whose groups are compared. */
  readonly attributes: readonly string[];
  /** Attributes that are crossed, `[["sex", "race"]]`: their groups are compared, too. */
  readonly intersections?: readonly (readonly string[])[];
  /** Attributes within whose levels all groups are compared once more, for information. */
  readonly controls?: readonly string[];
  /** Whose definitions are reported. @default ['fairlearn'] */
  readonly conventions?: readonly Convention[];
  /** By attribute, the group that AIF360's comparisons call privileged, `{"race":"Caucasian"}`. */
  readonly privileged?: Readonly<Record<string, string>>;
  readonly metrics: readonly PlannedMetric[];
  readonly floors: Floors;
  /** The column whose values weigh the rows: rates are then those of weights, and intervals allow for unequal ones. */
  readonly weight?: string;
  /** The column of clusters: rows with the same value belong together, and intervals and tests allow for that. */
  readonly cluster?: string;
  /** Asks for the part on scores: those of a column, on a grid over the range where they are many. */
  readonly score?: { readonly column: string; readonly range?: readonly [lower: number, upper: number] };
  /** Asks for the part on inequality. `concentration`: rows that differential fairness adds to every group, as 1. */
  readonly inequality?: { readonly concentration: number };
  /** Asks for how the planned comparisons vary, by so many draws from this seed. */
  readonly draws?: { readonly seed: number; readonly replicates: number };
  /** The confidence of intervals, between 0 and 1. They inform; `rule` says what decides. */
  readonly level: number;
  readonly rule: JudgementRule;
  /** Asks for statistical tests in the report. They inform and do not decide. */
  readonly tests?: TestSettings;
  /** Who answers for findings, and how soon. */
  readonly responses?: PlannedResponses;
}

/** The rule and floors to use unless there is a reason for others. */
export const planDefaults = {
  floors: { group: 30, events: 5 },
  level: 0.95,
  rule: { kind: 'point-estimate', unjudgedShare: 0.1 },
} as const satisfies Partial<AuditPlan>;

/** What names the groups of a plan, also of a plan for another task. */
export type ComparedGroups = Pick<AuditPlan, 'attributes' | 'intersections'>;

/** What a plan compares by: its attributes, then its intersections under their name, `sex*race`. */
export function comparedBy({ attributes, intersections = [] }: ComparedGroups): readonly string[] {
  return [...attributes, ...intersections.map(crossed)];
}

/** Every column that a plan looks at. */
export function columnsOfPlan({
  attributes,
  intersections = [],
  controls = [],
}: ComparedGroups & Pick<AuditPlan, 'controls'>): readonly string[] {
  return [...new Set([...attributes, ...intersections.flat(), ...controls])];
}

/** The name of crossed attributes. */
export function crossed(attributes: readonly string[]): string {
  return attributes.join('*');
}

/** The plan's digest, to be put on record before the audit runs. Formatting and member order do not matter. */
export function planDigest(plan: AuditPlan): Digest {
  return digestOfJson(plan);
}
