import { addCounts, type DisclosedCounts } from './counts.js';

/** People who share a level of an attribute, or of several. */
export interface Group {
  /** As it is shown: `Female`, or `Female, Asian` where attributes are crossed. */
  readonly group: string;
  /** `{"sex":"Female"}`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly counts: DisclosedCounts;
}

/** A population, or one stratum of it, divided into groups that are compared with each other. */
export interface Partition {
  /** `sex`, or `sex*race` where attributes are crossed. */
  readonly attribute: string;
  /** `{"education":"3"}`; absent for the whole population. */
  readonly stratum?: Readonly<Record<string, string>>;
  /** By name; a level without rows does not occur. */
  readonly groups: readonly Group[];
}

/** All that an audit of binary decisions needs: no row is kept, and tables of several cities may be added. */
export interface CellCounts {
  readonly total: DisclosedCounts;
  readonly partitions: readonly Partition[];
  /** Each attribute was counted apart, as in a published table: who lacks one is in the total alone. */
  readonly apart?: true;
}

/** Everybody in a partition. */
export function pooledCounts({ groups }: Partition): DisclosedCounts {
  return addCounts(groups.map(({ counts }) => counts));
}

/** The level of rows in which an attribute has no value: nobody is dropped. */
export const notStated = 'not stated';
