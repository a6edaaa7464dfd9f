import type { Grouping, GroupKind } from './grouping.js';

/** What to count: the rows of every combination of values that occurs. */
export interface Counting {
  readonly columns: readonly Grouping[];
  /** A column of weights, to be summed as well. Each must be a number from 0 to 2^30; a missing one is refused. */
  readonly weight?: string;
  /** Also the first row of each value. Costs nothing with Parquet; CSV must then be read in order, at half the speed. */
  readonly firstRows?: true;
  /** More combinations are refused. @default 262_144 */
  readonly maxCombinations?: number;
}

/** A column in dictionary form. */
export interface CountedColumn {
  readonly column: string;
  readonly kind: GroupKind;
  /**
   * The values that occur, as text in one form: `1` for 1, 1.0 and 1e0 in a column of numbers, while text is told apart
   * exactly. Numbers ascend, text is sorted by code unit; a missing value (nothing, NaN, empty text, the texts `NaN`
   * and `nan`) is null and comes last.
   */
  readonly values: readonly (string | null)[];
  /** For each value the number of the first row that has it, from 1, headers not counted. When asked for. */
  readonly firstRows?: Float64Array;
}

/**
 * How many rows have each combination of values. The same rows give the same counts, in whatever order they are and
 * with however many threads they are read.
 */
export interface JointCount {
  readonly columns: readonly CountedColumn[];
  /** One code for each column, combination by combination, ascending. A code is an index into the column's values. */
  readonly codes: Uint32Array;
  /** Rows of each combination; exact up to 2^53. */
  readonly rows: Float64Array;
  readonly weights?: WeightSums;
}

/**
 * Sums of weights and of squared weights of each combination, in units of 2^-90. Each weight, and each square as a
 * double, is rounded down to a whole unit and these are added as integers, so that no order of rows, number of threads
 * or split into files changes a sum.
 */
export interface WeightSums {
  readonly sums: readonly bigint[];
  readonly squares: readonly bigint[];
}

/** The largest weight that is read. */
export const maxWeight = 2 ** 30;

/** Weights are summed in units of 2 to the power of minus this. */
export const weightUnitBits = 90;

export const defaultMaxCombinations = 2 ** 18;
