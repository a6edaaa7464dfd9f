import { must } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import { groupsOf, type JointAttribute, type JointCounts } from '../counting/joint-counts.js';
import type { AuditPlan } from '../plan.js';
import type { HandedCells, HandedTable } from './handed-tables.js';
import { tablesOfPlan } from './tables-of-plan.js';

/** Rows by some columns, group by group; a number is null where it is withheld. */
export interface GroupTable {
  readonly attributes: readonly string[];
  readonly groups: readonly { readonly levels: readonly string[]; readonly cells: HandedCells }[];
}

/** The tables that a plan needs, out of the counts of all its combinations. */
export function tablesOf(joint: JointCounts, plan: AuditPlan): readonly GroupTable[] {
  return tablesOfPlan(plan).map((attributes) => ({
    attributes,
    // The plan's columns are those of the counts: whoever calls has checked it.
    groups: groupsOf(must(marginal(joint, attributes))).map(({ levels, counts: { tn, fp, fn, tp } }) => ({
      levels,
      cells: [tn, fp, fn, tp],
    })),
  }));
}

/** Codes of a document as levels. */
export function decodeTable({ attributes, groups }: HandedTable, columns: readonly JointAttribute[]): GroupTable {
  const levels = attributes.map((name) => columns.find(({ attribute }) => attribute === name)?.levels ?? []);
  return {
    attributes,
    groups: groups.map(({ codes, cells }) => ({ levels: codes.map((code, k) => levels[k]?.[code] ?? ''), cells })),
  };
}
