import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { CodedAttribute } from '../counting/coded-attribute.js';
import { compareLevels } from '../counting/joint-counts.js';

/** Where the members of a group stand. */
export interface GroupRanks {
  readonly group: string;
  /** Members in all ranks. */
  readonly n: number;
  /** Members at rank 1, 2, …; in one ranking 0 or 1, in several added up. */
  readonly at: Float64Array;
}

/** Who stands at which rank, by groups of one attribute. */
export interface RankTable {
  readonly attribute: string;
  /** How many rankings are added up in it. */
  readonly rankings: number;
  /** In the order of `compareLevels`; a level without members does not occur. */
  readonly groups: readonly GroupRanks[];
}

export type RankProblem = Problem<'ranks.unknown-code' | 'ranks.different'>;

/**
 * Counts one ranking.
 *
 * @param ranked the groups of those ranked, the first row being rank 1.
 * @example
 * countRanks({ attribute: 'sex', levels: ['Female', 'Male'], codes: Uint16Array.of(1, 1, 0) });
 */
export function countRanks({ attribute, levels, codes }: CodedAttribute): Result<RankTable, RankProblem> {
  const row = codes.findIndex((code) => code >= levels.length);
  if (row >= 0)
    return refuse('ranks.unknown-code', `Row ${row} of "${attribute}" has a code without a level.`, attribute);
  const at = levels.map(() => new Float64Array(codes.length));
  codes.forEach((code, rank) => {
    at[code]?.fill(1, rank, rank + 1);
  });
  const groups = levels
    .map((group, level) => groupAt(group, at[level] ?? new Float64Array(0)))
    .filter(({ n }) => n > 0)
    .sort((a, b) => compareLevels(a.group, b.group));
  return ok({ attribute, rankings: 1, groups });
}

/**
 * Adds tables of the same attribute, for instance one ranking from each city: ranks stay those within each ranking. This
 * is not the ranking that the cities would have together.
 */
export function addRanks(first: RankTable, ...others: readonly RankTable[]): Result<RankTable, RankProblem> {
  const other = others.find(({ attribute }) => attribute !== first.attribute);
  if (other) return refuse('ranks.different', 'Only rankings by one attribute can be added.', other.attribute);
  const all = [first, ...others];
  const length = Math.max(...all.map(lengthOf));
  const names = [...new Set(all.flatMap(({ groups }) => groups.map(({ group }) => group)))].sort(compareLevels);
  const groups = names.map((name) => {
    const at = new Float64Array(length);
    for (const part of all.flatMap((table) => table.groups.filter(({ group }) => group === name))) {
      part.at.forEach((count, rank) => {
        at[rank] = (at[rank] ?? 0) + count;
      });
    }
    return groupAt(name, at);
  });
  return ok({ attribute: first.attribute, rankings: all.reduce((sum, { rankings }) => sum + rankings, 0), groups });
}

/** The number of ranks. */
export function lengthOf({ groups }: RankTable): number {
  return groups[0]?.at.length ?? 0;
}

function groupAt(group: string, at: Float64Array): GroupRanks {
  return { group, at, n: at.reduce((sum, count) => sum + count, 0) };
}
