import { notStated } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { ColumnVector, TableEngine, TableSource } from '@hansa/tabular';
import { type CountsFileProblem, cellNames } from './counts-file.js';

/** A row of a file of confusion tables. */
export interface CountsRow {
  /** From 1, the header apart. */
  readonly row: number;
  /** What stands in the columns that are no counts. */
  readonly values: ReadonlyMap<string, string>;
  /** tn, fp, fn, tp; null where no number was disclosed. */
  readonly cells: readonly (number | null)[];
}

/** Confusion tables are published by hand; more rows would be people. */
const maxRows = 100_000;

/** Reads the four counts of each row, whatever the case of their columns' names, and all other columns as text. */
export async function readCountsRows(
  tables: TableEngine,
  source: TableSource,
  columns: readonly string[],
): Promise<Result<readonly CountsRow[], CountsFileProblem>> {
  const counts = cellNames.map((cell) => columns.find((column) => column.trim().toLowerCase() === cell));
  const lacking = cellNames.filter((_, i) => counts[i] === undefined).map((cell) => cell.toUpperCase());
  if (lacking.length > 0)
    return refuse(
      'counts-file.missing-column',
      `The file has no column ${lacking.join(', ')}; it needs TN, FP, FN and TP, and has ${columns.join(', ')}.`,
      lacking[0],
    );
  const others = columns.filter((column) => !counts.includes(column));
  const rows: CountsRow[] = [];
  for await (const batch of tables.readColumns({ source, columns, limit: maxRows + 1 })) {
    if (!batch.ok) return batch;
    for (let i = 0; i < batch.value.rows; i++) {
      const row = rows.length + 1;
      const cells: (number | null)[] = [];
      for (const column of counts) {
        const cell = readCell(batch.value.columns.get(column ?? ''), i);
        if (!cell.ok)
          return refuse(
            'counts-file.wrong-count',
            `${column} of row ${row} is ${cell.problem.detail}; counts are whole numbers from 0.`,
            `${column}, row ${row}`,
          );
        cells.push(cell.value);
      }
      const values = others.map((column) => [column, textOf(batch.value.columns.get(column), i)] as const);
      rows.push({ row, values: new Map(values), cells });
    }
  }
  if (rows.length <= maxRows) return ok(rows);
  return refuse(
    'counts-file.too-many-rows',
    `The file has more than ${maxRows} rows; give a file of people with --data.`,
  );
}

/** A count; null for nothing, `*` or `<10`, which is how a withheld one is written. */
function readCell(vector: ColumnVector | undefined, i: number): Result<number | null> {
  if (vector?.kind === 'text') {
    const text = vector.values[i]?.trim() ?? '';
    if (text === '' || text === '*' || /^<\s*\d+$/.test(text)) return ok(null);
    return /^\d{1,15}$/.test(text) ? ok(Number(text)) : refuse('count', JSON.stringify(text));
  }
  if (vector?.kind === 'number') {
    const value = vector.values[i] ?? Number.NaN;
    if (Number.isNaN(value)) return ok(null);
    return Number.isSafeInteger(value) && value >= 0 ? ok(value) : refuse('count', String(value));
  }
  return vector?.values[i] === 255 ? ok(null) : refuse('count', 'true or false');
}

function textOf(vector: ColumnVector | undefined, i: number): string {
  const value = vector?.values[i];
  if (vector?.kind === 'boolean') return value === 255 ? notStated : String(value === 1);
  return value === null || value === undefined || value === '' || Number.isNaN(value) ? notStated : String(value);
}
