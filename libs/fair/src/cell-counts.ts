import { ok, type Result } from '@hansa/kernel';
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

/**
 * The groups that a plan compares, out of the counts of all combinations: each attribute, each intersection, and both
 * once more within each level of each control.
 *
 * @example
 * cellCounts(joint, { attributes: ['sex', 'race'], intersections: [['sex', 'race']] });
 */
export function cellCounts(joint: JointCounts, divisions: Divisions): Result<CellCounts, JointProblem> {
  const partitions: Partition[] = [];
  const whole = partitionsOf(joint, divisions);
  if (!whole.ok) return whole;
  partitions.push(...whole.value);
  for (const control of divisions.controls ?? []) {
    const levels = joint.attributes.find(({ attribute }) => attribute === control)?.levels ?? [];
    for (const level of levels) {
      const part = stratum(joint, control, level);
      if (!part.ok) return part;
      const within = partitionsOf(part.value, withoutControl(divisions, control));
      if (!within.ok) return within;
      partitions.push(...within.value.map((partition) => ({ ...partition, stratum: { [control]: level } })));
    }
  }
  const everybody = marginal(joint, []);
  if (!everybody.ok) return everybody;
  const [all] = groupsOf(everybody.value);
  return ok({ total: all ? withWeights(all) : totalOf(joint), partitions });
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
): Result<readonly Partition[], JointProblem> {
  const partitions: Partition[] = [];
  for (const names of [...attributes.map((name) => [name]), ...intersections]) {
    const table = marginal(joint, names);
    if (!table.ok) return table;
    const groups = groupsOf(table.value).map((group) => ({
      group: group.levels.join(', '),
      attributes: Object.fromEntries(names.map((name, i) => [name, group.levels[i] ?? ''])),
      counts: withWeights(group),
    }));
    partitions.push({ attribute: crossed(names), groups });
  }
  return ok(partitions);
}

function withWeights(group: JointGroup): DisclosedCounts {
  const weights = weightsOf(group);
  return weights ? { ...group.counts, weights } : group.counts;
}
