import { ok, type Result, refuse } from '@hansa/kernel';
import type { SelectedColumn } from './sql.js';
import { type Column, type ColumnType, requireColumn, type TableProblem } from './table.js';
import type { WireBatch, WireVector } from './table-session.js';
import { flatten } from './write-table.js';

/** A column of a batch. Missing: NaN in numbers, 255 in booleans (else 0 or 1), null in text. */
export type ColumnVector = WireVector;

/** Rows as typed columns, in the order in which the columns were asked for. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnVector>;
}

/** The named columns, each once, in the order asked for. */
export function chooseColumns(
  columns: readonly Column[],
  names: readonly string[],
): Result<readonly Column[], TableProblem> {
  const chosen: Column[] = [];
  for (const name of new Set(names)) {
    const column = requireColumn(columns, name);
    if (!column.ok) return column;
    chosen.push(column.value);
  }
  return chosen.length > 0 ? ok(chosen) : refuse('tabular.nothing-left', 'No column was asked for.');
}

/** A column as one of the kinds of vectors. */
export function toVector(column: Column): SelectedColumn {
  const of = flatten(column, { kind: 'column', name: column.name });
  return { as: column.name, of: flatten({ name: column.name, type: vectorTypes[column.type] }, of) };
}

/** What scoring and audits compute with: numbers, truth values and text. */
const vectorTypes = {
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  text: 'text',
  date: 'text',
  timestamp: 'text',
  json: 'text',
} as const satisfies Record<ColumnType, ColumnType>;

/** A batch as it came, its vectors under the names of their columns. */
export function nameColumns(columns: readonly Column[], batch: WireBatch): ColumnBatch {
  const named = new Map<string, ColumnVector>();
  columns.forEach(({ name }, i) => {
    const vector = batch.vectors[i];
    if (vector) named.set(name, vector);
  });
  return { rows: batch.rows, columns: named };
}
