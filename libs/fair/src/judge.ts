import type { Comparison } from './comparisons/comparison.js';
import { type ComparisonMetric, contrastOf } from './comparisons/metrics.js';
import { type AuditPlan, comparedBy, type PlannedMetric } from './plan.js';
import type { Interval } from './statistics/interval.js';
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
  if (comparison === undefined) return insufficient(head, 'it was not computed');
  if (comparison.state !== 'value') return insufficient(head, comparison.reason);
  return plan.rule.kind === 'interval'
    ? byInterval(head, comparison, plan.rule.unjudgedShare)
    : byPointEstimate(head, comparison, plan.rule.unjudgedShare);
}

type Compared = Comparison & { state: 'value' };
type Head = Omit<ReasonHead, 'text'>;

function byPointEstimate(head: Head, comparison: Compared, unjudgedShare: number): VerdictReason {
  const { metric, margin } = head;
  const { value, interval } = comparison;
  const isGap = contrastOf(metric) === 'difference';
  const outcome = (isGap ? value > margin : value < margin) ? 'fail' : 'pass';
  if (outcome === 'pass' && comparison.leftOutShare > unjudgedShare)
    return insufficient(head, tooSmall(comparison, unjudgedShare));
  // The end of the interval that would turn the verdict, were it the true value.
  const turning = isGap === (outcome === 'pass') ? interval.upper : interval.lower;
  const survivesInterval = outcome === ((isGap ? turning > margin : turning < margin) ? 'fail' : 'pass');
  const relation = outcome === 'pass' ? 'keeps to' : 'breaks';
  const doubt = survivesInterval
    ? ''
    : ` The verdict would not survive its ${percent(interval.level)} interval, which reaches ${number(turning)}.`;
  const text = `${subjectOf(head)} is ${number(value)} and ${relation} the margin of ${number(margin)}.${doubt}`;
  return { ...head, outcome, value, interval, survivesInterval, text };
}

/** Fails only what is beyond the margin with confidence, and passes only what is within it with confidence. */
function byInterval(head: Head, comparison: Compared, unjudgedShare: number): VerdictReason {
  const { metric, margin } = head;
  const { value, simultaneous: interval = comparison.interval } = comparison;
  const isGap = contrastOf(metric) === 'difference';
  const reach = `${subjectOf(head)} is ${number(value)}, with ${percent(interval.level)} confidence between ${number(interval.lower)} and ${number(interval.upper)}`;
  const judged = (outcome: 'pass' | 'fail', text: string): VerdictReason => {
    return { ...head, outcome, value, interval, survivesInterval: true, text: `${reach}: ${text}` };
  };
  if (isGap ? interval.lower > margin : interval.upper < margin)
    return judged('fail', `it breaks the margin of ${number(margin)}.`);
  if (!(isGap ? interval.upper <= margin : interval.lower >= margin))
    return insufficient(
      head,
      `it is ${number(value)}, but may be anything between ${number(interval.lower)} and ${number(interval.upper)} (${percent(interval.level)} confidence), and the margin of ${number(margin)} lies in between`,
    );
  if (comparison.leftOutShare > unjudgedShare) return insufficient(head, tooSmall(comparison, unjudgedShare));
  return judged('pass', `it keeps to the margin of ${number(margin)}.`);
}

function insufficient(head: Head, why: string): VerdictReason {
  return { ...head, outcome: 'insufficient-data', text: `${subjectOf(head)} cannot be judged: ${why}.` };
}

function subjectOf({ metric, attribute }: Head): string {
  return `${metric} by ${attribute}`;
}

function tooSmall({ leftOutShare }: Comparison, unjudgedShare: number): string {
  return `groups with ${percent(leftOutShare)} of the rows are too small, and the plan allows ${percent(unjudgedShare)}`;
}
