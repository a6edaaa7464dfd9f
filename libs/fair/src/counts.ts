import type { ClusterMoments } from './clusters/cluster-moments.js';

/** How decisions met reality, in rows. Positive is what the plan's outcome names, good or bad. */
export interface ConfusionCounts {
  /** All rows: tn + fp + fn + tp. */
  readonly n: number;
  readonly tn: number;
  readonly fp: number;
  readonly fn: number;
  readonly tp: number;
}

/** What rows of a cell stand for in a weighted audit. */
export interface CellWeights {
  /** Sums of weights; `n` is that of the four. */
  readonly sums: ConfusionCounts;
  /** Sums of squared weights: how unequal the weights are, which intervals allow for. */
  readonly squares: ConfusionCounts;
}

/** Counts as they were disclosed: null where a cell was withheld because it was small. Withheld is never 0. */
export type DisclosedCounts = { readonly [cell in keyof ConfusionCounts]: number | null } & {
  /** Only in weighted audits: rates are then those of the sums. */
  readonly weights?: CellWeights;
  /** Only where rows belong to clusters: intervals then allow for that. Sums of groups have none. */
  readonly clusters?: ClusterMoments;
};

/** The sum of counts, for instance over the groups of an attribute or over cities; null where a part was withheld. */
export function addCounts(all: readonly ConfusionCounts[]): ConfusionCounts;
export function addCounts(all: readonly DisclosedCounts[]): DisclosedCounts;
export function addCounts(all: readonly DisclosedCounts[]): DisclosedCounts {
  const counts = addCells(all);
  const weights = all.flatMap((one) => one.weights ?? []);
  if (weights.length === 0 || weights.length < all.length) return counts;
  const sums = addKnown(weights.map((own) => own.sums));
  return { ...counts, weights: { sums, squares: addKnown(weights.map((own) => own.squares)) } };
}

/** What a figure of shares is computed from: sums of weights in a weighted audit, else rows. */
export function amountsOf(counts: DisclosedCounts): DisclosedCounts {
  return counts.weights?.sums ?? counts;
}

/** One value for each cell, and for all of them. */
function mapCells<T>(of: (cell: keyof ConfusionCounts) => T): { readonly [cell in keyof ConfusionCounts]: T } {
  return { n: of('n'), tn: of('tn'), fp: of('fp'), fn: of('fn'), tp: of('tp') };
}

function addCells(all: readonly DisclosedCounts[]): DisclosedCounts {
  return mapCells((cell) =>
    all.reduce<number | null>(
      (total, { [cell]: count }) => (total === null || count === null ? null : total + count),
      0,
    ),
  );
}

function addKnown(all: readonly ConfusionCounts[]): ConfusionCounts {
  return mapCells((cell) => all.reduce((total, { [cell]: sum }) => total + sum, 0));
}
