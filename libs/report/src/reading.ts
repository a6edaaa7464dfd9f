import {
  type AuditPlan,
  type ComparedGroup,
  effectiveOf,
  newcombe,
  type PairShares,
  type RateName,
  type Share,
} from '@hansa/fair';
import { count, percent, points } from './format.js';
import { isRateOfAnswer, outcomeWords } from './metric-words.js';
import { groupName, isolated, membership } from './names.js';
import type { RateFigure, RateRow } from './rate-figure.js';

/**
 * A figure as one sentence: who is worst off, who is best off, how far they are apart, and whether chance alone could
 * have done it. Every number comes from the figure.
 *
 * @example
 * reading(figure, plan); // 'Of the defendants who did not re-offend, 44.8 % (805 of 1,795) got “medium or high risk” where …'
 */
export function reading(figure: RateFigure, plan: AuditPlan): string {
  const judged = figure.rows.filter(({ standing }) => standing !== 'small');
  const [worst] = judged;
  // The first by name among equals, as in the comparisons of the report.
  const best = judged.find(({ value }) => value === judged.at(-1)?.value);
  if (worst === undefined || best === undefined) return withoutJudged(figure, plan);
  const of = `Of ${whom(figure.rate, plan)}`;
  const got = gotWords(figure.rate, plan);
  if (judged.length === 1)
    return `${of}, ${share(worst)} ${got} in the one group that is large enough to judge, ${groupName(worst.group)}, so there is nothing to compare it with.`;
  if (worst.value === best.value)
    return `${of}, ${percent(worst.value)} ${got} in each of the ${count(judged.length)} groups that are large enough to judge: there is no gap.`;
  const where = (row: RateRow): string => `where ${membership(figure.attribute, row.group, plan)}`;
  const [atWorst, atBest] = endsOf(figure.rate, worst, best);
  return `${of}, ${share(worst)} ${got} ${where(worst)}, ${atWorst}, and ${share(best)} ${where(best)}, ${atBest}: ${gapWords(worst, best, judged.length, figure.pair)}.`;
}

function endsOf(rate: RateName, worst: RateRow, best: RateRow): readonly [string, string] {
  if (isRateOfAnswer(rate)) return ['who are worst off', 'who are best off'];
  return worst.value > best.value ? ['the highest share', 'the lowest'] : ['the lowest share', 'the highest'];
}

/** `44.8 % (805 of 1,795)` */
function share({ value, k, n, weighted }: RateRow): string {
  return `${percent(value)} (${weighted ? 'weighted; ' : ''}${count(k)} of ${count(n)}${weighted ? ' rows' : ''})`;
}

function whom(rate: RateName, plan: AuditPlan): string {
  const { positive, cases, positives, negatives } = outcomeWords(plan.outcome);
  const among: Readonly<Record<RateName, string>> = {
    selectionRate: `all ${cases}`,
    baseRate: `all ${cases}`,
    accuracy: `all ${cases}`,
    truePositiveRate: `the ${positives}`,
    falseNegativeRate: `the ${positives}`,
    falsePositiveRate: `the ${negatives}`,
    trueNegativeRate: `the ${negatives}`,
    positivePredictiveValue: `all ${cases} with the answer “${positive}”`,
    falseDiscoveryRate: `all ${cases} with the answer “${positive}”`,
    negativePredictiveValue: `all ${cases} with another answer than “${positive}”`,
    falseOmissionRate: `all ${cases} with another answer than “${positive}”`,
  };
  return isolated(among[rate]);
}

function gotWords(rate: RateName, { outcome }: AuditPlan): string {
  const positive = `“${isolated(outcome.positive)}”`;
  const got: Readonly<Record<RateName, string>> = {
    selectionRate: `got ${positive}`,
    truePositiveRate: `got ${positive}`,
    falsePositiveRate: `got ${positive} all the same`,
    baseRate: 'are truly positive',
    trueNegativeRate: `did not get ${positive}`,
    falseNegativeRate: `did not get ${positive} all the same`,
    positivePredictiveValue: 'are truly positive',
    negativePredictiveValue: 'are truly negative',
    falseDiscoveryRate: 'are truly negative',
    falseOmissionRate: 'are truly positive',
    accuracy: 'got the right answer',
  };
  return got[rate];
}

function asCompared(row: RateRow): ComparedGroup {
  const { group, k, n, value } = row;
  const effective = effectiveOf(row);
  return { group, k, n, value, ...(effective !== undefined && { effective }) };
}

function gapWords(worst: RateRow, best: RateRow, groups: number, pair: PairShares): string {
  const [high, low] = worst.value > best.value ? [worst, best] : [best, worst];
  const { level } = worst.interval;
  const shares = pair(asCompared(high), asCompared(low), 'difference');
  const { lower, upper } = newcombe(...shares, level);
  const gap = `a gap of ${points(high.value - low.value)} percentage points (between ${points(lower)} and ${points(upper)} with ${Number((level * 100).toFixed(2))}\u00A0% confidence)`;
  return `${gap}${chance(shares, groups, level)}`;
}

/**
 * Whether chance alone could have made the gap. Two groups that were picked because they are the extremes of many are
 * held to more: the interval is widened for all pairs that could have been picked (Bonferroni), which is cautious.
 */
function chance(shares: readonly [Share, Share], groups: number, level: number): string {
  const excludesZero = (confidence: number): boolean => newcombe(...shares, confidence).lower > 0;
  if (!excludesZero(level)) return ', which chance alone could explain';
  const pairs = (groups * (groups - 1)) / 2;
  if (pairs === 1) return ', more than chance alone would explain';
  return excludesZero(1 - (1 - level) / pairs)
    ? `, more than chance alone would explain, even between the two ends of ${count(groups)} groups`
    : `, which chance alone could explain between the two ends of ${count(groups)} groups`;
}

function withoutJudged({ rows, withoutValue, rate }: RateFigure, plan: AuditPlan): string {
  const { length: all } = [...rows, ...withoutValue];
  const why =
    rows.length > 0
      ? 'none is large enough to judge'
      : 'for none of them is there a figure; the table gives the reasons';
  return `Of ${count(all)} ${all === 1 ? 'group' : 'groups'} of ${whom(rate, plan).replace(/^(all|the) /, '')}, ${why}.`;
}
