import type { Interval } from '../statistics/interval.js';
import { number, percent } from '../words.js';
import type { TaskGap } from './task-gap.js';
import type { PlannedGap, TaskPlan } from './task-plan.js';

interface ReasonHead {
  readonly metric: string;
  readonly attribute: string;
  readonly class?: string;
  readonly margin: number;
  /** The reason in one sentence. */
  readonly text: string;
}

/** Why a verdict is what it is: one for each planned gap, attribute and class. */
export type TaskReason =
  | (ReasonHead & { readonly outcome: 'pass' | 'fail'; readonly value: number; readonly interval: Interval })
  | (ReasonHead & { readonly outcome: 'insufficient-data' });

/** The outcome of an audit of a task under its plan. */
export interface TaskVerdict {
  readonly outcome: 'pass' | 'fail' | 'insufficient-data';
  readonly reasons: readonly TaskReason[];
}

/**
 * Holds the planned gaps against their margins. A gap fails when all of its interval lies beyond the margin and passes
 * when all of it lies within; one failure fails, else one gap that cannot be judged leaves the audit open.
 */
export function judgeTask(plan: TaskPlan, gaps: readonly TaskGap[]): TaskVerdict {
  const planned: readonly PlannedGap<string>[] = plan.metrics;
  const reasons = gaps.flatMap((gap) =>
    planned.filter(({ metric }) => metric === gap.metric).map((own) => reasonOf(gap, own.margin, plan)),
  );
  const has = (outcome: TaskVerdict['outcome']) => reasons.some((reason) => reason.outcome === outcome);
  if (has('fail')) return { outcome: 'fail', reasons };
  return { outcome: has('insufficient-data') || reasons.length === 0 ? 'insufficient-data' : 'pass', reasons };
}

function reasonOf(gap: TaskGap, margin: number, { rule }: TaskPlan): TaskReason {
  const { metric, attribute } = gap;
  const head = { metric, attribute, ...(gap.class !== undefined && { class: gap.class }), margin };
  const subject = `${metric}${gap.class === undefined ? '' : ` of ${JSON.stringify(gap.class)}`} by ${attribute}`;
  const open = (why: string): TaskReason => ({
    ...head,
    outcome: 'insufficient-data',
    text: `${subject} cannot be judged: ${why}.`,
  });
  if (gap.state !== 'value') return open(gap.reason);
  const { value, simultaneous: interval = gap.interval, leftOutShare } = gap;
  const ends = `between ${number(interval.lower)} and ${number(interval.upper)}`;
  const judged = (outcome: 'pass' | 'fail', what: string): TaskReason => ({
    ...head,
    outcome,
    value,
    interval,
    text: `${subject} is ${number(value)}, with ${percent(interval.level)} confidence ${ends}: it ${what} the margin of ${number(margin)}.`,
  });
  if (interval.lower > margin) return judged('fail', 'breaks');
  if (interval.upper > margin)
    return open(
      `it is ${number(value)}, but may be anything ${ends} (${percent(interval.level)} confidence), and the margin of ${number(margin)} lies in between`,
    );
  if (leftOutShare > rule.unjudgedShare)
    return open(
      `groups with ${percent(leftOutShare)} of the rows are too small, and the plan allows ${percent(rule.unjudgedShare)}`,
    );
  return judged('pass', 'keeps to');
}
