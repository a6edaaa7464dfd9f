import { ok, type Result } from '@hansa/kernel';
import { clusterKey, clusterMoments } from './clusters/count-clusters.js';
import { marginal, stratum } from './counting/joint-algebra.js';
import {
  groupsOf,
  type JointCounts,
  type JointGroup,
  type JointProblem,
  totalOf,
  weightsOf,
} from './counting/joint-counts.js';
import type { DisclosedCounts } from './counts.js';
import type { CellCounts, Partition } from './partition.js';
import { type AuditPlan, crossed } from './plan.js';

/** What of a plan says how a population is divided. */
type Divisions = Pick<AuditPlan, 'attributes' | 'intersections' | 'controls'>;

/** Counts of the same rows by the same attributes and one more: which cluster a row belongs to. */
export interface Clustering {
  readonly joint: JointCounts;
  readonly cluster: string;
}

/**
 * The groups that a plan compares, out of the counts of all combinations: each attribute, each intersection, and both
 * once more within each level of each control; where rows are clustered, with the moments of clusters.
 *
 * @example
 * cellCounts(joint, { attributes: ['sex', 'race'], intersections: [['sex', 'race']] });
 */
export function cellCounts(
  joint: JointCounts,
  divisions: Divisions,
  clustering?: Clustering,
): Result<CellCounts, JointProblem> {
  const partitions: Partition[] = [];
  const whole = partitionsOf(joint, divisions, clustering);
  if (!whole.ok) return whole;
  partitions.push(...whole.value);
  for (const control of divisions.controls ?? []) {
    const levels = joint.attributes.find(({ attribute }) => attribute === control)?.levels ?? [];
    for (const level of levels) {
      const part = stratum(joint, control, level);
      if (!part.ok) return part;
      const clustered = clustering && stratum(clustering.joint, control, level);
      if (clustered && !clustered.ok) return clustered;
      const own = { [control]: level };
      const within = partitionsOf(
        part.value,
        withoutControl(divisions, control),
        clustering && clustered && { joint: clustered.value, cluster: clustering.cluster },
        own,
      );
      if (!within.ok) return within;
      partitions.push(...within.value.map((partition) => ({ ...partition, stratum: own })));
    }
  }
  const everybody = marginal(joint, []);
  if (!everybody.ok) return everybody;
  const [all] = groupsOf(everybody.value);
  const moments = clustering && clusterMoments(clustering.joint, clustering.cluster, []);
  if (moments && !moments.ok) return moments;
  const clusters = moments?.value.get(clusterKey({}));
  return ok({ total: { ...(all ? withWeights(all) : totalOf(joint)), ...(clusters && { clusters }) }, partitions });
}

/** Within one level of an attribute there is nobody to compare by it. */
function withoutControl({ attributes, intersections = [] }: Divisions, control: string): Divisions {
  return {
    attributes: attributes.filter((name) => name !== control),
    intersections: intersections.filter((names) => !names.includes(control)),
  };
}

function partitionsOf(
  joint: JointCounts,
  { attributes, intersections = [] }: Divisions,
  clustering?: Clustering,
  own?: Partition['stratum'],
): Result<readonly Partition[], JointProblem> {
  const partitions: Partition[] = [];
  for (const names of [...attributes.map((name) => [name]), ...intersections]) {
    const table = marginal(joint, names);
    if (!table.ok) return table;
    const moments = clustering && clusterMoments(clustering.joint, clustering.cluster, names, own);
    if (moments && !moments.ok) return moments;
    const groups = groupsOf(table.value).map((group) => {
      const levels = Object.fromEntries(names.map((name, i) => [name, group.levels[i] ?? '']));
      const clusters = moments?.value.get(clusterKey(levels, own));
      return {
        group: group.levels.join(', '),
        attributes: levels,
        counts: { ...withWeights(group), ...(clusters && { clusters }) },
      };
    });
    partitions.push({ attribute: crossed(names), groups });
  }
  return ok(partitions);
}

function withWeights(group: JointGroup): DisclosedCounts {
  const weights = weightsOf(group);
  return weights ? { ...group.counts, weights } : group.counts;
}
