import { addCounts, type DisclosedCounts, type Partition, pooledCounts } from '@hansa/fair';
import { type CellName, type CountsSet, cellNames, type SmallCell, type WithheldCell } from './counts-file.js';

/** A group of one attribute with the row that it stands in. */
export interface GroupRow {
  readonly attribute: string;
  readonly group: string;
  readonly row: number;
  readonly counts: DisclosedCounts;
}

/** Four cells as counts; a withheld cell leaves the number of rows unknown. */
export function disclosed(cells: readonly (number | null)[]): DisclosedCounts {
  const [tn = null, fp = null, fn = null, tp = null] = cells;
  return addCounts([
    { n: tn, tn, fp: 0, fn: 0, tp: 0 },
    { n: fp, tn: 0, fp, fn: 0, tp: 0 },
    { n: fn, tn: 0, fp: 0, fn, tp: 0 },
    { n: tp, tn: 0, fp: 0, fn: 0, tp },
  ]);
}

/** Everybody: the fully disclosed attribute that covers most rows, since rows may lack the others. */
export function totalOfAll(partitions: readonly Partition[]): DisclosedCounts {
  const nothing: DisclosedCounts = { n: null, tn: null, fp: null, fn: null, tp: null };
  return partitions
    .map(pooledCounts)
    .reduce((most, next) => (next.n !== null && next.n > (most.n ?? -1) ? next : most), nothing);
}

/** Every cell that was withheld, with what can be said about it all the same. */
export function withheldCells(
  rows: readonly GroupRow[],
  total: DisclosedCounts,
  below: number | undefined,
): readonly WithheldCell[] {
  return rows.flatMap((own) =>
    cellNames.flatMap((cell): WithheldCell[] => {
      if (own.counts[cell] !== null) return [];
      const most = below === undefined ? null : mostOf(own.counts, below);
      const bySubtraction = subtract(rows, own, cell, total);
      const fits = bySubtraction !== null && bySubtraction >= 0 && (most === null || bySubtraction <= most);
      const { attribute, group, row } = own;
      return [{ attribute, group, cell, row, most, bySubtraction: fits ? bySubtraction : null }];
    }),
  );
}

/** With two withheld cells one may be the lowest of the large ones, and so at most the lowest that is disclosed. */
function mostOf(counts: DisclosedCounts, below: number): number {
  const open = cellNames.flatMap((cell) => counts[cell] ?? []);
  return open.length === 2 ? Math.max(below - 1, Math.min(...open)) : below - 1;
}

function subtract(rows: readonly GroupRow[], own: GroupRow, cell: CellName, total: DisclosedCounts): number | null {
  const all = total[cell];
  if (all === null) return null;
  const others = rows.filter(({ attribute, group }) => attribute === own.attribute && group !== own.group);
  const known = addCounts(others.map(({ counts }) => counts))[cell];
  return known === null ? null : all - known;
}

/** Cells that the file's own rule should have withheld. */
export function smallCells(rows: readonly GroupRow[], below: number | undefined): readonly SmallCell[] {
  if (below === undefined) return [];
  return rows.flatMap(({ attribute, group, row, counts }) =>
    cellNames.flatMap((cell) => {
      const value = counts[cell];
      return value !== null && value < below ? [{ attribute, group, cell, row, value }] : [];
    }),
  );
}

/** Attributes with more of a cell than everybody has. */
export function contradictions(totals: CountsSet['totals'], total: DisclosedCounts): CountsSet['contradicting'] {
  return totals.flatMap(({ attribute, counts }) =>
    cellNames.flatMap((cell) =>
      (counts[cell] ?? 0) > (total[cell] ?? Number.POSITIVE_INFINITY) ? [{ attribute, cell }] : [],
    ),
  );
}
