import type { AuditPlan, JudgementRule } from '../plan.js';

/** A gap between groups that decides the verdict of a task. */
export interface PlannedGap<Metric extends string> {
  readonly metric: Metric;
  /** The largest gap that is still accepted, from 0, in the units of the metric. */
  readonly margin: number;
  /** Why this metric and this margin, for the reader. */
  readonly reason: string;
}

/** Gaps of every class against all others, by the names of yes-or-no audits, and of all classes together. */
export const multiclassMetrics = [
  'accuracyDifference',
  'macroRecallDifference',
  'macroF1Difference',
  'demographicParityDifference',
  'equalOpportunityDifference',
  'equalizedOddsDifference',
  'positivePredictiveValueDifference',
] as const;
export type MulticlassMetric = (typeof multiclassMetrics)[number];

interface TaskPlanHead extends Pick<AuditPlan, 'attributes' | 'intersections' | 'floors' | 'level'> {
  /** Intervals decide, as in `JudgementRule`. */
  readonly rule: JudgementRule & { readonly kind: 'interval' };
}

/** What is fixed before the results of decisions among several classes are seen. */
export interface MulticlassPlan extends TaskPlanHead {
  readonly task: 'multiclass';
  readonly outcome: { readonly name: string };
  readonly metrics: readonly PlannedGap<MulticlassMetric>[];
}

/** A plan for something else than yes-or-no decisions. Plans of those have no member `task`, and so keep their digest. */
export type TaskPlan = MulticlassPlan;

/** Which question is asked of the data. */
export type Task = TaskPlan['task'];

/** Floors and rule of a task unless there is a reason for others. */
export const taskPlanDefaults = {
  floors: { group: 30, events: 5 },
  level: 0.95,
  rule: { kind: 'interval', unjudgedShare: 0.1 },
} as const satisfies Partial<TaskPlan>;
