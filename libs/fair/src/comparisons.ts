import { type AttributeCounts, addCounts, type ConfusionCounts, type GroupCounts } from './counts.js';
import { type Interval, newcombe, ratioInterval } from './interval.js';
import type { AuditPlan, ComparisonMetric, Floors } from './plan.js';
import { type Rate, type RateName, rateOf } from './rates.js';

/** A group's rate in a comparison. */
export interface ComparedGroup {
  readonly group: string;
  readonly k: number;
  readonly n: number;
  /** k / n. */
  readonly value: number;
}

/** A group that a comparison leaves out, and why. */
export interface LeftOutGroup {
  readonly group: string;
  readonly rate: RateName;
  /** Rows of the group, not of the rate. */
  readonly n: number;
  readonly why: 'undefined' | 'below-floor';
}

interface ComparisonHead {
  readonly metric: ComparisonMetric;
  readonly attribute: string;
  readonly convention: 'fairlearn';
  /** fairlearn's words: extremes of one rate, or the worse of several rates. */
  readonly aggregation: 'between_groups' | 'worst_case';
  /** `all`: every group with a defined rate. `judged`: those that also reach the plan's floors. */
  readonly groups: 'all' | 'judged';
  readonly leftOut: readonly LeftOutGroup[];
  /** The share of the attribute's rows in groups that are left out, from 0 to 1. */
  readonly leftOutShare: number;
}

/**
 * Groups compared by one metric. `best` and `worst` are the extremes, seen from the people: the polarity decides.
 * The interval is that of these two groups' difference or ratio; it is not widened for having picked the extremes.
 */
export type Comparison = ComparisonHead &
  (
    | {
        readonly state: 'value';
        /** Differences: 0 is parity, 1 the largest gap. Ratios: 1 is parity, 0 the largest gap. */
        readonly value: number;
        readonly interval: Interval;
        /** The rate that decided. */
        readonly rate: RateName;
        readonly best: ComparedGroup;
        readonly worst: ComparedGroup;
      }
    | { readonly state: 'undefined'; readonly reason: string }
  );

interface Definition {
  readonly rates: readonly RateName[];
  readonly contrast: 'difference' | 'ratio';
}

const definitions: Readonly<Record<ComparisonMetric, Definition>> = {
  demographicParityDifference: { rates: ['selectionRate'], contrast: 'difference' },
  demographicParityRatio: { rates: ['selectionRate'], contrast: 'ratio' },
  equalizedOddsDifference: { rates: ['truePositiveRate', 'falsePositiveRate'], contrast: 'difference' },
  equalizedOddsRatio: { rates: ['truePositiveRate', 'falsePositiveRate'], contrast: 'ratio' },
  equalOpportunityDifference: { rates: ['truePositiveRate'], contrast: 'difference' },
};

/** Every metric, in the order of the report. */
export const comparisonMetrics = Object.keys(definitions) as readonly ComparisonMetric[];

/** Whether a metric is a difference (parity is 0) or a ratio (parity is 1). */
export function contrastOf(metric: ComparisonMetric): 'difference' | 'ratio' {
  return definitions[metric].contrast;
}

type PlanForComparison = Pick<AuditPlan, 'floors' | 'level'> & {
  readonly outcome: Pick<AuditPlan['outcome'], 'polarity'>;
};

/**
 * Compares the groups of an attribute by fairlearn's convention: largest minus smallest rate, or smallest over largest;
 * equalized odds takes the worse of true and false positive rate. Unlike fairlearn, a group without a defined rate is
 * left out and named, instead of counting as 0, and fewer than two groups give no number.
 *
 * @param groups `all` for fairlearn's figure, `judged` for the figure that the verdict uses.
 * @example
 * compare('demographicParityDifference', attribute, 'all', plan); // { state: 'value', value: 0.457118, … }
 */
