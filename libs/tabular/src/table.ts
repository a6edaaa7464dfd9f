import { type Digest, didYouMean, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { SourceFormat } from './table-format.js';

/** The kind of a column's values. `json` is anything nested, carried as JSON text wherever a format is flat. */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'text' | 'date' | 'timestamp' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The file has several columns of this name; whoever asks for it is refused, since it is not clear which is meant. */
  readonly repeated?: true;
}

/** A file of rows on this machine. */
export interface TableSource {
  /** Absolute path. */
  readonly file: string;
  readonly format: SourceFormat;
}

/** What a file holds. */
export interface SourceDescription {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  readonly digest: Digest;
}

/** What a column holds, beyond its type. */
export interface ColumnProfile extends Column {
  /** Rows without a value: nothing, NaN, empty text or the texts `NaN` and `nan`. */
  readonly missing: number;
  /** All rows have the same value, or all have none. */
  readonly constant: boolean;
}

/** What a file holds, and what in it may be a defect. */
export interface SourceProfile extends SourceDescription {
  readonly columns: readonly ColumnProfile[];
  /**
   * Rows that are equal to an earlier one in every column, told by a 64-bit hash; null for files of more than two
   * million rows, in which they are not looked for.
   */
  readonly duplicates: number | null;
}

/** A file that was written whole. */
export interface Representation {
  readonly rows: number;
  readonly bytes: number;
  readonly digest: Digest;
}

/** Stable kinds of what can go wrong with a table. */
export type TableProblemKind =
  | 'tabular.vanished'
  | 'tabular.unreadable'
  | 'tabular.empty'
  | 'tabular.malformed'
  | 'tabular.too-large'
  | 'tabular.too-many-columns'
  | 'tabular.too-many-combinations'
  | 'tabular.missing-column'
  | 'tabular.ambiguous-column'
  | 'tabular.wrong-type'
  | 'tabular.wrong-weight'
  | 'tabular.nothing-left'
  | 'tabular.deadline'
  | 'tabular.out-of-memory'
  | 'tabular.crashed'
  | 'tabular.cannot-write';

export type TableProblem = Problem<TableProblemKind>;

/** Wider tables are refused: nobody publishes them on purpose, and each column costs memory in every step. */
export const maxColumns = 2_000;

/** The named column, or a problem that lists what the table has. Names are compared exactly. */
export function requireColumn(columns: readonly Column[], name: string): Result<Column, TableProblem> {
  const found = columns.find((column) => column.name === name);
  if (found?.repeated)
    return refuse(
      'tabular.ambiguous-column',
      `The header names several columns ${JSON.stringify(name)}; give each its own name.`,
      name,
    );
  if (found) return ok(found);
  const names = columns.map((column) => column.name);
  const meant = didYouMean(name, names);
  const shown = names.slice(0, 20);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  const hint = meant === null ? 'its' : `did you mean ${JSON.stringify(meant)}? Its`;
  return refuse(
    'tabular.missing-column',
    `The table has no column ${JSON.stringify(name)}; ${hint} columns are ${shown.join(', ')}${more}.`,
    name,
  );
}
