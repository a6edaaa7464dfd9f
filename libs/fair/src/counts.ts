/** How decisions met reality, in rows. Positive is what the plan's outcome names, good or bad. */
export interface ConfusionCounts {
  /** All rows: tn + fp + fn + tp. */
  readonly n: number;
  readonly tn: number;
  readonly fp: number;
  readonly fn: number;
  readonly tp: number;
}

/** Counts as they were disclosed: null where a cell was withheld because it was small. Withheld is never 0. */
export type DisclosedCounts = { readonly [cell in keyof ConfusionCounts]: number | null };

/** The sum of counts, for instance over the groups of an attribute or over cities; null where a part was withheld. */
export function addCounts(all: readonly ConfusionCounts[]): ConfusionCounts;
export function addCounts(all: readonly DisclosedCounts[]): DisclosedCounts;
export function addCounts(all: readonly DisclosedCounts[]): DisclosedCounts {
  const sum = (cell: keyof ConfusionCounts) =>
    all.reduce<number | null>(
      (total, { [cell]: count }) => (total === null || count === null ? null : total + count),
      0,
    );
  return { n: sum('n'), tn: sum('tn'), fp: sum('fp'), fn: sum('fn'), tp: sum('tp') };
}
