import type { Comparison } from './comparisons/comparison.js';
import { type ComparisonMetric, contrastOf } from './comparisons/metrics.js';
import type { Interval } from './interval.js';
import { type AuditPlan, comparedBy, type PlannedMetric } from './plan.js';
import { number, percent } from './words.js';

interface ReasonHead {
  readonly metric: ComparisonMetric;
  readonly attribute: string;
  readonly margin: number;
  /** The reason in one sentence. */
  readonly text: string;
}

/** Why a verdict is what it is: one for each planned metric and attribute. */
export type VerdictReason =
  | (ReasonHead & {
      readonly outcome: 'pass' | 'fail';
      readonly value: number;
      readonly interval: Interval;
      /** True when the interval of the deciding pair lies on the same side of the margin, so that chance alone would rarely turn it. */
      readonly survivesInterval: boolean;
    })
  | (ReasonHead & { readonly outcome: 'insufficient-data' });

/** The outcome of an audit under its plan. */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'insufficient-data';
  readonly reasons: readonly VerdictReason[];
}

/**
 * Applies the plan's rule to comparisons of `judged` groups. One failure fails; else one gap in the data leaves it open;
 * else it passes. A plan that asks nothing, or whose comparisons are absent, never passes.
 *
 * @example
 * judge(plan, comparisons).outcome; // 'fail'
 */
export function judge(plan: AuditPlan, comparisons: readonly Comparison[]): Verdict {
  const reasons = comparedBy(plan).flatMap((attribute) =>
    plan.metrics.map((planned) => {
      const comparison = comparisons.find(
        (c) => c.groups === 'judged' && !c.stratum && c.attribute === attribute && c.metric === planned.metric,
      );
      return reasonOf(plan, planned, attribute, comparison);
    }),
  );
  const has = (outcome: Verdict['outcome']) => reasons.some((reason) => reason.outcome === outcome);
  if (has('fail')) return { outcome: 'fail', reasons };
  return { outcome: has('insufficient-data') || reasons.length === 0 ? 'insufficient-data' : 'pass', reasons };
}

function reasonOf(
  plan: AuditPlan,
  { metric, margin }: PlannedMetric,
  attribute: string,
  comparison: Comparison | undefined,
): VerdictReason {
  const head = { metric, attribute, margin };
  const subject = `${metric} by ${attribute}`;
  const insufficient = (why: string): VerdictReason => ({
    ...head,
    outcome: 'insufficient-data',
    text: `${subject} cannot be judged: ${why}.`,
  });
  if (comparison === undefined) return insufficient('it was not computed');
  if (comparison.state !== 'value') return insufficient(comparison.reason);
  const { value, interval } = comparison;
  const isGap = contrastOf(metric) === 'difference';
  const outcome = (isGap ? value > margin : value < margin) ? 'fail' : 'pass';
  if (outcome === 'pass' && comparison.leftOutShare > plan.rule.unjudgedShare)
    return insufficient(
      `groups with ${percent(comparison.leftOutShare)} of the rows are too small, and the plan allows ${percent(plan.rule.unjudgedShare)}`,
    );
  // The end of the interval that would turn the verdict, were it the true value.
  const turning = isGap === (outcome === 'pass') ? interval.upper : interval.lower;
  const survivesInterval = outcome === ((isGap ? turning > margin : turning < margin) ? 'fail' : 'pass');
  const relation = outcome === 'pass' ? 'keeps to' : 'breaks';
  const doubt = survivesInterval
    ? ''
    : ` The verdict would not survive its ${percent(interval.level)} interval, which reaches ${number(turning)}.`;
  const text = `${subject} is ${number(value)} and ${relation} the margin of ${number(margin)}.${doubt}`;
  return { ...head, outcome, value, interval, survivesInterval, text };
}
