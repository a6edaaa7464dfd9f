import type { Partition } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import { comparePair, pairsOf } from './aif360.js';
import type { Comparison } from './comparison.js';
import { compare, waysOf } from './fairlearn.js';
import { comparisonMetrics, pairMetrics } from './metrics.js';

/**
 * Every comparison of a partition under the conventions of the plan. Within a stratum only what answers whether the
 * gaps remain: each metric between all groups.
 */
export function compareAll(partition: Partition, plan: AuditPlan): readonly Comparison[] {
  const { conventions = ['fairlearn'] } = plan;
  return conventions.flatMap((convention) =>
    convention === 'fairlearn' ? byFairlearn(partition, plan) : byAif360(partition, plan),
  );
}

function byFairlearn(partition: Partition, plan: AuditPlan): readonly Comparison[] {
  return comparisonMetrics.flatMap((metric) =>
    partition.stratum
      ? [compare(metric, partition, 'all', plan)]
      : [
          ...waysOf(metric).map((how, i) => {
            const comparison = compare(metric, partition, 'all', plan, how);
            // The other ways leave out the same groups as the first.
            return i === 0 ? comparison : { ...comparison, leftOut: [] };
          }),
          compare(metric, partition, 'judged', plan),
        ],
  );
}

function byAif360(partition: Partition, { outcome, level, privileged }: AuditPlan): readonly Comparison[] {
  if (partition.stratum) return [];
  const { polarity } = outcome;
  return pairsOf(partition, polarity, privileged?.[partition.attribute]).flatMap((pair) =>
    pairMetrics.map((metric) => comparePair(metric, partition, pair, { polarity, level })),
  );
}
