import {
  type AuditReport,
  contrastOf,
  type Interval,
  type PlannedMetric,
  type RateName,
  ratesOfMetric,
} from '@hansa/fair';

/** One group in a figure. */
export interface RateRow {
  readonly group: string;
  readonly k: number;
  readonly n: number;
  readonly value: number;
  readonly interval: Interval;
  /** `judged` groups decide the verdict; `small` ones do not reach the floors of the plan. */
  readonly standing: 'within' | 'outside' | 'small';
}

/** How far groups may be from the best-off one, from 0 to 1. */
interface Band {
  readonly from: number;
  readonly to: number;
  readonly metric: PlannedMetric;
}

/** One rate of the groups of one attribute, ready to be drawn and to be listed. */
export interface RateFigure {
  readonly attribute: string;
  readonly rate: RateName;
  /** Everybody; null when the rate is defined for nobody. */
  readonly overall: Omit<RateRow, 'standing' | 'group'> | null;
  /** The worst-off first, groups that are too small at the end. */
  readonly rows: readonly RateRow[];
  /** Groups in which the question does not arise, with the reason. */
  readonly undefinedGroups: readonly { readonly group: string; readonly reason: string }[];
  /** Null when fewer than two groups are judged: then there is nothing to be far from. */
  readonly band: Band | null;
  /** The end of the axis. */
  readonly most: number;
}

/** The figures that the verdict is about: each rate of a planned metric, for each attribute. */
export function rateFigures({ plan, comparisons, slices }: AuditReport): readonly RateFigure[] {
  const rates = [...new Set(plan.metrics.flatMap(({ metric }) => ratesOfMetric(metric)))];
  return plan.attributes.flatMap((attribute) =>
    rates.map((rate): RateFigure => {
      const planned = plan.metrics.filter(({ metric }) => ratesOfMetric(metric).includes(rate));
      const comparison = comparisons.find(
        (c) => c.groups === 'judged' && c.attribute === attribute && c.metric === planned[0]?.metric,
      );
      const leftOut = new Set(comparison?.leftOut.filter((g) => g.rate === rate).map(({ group }) => group));
      const all = slices.flatMap(({ attributes, rates: own }) => {
        const group = attributes[attribute];
        return group === undefined ? [] : [{ group, own: own[rate], isJudged: !leftOut.has(group) }];
      });
      const defined = all.flatMap(({ group, own, isJudged }) =>
        own.state === 'value' ? [{ ...shown(own), group, isJudged }] : [],
      );
      const isBenefit = plan.outcome.polarity === 'benefit';
      const judged = defined.filter(({ isJudged }) => isJudged).map(({ value }) => value);
      const band = bandOf(planned, judged, isBenefit);
      const rows = defined
        .map(
          ({ isJudged, ...row }): RateRow => ({ ...row, standing: isJudged ? standingIn(band, row.value) : 'small' }),
        )
        .sort((a, b) => Number(a.standing === 'small') - Number(b.standing === 'small') || worse(a, b, isBenefit));
      const everybody = slices[0]?.rates[rate];
      return {
        attribute,
        rate,
        overall: everybody?.state === 'value' ? shown(everybody) : null,
        rows,
        undefinedGroups: all.flatMap(({ group, own }) =>
          own.state === 'value' ? [] : [{ group, reason: own.reason }],
        ),
        band,
        most: axisEnd(rows),
      };
    }),
  );
}

function shown({ k, n, value, interval }: Omit<RateRow, 'standing' | 'group'>) {
  return { k, n, value, interval };
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
  const most = Math.max(0, ...rows.map(({ interval }) => interval.upper));
  return [0.05, 0.1, 0.2, 0.5].find((end) => most <= end) ?? 1;
}
