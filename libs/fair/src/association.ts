import { type Estimated, undefinedBecause } from './figure.js';
import { chiSquare } from './statistics/chi-square.js';

/** How much one column tells of another. */
export type Association = Estimated<{
  /** Cramér's V without the part that chance alone adds: 0 where it tells nothing, 1 where it tells all. */
  readonly cramersV: number;
  /** Of Pearson's test that neither tells anything of the other. */
  readonly p: number;
  /** The share of rows for which the commonest group is the right guess, knowing nothing. */
  readonly blindGuess: number;
  /** The share for which the commonest group among rows with the same value is. */
  readonly guess: number;
}>;

/**
 * How well values of a column tell the groups apart, from counts. Undefined with fewer than two groups or values. The
 * correction of Cramér's V is W. Bergsma's, Journal of the Korean Statistical Society 42 (2013). A blind guess and a guess
 * by the value are those behind the lambda of L. A. Goodman and W. H. Kruskal, Journal of the American Statistical
 * Association 49 (1954).
 *
 * @param table for each value of the column, rows by group; every value has the same groups in the same order.
 * @example
 * associationOf([[40, 10], [10, 40]]); // cramersV 0.595, blindGuess 0.5, guess 0.8
 */
export function associationOf(table: readonly (readonly number[])[]): Association {
  const test = chiSquare(table);
  if (test.state === 'undefined') return undefinedBecause('fewer than two groups or two values');
  const groups = (table[0] ?? []).map((_, g) => table.reduce((sum, row) => sum + (row[g] ?? 0), 0));
  const values = table.map((row) => row.reduce((sum, rows) => sum + rows, 0));
  const n = groups.reduce((sum, rows) => sum + rows, 0);
  const [r, c] = [groups, values].map((counts) => counts.filter((rows) => rows > 0).length);
  const corrected = (levels = 2) => levels - (levels - 1) ** 2 / (n - 1);
  const phi = Math.max(0, test.statistic / n - test.df / (n - 1));
  const cramersV = Math.min(1, Math.sqrt(phi / Math.max(1e-12, Math.min(corrected(r), corrected(c)) - 1)));
  const guess = table.reduce((sum, row) => sum + Math.max(...row), 0) / n;
  return { state: 'value', cramersV, p: test.p, blindGuess: Math.max(...groups) / n, guess };
}
