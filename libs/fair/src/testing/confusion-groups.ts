import type { ConfusionCounts } from '../index.js';

/** Cells of a confusion table: tn, fp, fn, tp. */
export type Cells = readonly [tn: number, fp: number, fn: number, tp: number];

/** Counts from their cells. */
export function confusion([tn, fp, fn, tp]: Cells): ConfusionCounts {
  return { n: tn + fp + fn + tp, tn, fp, fn, tp };
}

/** Named cells as groups. */
export function groupsOf(cells: Readonly<Record<string, Cells>>) {
  return Object.entries(cells).map(([group, own]) => ({ group, counts: confusion(own) }));
}
