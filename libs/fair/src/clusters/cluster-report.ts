import type { Comparison } from '../comparisons/comparison.js';
import { fewestClusters } from '../comparisons/fairlearn.js';
import { type Finding, findingTypes } from '../findings/finding.js';
import type { CellCounts } from '../partition.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import { type RateName, ratesOf } from '../rates.js';
import { list, number } from '../words.js';

/** Below this many clusters intervals that allow for them are known to be too narrow now and then. */
const fewClusters = 40;

/** Why a plan with clusters cannot be followed; undefined when it can. */
export function clusterProblem({ cluster, weight, draws, attributes, intersections, controls }: AuditPlan) {
  if (cluster === undefined) return undefined;
  if (weight !== undefined)
    return 'Clusters and weights are not allowed for together: the variance between clusters would need sums of weights by cluster. Leave one of them out.';
  if (draws) return 'Rows that belong together are not drawn one by one: leave out the seed or the clusters.';
  const columns = [...attributes, ...(intersections ?? []).flat(), ...(controls ?? [])];
  return columns.includes(cluster)
    ? `Groups are compared by "${cluster}", so it cannot say which rows belong together as well.`
    : undefined;
}

/** That clusters matter, and where there are too few of them to know how much. */
export function clusterFindings(
  comparisons: readonly Comparison[],
  { total, partitions }: CellCounts,
  plan: AuditPlan,
): readonly Finding[] {
  const { clusters } = total;
  if (plan.cluster === undefined || !clusters || total.n === null) return [];
  const all = clusters.patterns.reduce((sum, own) => sum + own, 0);
  const rates = ratesOf(total, plan.level);
  const decided = comparisons.flatMap((c) => (c.state === 'value' && c.groups === 'judged' ? [c.rate] : []));
  const effects = [...new Set<RateName>(['selectionRate', ...decided])].flatMap((name) => {
    const rate = rates[name];
    const effect = rate.state === 'value' ? (rate.clustered?.designEffect ?? null) : null;
    return effect === null ? [] : [`${number(Number(effect.toFixed(2)))} in ${name}`];
  });
  const told: Finding = {
    type: findingTypes.dependentRows,
    severity: 'low',
    attribute: plan.cluster,
    text: `${total.n} rows belong to ${all} clusters by "${plan.cluster}". Intervals and tests allow for that; the variance is so many times that of unrelated rows: ${list(effects)}.`,
  };
  const few = comparedBy(plan).flatMap((name): readonly Finding[] => {
    const groups = partitions.find(({ attribute, stratum }) => attribute === name && !stratum)?.groups ?? [];
    const small = groups.flatMap(({ group, counts }) => {
      const own = counts.clusters?.patterns.reduce((sum, one) => sum + one, 0) ?? 0;
      return own < fewClusters ? [`${group} (${own})`] : [];
    });
    if (small.length === 0) return [];
    const text = `Fewer than ${fewClusters} clusters have rows of ${list(small)}, by ${name}: how much rows of a cluster are alike is hardly known from so few, and intervals may be too narrow. With fewer than ${fewestClusters} a group is not judged.`;
    return [{ type: findingTypes.fewClusters, severity: 'medium', attribute: name, text }];
  });
  return [told, ...few];
}
