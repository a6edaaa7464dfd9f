import { type Comparison, isHeadline } from '../comparisons/comparison.js';
import { type ComparisonMetric, contrastOf, ratesOfMetric } from '../comparisons/metrics.js';
import { undefinedBecause } from '../figure.js';
import { knownCounts } from '../inequality/known-groups.js';
import type { CellCounts, Group } from '../partition.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import { portionOf, type RateName } from '../rates.js';
import { type BootstrapInterval, type CountStatistic, countBootstrap } from '../statistics/bootstrap.js';
import { generator } from '../statistics/draws.js';

/** How one planned comparison varies from draw to draw. What chance makes without any difference is told by `tests`. */
export interface DrawnGap {
  readonly attribute: string;
  readonly metric: ComparisonMetric;
  /** The figure over judged groups in tables drawn anew: as fairlearn's bootstrap of rows. It errs towards large gaps. */
  readonly bootstrap: BootstrapInterval;
}

/** The part of a report that was drawn: for information, it does not decide. */
export interface DrawnPart {
  readonly seed: number;
  readonly replicates: number;
  readonly generator: string;
  readonly gaps: readonly DrawnGap[];
}

/**
 * Draws how the planned comparisons between judged groups vary. The seed is that of the plan, and each
 * comparison begins with it, so that no figure depends on which others are asked for.
 *
 * @returns undefined where the plan draws nothing.
 */
export function drawnPart(
  counts: CellCounts,
  plan: AuditPlan,
  comparisons: readonly Comparison[],
): DrawnPart | undefined {
  if (!plan.draws) return undefined;
  const { seed, replicates } = plan.draws;
  const judged = comparisons.filter(isHeadline).filter((comparison) => comparison.groups === 'judged');
  const gaps = comparedBy(plan).flatMap((attribute) =>
    plan.metrics.flatMap(({ metric }): readonly DrawnGap[] => {
      const partition = counts.partitions.find((own) => own.attribute === attribute && !own.stratum);
      const comparison = judged.find((own) => own.attribute === attribute && own.metric === metric);
      return partition && comparison ? [drawnGap(metric, partition.groups, comparison, plan)] : [];
    }),
  );
  return { seed, replicates, generator, gaps };
}

function drawnGap(
  metric: ComparisonMetric,
  groups: readonly Group[],
  { attribute, leftOut }: Comparison,
  { draws = { seed: 0, replicates: 0 }, level }: AuditPlan,
): DrawnGap {
  const rates = ratesOfMetric(metric);
  const judgedBy = (rate: RateName) =>
    groups.filter(({ group }) => !leftOut.some((left) => left.rate === rate && left.group === group));
  const known = groups.map(({ counts }) => knownCounts(counts));
  const cells = known.flatMap((own) => (own ? [own.tn, own.fp, own.fn, own.tp] : []));
  const places = rates.map((rate) => ({ rate, at: judgedBy(rate).map((group) => groups.indexOf(group)) }));
  const bootstrap = known.includes(null)
    ? undefinedBecause('small counts were withheld, so no table can be drawn')
    : countBootstrap([cells], statisticOf(metric, places), { ...draws, level });
  return { attribute, metric, bootstrap };
}

/** The metric of drawn cells, four for each group; null where a rate has fewer than two groups, or no ratio. */
function statisticOf(
  metric: ComparisonMetric,
  places: readonly { readonly rate: RateName; readonly at: readonly number[] }[],
): CountStatistic {
  const isGap = contrastOf(metric) === 'difference';
  return (cells) => {
    let worst: number | null = null;
    for (const { rate, at } of places) {
      const values = at.flatMap((place) => {
        const [tn = 0, fp = 0, fn = 0, tp = 0] = cells.subarray(place * 4, place * 4 + 4);
        const share = portionOf(rate, { n: tn + fp + fn + tp, tn, fp, fn, tp });
        return share && share.n > 0 ? [share.k / share.n] : [];
      });
      const [low, high] = [Math.min(...values), Math.max(...values)];
      if (values.length < 2 || (!isGap && high === 0)) return null;
      const own = isGap ? high - low : low / high;
      worst = worst === null ? own : isGap ? Math.max(worst, own) : Math.min(worst, own);
    }
    return worst;
  };
}
