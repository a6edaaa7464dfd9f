import type { Digest, Problem } from '@hansa/kernel';
import type { SourceFormat } from './table-format.js';

/** The kind of a column's values. `json` is anything nested, carried as JSON text wherever a format is flat. */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'text' | 'date' | 'timestamp' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
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
  | 'tabular.missing-column'
  | 'tabular.wrong-type'
  | 'tabular.nothing-left'
  | 'tabular.deadline'
  | 'tabular.out-of-memory'
  | 'tabular.crashed'
  | 'tabular.cannot-write';

export type TableProblem = Problem<TableProblemKind>;

/** Wider tables are refused: nobody publishes them on purpose, and each column costs memory in every step. */
export const maxColumns = 2_000;
