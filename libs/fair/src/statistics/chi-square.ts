import { type Estimated, undefinedBecause } from '../figure.js';
import { chiSquareUpperTail } from './gamma.js';

/** What Pearson's test finds in a table of counts. */
export type ChiSquareTest = Estimated<{
  readonly test: 'chi-square';
  readonly p: number;
  readonly statistic: number;
  readonly df: number;
  /** The smallest count expected in a cell under independence. */
  readonly leastExpected: number;
  /** Cells in which fewer than 5 are expected. With more than a fifth of them p is not to be relied on (Cochran 1954). */
  readonly sparseCells: number;
  /** Cells, without the rows and columns that hold nothing. */
  readonly cells: number;
}>;

/**
 * Pearson's chi-square test of independence for a table of counts, without continuity correction. Rows and columns that
 * hold nothing say nothing and are left out; undefined when fewer than two rows or columns are left.
 * K. Pearson, Philosophical Magazine 50 (1900).
 *
 * @example
 * chiSquare([[10, 20], [20, 20]]); // statistic 1.9444, df 1, p 0.1632
 */
export function chiSquare(table: readonly (readonly number[])[]): ChiSquareTest {
  const rows = table.map((row) => row.reduce((sum, n) => sum + n, 0));
  const width = Math.max(0, ...table.map(({ length }) => length));
  const columns = Array.from({ length: width }, (_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const total = rows.reduce((sum, n) => sum + n, 0);
  const [height, breadth] = [rows.filter(isFilled).length, columns.filter(isFilled).length];
  if (height < 2 || breadth < 2) return undefinedBecause('fewer than two rows or columns hold anything');
  const df = (height - 1) * (breadth - 1);
  let [statistic, leastExpected, sparseCells, cells] = [0, total, 0, 0];
  for (const [i, row] of table.entries())
    for (const [j, column] of columns.entries()) {
      const expected = ((rows[i] ?? 0) / total) * column;
      if (expected === 0) continue;
      const apart = (row[j] ?? 0) - expected;
      statistic += (apart * apart) / expected;
      leastExpected = Math.min(leastExpected, expected);
      sparseCells += expected < 5 ? 1 : 0;
      cells++;
    }
  const p = chiSquareUpperTail(statistic, df);
  return { state: 'value', test: 'chi-square', p, statistic, df, leastExpected, sparseCells, cells };
}

const isFilled = (n: number): boolean => n > 0;
