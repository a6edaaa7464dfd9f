import { type ConfusionCounts, type DisclosedCounts } from '../counts.js';
import { type Suppressed, suppressedBecause } from '../figure.js';
import type { Group } from '../partition.js';

/** A group and its counts, some of which may have been withheld. */
export type CountedGroup = Pick<Group, 'group' | 'counts'>;

/** A group of which every count is known. */
export interface KnownGroup {
  readonly group: string;
  readonly counts: ConfusionCounts;
}

/** The counts if none was withheld. */
export function knownCounts({ n, tn, fp, fn, tp }: DisclosedCounts): ConfusionCounts | null {
  const known = n !== null && tn !== null && fp !== null && fn !== null && tp !== null;
  return known ? { n, tn, fp, fn, tp } : null;
}

/** All groups with their counts, or that a figure over all of them is suppressed because one group is. */
export function knownGroups(groups: readonly CountedGroup[]): readonly KnownGroup[] | Suppressed {
  const known: KnownGroup[] = [];
  for (const { group, counts } of groups) {
    const own = knownCounts(counts);
    if (own === null) return suppressedBecause(`small counts of ${group} were withheld`);
    known.push({ group, counts: own });
  }
  return known;
}

/** Whether `knownGroups` has found all counts. */
export function areKnown(groups: readonly KnownGroup[] | Suppressed): groups is readonly KnownGroup[] {
  return !('state' in groups);
}
