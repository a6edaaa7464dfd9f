import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Transaction } from './unit-of-work.js';

interface Column {
  readonly member: string;
  readonly name: string;
  readonly options: EntitySchemaColumnOptions;
}

declare const writtenOnce: unique symbol;

/** A value that is written with its row and never again. Only a row that is there has it: no other can take its place. */
type WrittenOnce<T> = T & { readonly [writtenOnce]: true };

/** A row that is there: copies of it may differ in what changes, and in nothing that is written once. */
export type Stored<Row, Once extends keyof Row> = Omit<Row, Once> & { readonly [K in Once]: WrittenOnce<Row[K]> };

/**
 * The short statements by which a use case reads and writes single rows of a mapped table, each made once. What
 * `EntityManager` does beyond them takes ten times as long as they do.
 *
 * @example
 * const notes = new Table<Note, 'id' | 'author'>(noteSchema, ['id', 'author']);
 * notes.insert(tx, { id: 'a', author: 'b', text: 'x' });
 * const [note] = await tx.query<Stored<Note, 'id' | 'author'>>(`${notes.select} WHERE id = $1 FOR UPDATE`, ['a']);
 * notes.update(tx, { ...note, text: 'y' }); // with `author: 'c'` this does not compile
 */
export class Table<Row extends { readonly id: string }, Once extends keyof Row = 'id'> {
  /** Reads whole rows; where from is to be added. */
  readonly select: string;
  readonly #columns: readonly Column[];
  readonly #changing: readonly Column[];
  readonly #insert: string;
  readonly #update: string;

  /** @param once the members that are written with the row and never again, `id` among them. */
  // biome-ignore lint/suspicious/noExplicitAny: a schema of rows in which JSON columns are plain objects, see RowOf
  constructor(schema: EntitySchema<any>, once: readonly Once[]) {
    const { name, tableName = name, columns } = schema.options;
    this.#columns = Object.entries(columns).flatMap(([member, options]) =>
      options ? [{ member, name: options.name ?? member, options }] : [],
    );
    this.#changing = this.#columns.filter(({ member }) => !once.includes(member as Once));
    const names = this.#columns.map((column) => `"${column.name}"`);
    const given = this.#columns.map((_, i) => `$${i + 1}`);
    const changes = this.#changing.map((column, i) => `"${column.name}" = $${i + 2}`);
    const read = this.#columns.map((column) => `"${column.name}" AS "${column.member}"`);
    this.select = `SELECT ${read.join(', ')} FROM "${tableName}"`;
    this.#insert = `INSERT INTO "${tableName}" (${names.join(', ')}) VALUES (${given.join(', ')})`;
    this.#update = `UPDATE "${tableName}" SET ${changes.join(', ')} WHERE id = $1`;
  }

  /** Is written at the latest with the commit. */
  insert(tx: Transaction, row: Row): void {
    tx.write(
      this.#insert,
      this.#columns.map((column) => valueIn(row, column)),
    );
  }

  /** Writes all that may change of the row with this `id`, at the latest with the commit. */
  update(tx: Transaction, row: Stored<Row, Once> & { readonly id: string }): void {
    tx.write(this.#update, [row.id, ...this.#changing.map((column) => valueIn(row, column))]);
  }
}

function valueIn(row: object, { member, options }: Column): unknown {
  const value = (row as Record<string, unknown>)[member] ?? null;
  return options.type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
}
