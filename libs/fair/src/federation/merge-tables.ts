import { compareLevels } from '../counting/joint-counts.js';
import type { DisclosedCounts } from '../counts.js';
import type { CellCounts, Partition } from '../partition.js';
import { type AuditPlan, crossed } from '../plan.js';
import type { GroupTable } from './group-tables.js';
import type { HandedCells } from './handed-tables.js';

/**
 * One table of several places: a group that a place does not have has no rows there; a number that one place withholds is
 * withheld in the sum.
 */
export function addTables(tables: readonly GroupTable[]): GroupTable {
  const attributes = tables[0]?.attributes ?? [];
  const sums = new Map<string, { levels: readonly string[]; cells: HandedCells }>();
  for (const { levels, cells } of tables.flatMap(({ groups }) => groups)) {
    const key = JSON.stringify(levels);
    const before = sums.get(key)?.cells ?? [0, 0, 0, 0];
    sums.set(key, { levels, cells: addCells(before, cells) });
  }
  return { attributes, groups: [...sums.values()].sort((a, b) => compareGroups(a.levels, b.levels)) };
}

/** The groups that a plan compares, out of its tables. */
export function cellCountsOf(tables: readonly GroupTable[], plan: AuditPlan): CellCounts {
  const { attributes, intersections = [], controls = [] } = plan;
  const compared = [...attributes.map((name) => [name]), ...intersections];
  const everybody = tableBy(tables, []).groups[0]?.cells ?? [0, 0, 0, 0];
  const partitions: Partition[] = compared.map((names) => partitionOf(tableBy(tables, names), names));
  for (const control of controls) {
    const within = compared.flatMap((names) =>
      names.includes(control) ? [] : [{ names, table: tableBy(tables, [...names, control]) }],
    );
    const levels = new Set(within.flatMap(({ table }) => levelsOf(table, control)));
    for (const level of [...levels].sort(compareLevels))
      for (const { names, table } of within) partitions.push(partitionOf(table, names, { [control]: level }));
  }
  return { total: countsOf(everybody), partitions };
}

/** Four numbers as counts; the rows of a group are known when all four are. */
function countsOf([tn, fp, fn, tp]: HandedCells): DisclosedCounts {
  const open = tn !== null && fp !== null && fn !== null && tp !== null;
  return { n: open ? tn + fp + fn + tp : null, tn, fp, fn, tp };
}

function tableBy(tables: readonly GroupTable[], names: readonly string[]): GroupTable {
  const found = tables.find(
    (t) => t.attributes.length === names.length && names.every((n) => t.attributes.includes(n)),
  );
  return found ?? { attributes: names, groups: [] };
}

function levelsOf({ attributes, groups }: GroupTable, attribute: string): readonly string[] {
  const place = attributes.indexOf(attribute);
  return groups.map(({ levels }) => levels[place] ?? '');
}

function partitionOf(
  { attributes, groups }: GroupTable,
  names: readonly string[],
  stratum: Readonly<Record<string, string>> = {},
): Partition {
  const own = groups
    .filter(({ levels }) =>
      Object.entries(stratum).every(([name, level]) => levels[attributes.indexOf(name)] === level),
    )
    .map(({ levels, cells }) => ({ levels: names.map((name) => levels[attributes.indexOf(name)] ?? ''), cells }))
    // A combination that is known to have no rows is no group.
    .filter(({ cells }) => cells.some((cell) => cell !== 0))
    .sort((a, b) => compareGroups(a.levels, b.levels))
    .map(({ levels, cells }) => ({
      group: levels.join(', '),
      attributes: Object.fromEntries(names.map((name, i) => [name, levels[i] ?? ''])),
      counts: countsOf(cells),
    }));
  return { attribute: crossed(names), ...(Object.keys(stratum).length > 0 && { stratum }), groups: own };
}

function addCells(a: HandedCells, b: HandedCells): HandedCells {
  const add = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y);
  return [add(a[0], b[0]), add(a[1], b[1]), add(a[2], b[2]), add(a[3], b[3])];
}

/** Level by level, each in the order of {@link compareLevels}. */
export function compareGroups(a: readonly string[], b: readonly string[]): number {
  for (const [k, level] of a.entries()) {
    const order = compareLevels(level, b[k] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