export function compare(
  metric: ComparisonMetric,
  attribute: AttributeCounts,
  groups: 'all' | 'judged',
  plan: PlanForComparison,
): Comparison {
  const { rates, contrast } = definitions[metric];
  const parts = rates.map((rate) => spreadOf(rate, attribute.groups, groups === 'judged' ? plan.floors : noFloors));
  const leftOut = parts.flatMap((part) => part.leftOut);
  const head: ComparisonHead = {
    metric,
    attribute: attribute.attribute,
    convention: 'fairlearn',
    aggregation: rates.length > 1 ? 'worst_case' : 'between_groups',
    groups,
    leftOut,
    leftOutShare: shareOf(leftOut, attribute.groups),
  };
  const contrasts = parts.map((part) => contrastPair(part, contrast));
  const missing = contrasts.find((c) => c.state === 'undefined');
  if (missing?.state === 'undefined') return { ...head, state: 'undefined', reason: missing.reason };
  const [worst] = contrasts
    .flatMap((c) => (c.state === 'value' ? [c] : []))
    .sort((a, b) => (contrast === 'difference' ? b.value - a.value : a.value - b.value));
  if (worst === undefined) throw new Error(`${metric} compares no rate`);
  const { value, rate, high, low } = worst;
  const interval = contrast === 'difference' ? newcombe(high, low, plan.level) : ratioInterval(low, high, plan.level);
  const sides = plan.outcome.polarity === 'benefit' ? { best: high, worst: low } : { best: low, worst: high };
  return { ...head, state: 'value', value, interval, rate, ...sides };
}

interface Spread {
  readonly rate: RateName;
  readonly extremes: { readonly high: ComparedGroup; readonly low: ComparedGroup } | null;
  readonly leftOut: readonly LeftOutGroup[];
}

const noFloors: Floors = { group: 0, events: 0 };

/** The groups with the highest and the lowest rate; the first by name among equals. */
function spreadOf(rate: RateName, groups: readonly GroupCounts[], floors: Floors): Spread {
  const pooled = rateOf(rate, addCounts(groups.map(({ counts }) => counts)), 0.95);
  const compared: ComparedGroup[] = [];
  const leftOut: LeftOutGroup[] = [];
  for (const { group, counts } of groups) {
    const own = rateOf(rate, counts, 0.95);
    if (own.state === 'undefined') leftOut.push({ group, rate, n: counts.n, why: 'undefined' });
    else if (!reachesFloors(counts, own, pooled, floors))
      leftOut.push({ group, rate, n: counts.n, why: 'below-floor' });
    else compared.push({ group, k: own.k, n: own.n, value: own.value });
  }
  const [first, ...rest] = compared;
  if (first === undefined || rest.length === 0) return { rate, extremes: null, leftOut };
  const high = rest.reduce((best, next) => (next.value > best.value ? next : best), first);
  // When all rates are equal, the pair is still made of two groups.
  const low = rest.reduce((best, next) => (next.value < best.value || best === high ? next : best), first);
  return { rate, extremes: { high, low }, leftOut };
}

function reachesFloors(counts: ConfusionCounts, own: Rate, pooled: Rate, floors: Floors): boolean {
  const p = pooled.state === 'value' ? pooled.value : 0;
  return counts.n >= floors.group && own.n * Math.min(p, 1 - p) >= floors.events;
}

type Contrast =
  | {
      readonly state: 'value';
      readonly value: number;
      readonly rate: RateName;
      readonly high: ComparedGroup;
      readonly low: ComparedGroup;
    }
  | { readonly state: 'undefined'; readonly reason: string };

function contrastPair({ rate, extremes }: Spread, contrast: 'difference' | 'ratio'): Contrast {
  if (extremes === null) return { state: 'undefined', reason: `fewer than two groups can be compared by ${rate}` };
  const { high, low } = extremes;
  if (contrast === 'difference') return { state: 'value', value: high.value - low.value, rate, high, low };
  if (high.value === 0) return { state: 'undefined', reason: `${rate} is 0 in every group, so it has no ratio` };
  return { state: 'value', value: low.value / high.value, rate, high, low };
}

function shareOf(leftOut: readonly LeftOutGroup[], groups: readonly GroupCounts[]): number {
  const names = new Set(leftOut.map(({ group }) => group));
  const all = addCounts(groups.map(({ counts }) => counts)).n;
  const out = addCounts(groups.filter(({ group }) => names.has(group)).map(({ counts }) => counts)).n;
  return all === 0 ? 0 : out / all;
}
