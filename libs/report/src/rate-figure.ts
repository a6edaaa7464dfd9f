import {
  type AuditReport,
  type ClusteredShare,
  comparedBy,
  contrastOf,
  type Interval,
  isHeadline,
  type PairShares,
  type PlannedMetric,
  pairShares,
  type Rate,
  type RateName,
  ratesOfMetric,
  type Slice,
  type WeightedShare,
} from '@hansa/fair';
import { partsOf } from './names.js';

/** One group in a figure. */
export interface RateRow {
  readonly group: string;
  readonly k: number;
  readonly n: number;
  readonly value: number;
  readonly interval: Interval;
  /** Only in a weighted audit. */
  readonly weighted?: WeightedShare;
  /** Only where rows belong to clusters. */
  readonly clustered?: ClusteredShare;
  /** Judged groups are `within` or `outside` and decide the verdict; `small` ones do not reach the floors of the plan. */
  readonly standing: 'within' | 'outside' | 'small';
}

/** How far groups may be from the best-off one, from 0 to 1. */
interface Band {
  readonly from: number;
  readonly to: number;
  readonly metric: PlannedMetric;
}

/** One rate of the groups of one attribute, ready to be drawn, listed and put into a sentence. */
export interface RateFigure {
  /** An attribute of the plan, or several crossed: `sex*race`. */
  readonly attribute: string;
  readonly rate: RateName;
  /** Everybody. */
  readonly overall: Rate;
  /** The worst-off first, groups that are too small at the end. */
  readonly rows: readonly RateRow[];
  /** Groups without a value: the question does not arise, or it was withheld. */
  readonly withoutValue: readonly { readonly group: string; readonly rate: Rate }[];
  /** Null when fewer than two groups are judged: then there is nothing to be far from. */
  readonly band: Band | null;
  /** The end of the axis. */
  readonly most: number;
  /** The shares of two groups as their difference takes them, which allows for clusters with rows of both. */
  readonly pair: PairShares;
}

/** A group of a report with all that was counted in it. */
export interface NamedSlice {
  readonly group: string;
  readonly slice: Slice;
}

/** The groups of an attribute, or of several crossed, in the order of the report. A stratum is not a group. */
export function groupsOf(attribute: string, { plan, slices }: AuditReport): readonly NamedSlice[] {
  const parts = partsOf(attribute, plan);
  return slices.flatMap((slice) => {
    const levels = parts.map((part) => slice.attributes[part]);
    const isOwn = Object.keys(slice.attributes).length === parts.length && !levels.includes(undefined);
    return isOwn ? [{ group: levels.join(', '), slice }] : [];
  });
}

/** The figures that the verdict is about: each rate of a planned metric, for each attribute. */
export function rateFigures(report: AuditReport): readonly RateFigure[] {
  const rates = [...new Set(report.plan.metrics.flatMap(({ metric }) => ratesOfMetric(metric)))];
  return comparedBy(report.plan).flatMap((attribute) => {
    const groups = groupsOf(attribute, report);
    return rates.flatMap((rate) => figureOf(attribute, rate, groups, report));
  });
}

function figureOf(
  attribute: string,
  rate: RateName,
  groups: readonly NamedSlice[],
  { plan, comparisons, slices }: AuditReport,
): readonly RateFigure[] {
  const overall = slices[0]?.rates[rate];
  if (overall === undefined) return [];
  const planned = plan.metrics.filter(({ metric }) => ratesOfMetric(metric).includes(rate));
  const comparison = comparisons.find(
    (c) => isHeadline(c) && c.groups === 'judged' && c.attribute === attribute && c.metric === planned[0]?.metric,
  );
  const leftOut = new Set(comparison?.leftOut.filter((g) => g.rate === rate).map(({ group }) => group));
  const defined = groups.flatMap(({ group, slice }) => {
    const own = slice.rates[rate];
    if (own.state !== 'value') return [];
    const { k, n, value, interval, weighted, clustered } = own;
    const more = { ...(weighted && { weighted }), ...(clustered && { clustered }) };
    return [{ group, k, n, value, interval, ...more, isJudged: !leftOut.has(group) }];
  });
  const isBenefit = plan.outcome.polarity === 'benefit';
  const judged = defined.filter(({ isJudged }) => isJudged).map(({ value }) => value);
  const band = bandOf(planned, judged, isBenefit);
  const rows = defined
    .map(({ isJudged, ...row }): RateRow => ({ ...row, standing: isJudged ? standingIn(band, row.value) : 'small' }))
    .sort((a, b) => Number(a.standing === 'small') - Number(b.standing === 'small') || worse(a, b, isBenefit));
  const withoutValue = groups.flatMap(({ group, slice }) =>
    slice.rates[rate].state === 'value' ? [] : [{ group, rate: slice.rates[rate] }],
  );
  const all = groups.map(({ group, slice: { attributes, counts } }) => ({ group, attributes, counts }));
  const pair = pairShares(rate, { groups: all });
  return [{ attribute, rate, overall, rows, withoutValue, band, most: axisEnd(rows), pair }];
}

/** The strictest of the planned margins, laid from the best-off judged group towards the others. */
function bandOf(planned: readonly PlannedMetric[], judged: readonly number[], isBenefit: boolean): Band | null {
  if (judged.length < 2) return null;
  const [low, high] = [Math.min(...judged), Math.max(...judged)];
  const bands = planned.map((metric): Band => {
    const { margin } = metric;
    const isGap = contrastOf(metric.metric) === 'difference';
    if (isBenefit) return { from: isGap ? Math.max(0, high - margin) : high * margin, to: high, metric };
    const to = isGap ? low + margin : margin === 0 ? 1 : low / margin;
    return { from: low, to: Math.min(1, to), metric };
  });
  return bands.reduce<Band | null>((best, next) => (best === null || width(next) < width(best) ? next : best), null);
}

const width = ({ from, to }: Band): number => to - from;

/** Rates are quotients of whole numbers; what differs by less than this differs by rounding. */
const rounding = 1e-12;

function standingIn(band: Band | null, value: number): RateRow['standing'] {
  if (band === null) return 'within';
  return value < band.from - rounding || value > band.to + rounding ? 'outside' : 'within';
}

function worse(a: RateRow, b: RateRow, isBenefit: boolean): number {
  const byValue = isBenefit ? a.value - b.value : b.value - a.value;
  return byValue === 0 ? (a.group < b.group ? -1 : 1) : byValue;
}

/** A round end that leaves room for every interval. */
function axisEnd(rows: readonly RateRow[]): number {
  const most = rows.reduce((end, { interval }) => Math.max(end, interval.upper), 0);
  return [0.05, 0.1, 0.2, 0.5].find((end) => most <= end) ?? 1;
}
