import { addCounts } from '../counts.js';
import { type Figure, figure, undefinedBecause } from '../figure.js';
import { areKnown, type CountedGroup, knownGroups } from './known-groups.js';

/** The weights that would make the label independent of the group. */
export interface GroupWeights {
  readonly group: string;
  readonly positive: Figure;
  readonly negative: Figure;
}

/**
 * Reweighing: rows of a group with a label would be weighted by n(group) · n(label) / (n · n(group, label)); above 1 are
 * those that occur less often than independence would have it. Kamiran and Calders, Knowledge and Information Systems 33
 * (2012). Undefined where a group has no rows with the label: no weight can bring them back.
 */
export function reweighingOf(groups: readonly CountedGroup[]): readonly GroupWeights[] {
  const known = knownGroups(groups);
  if (!areKnown(known)) return groups.map(({ group }) => ({ group, positive: known, negative: known }));
  const all = addCounts(known.map(({ counts }) => counts));
  const positives = all.tp + all.fn;
  return known.map(({ group, counts }) => {
    const own = counts.tp + counts.fn;
    const weight = (withLabel: number, rows: number, label: string) =>
      rows === 0 ? undefinedBecause(`no rows with a ${label} label`) : figure((counts.n * withLabel) / (all.n * rows));
    return {
      group,
      positive: weight(positives, own, 'positive'),
      negative: weight(all.n - positives, counts.n - own, 'negative'),
    };
  });
}
