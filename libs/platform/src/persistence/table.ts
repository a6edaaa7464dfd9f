import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Transaction } from './unit-of-work.js';

interface Column {
  readonly member: string;
  readonly name: string;
  readonly options: EntitySchemaColumnOptions;
}

declare const writtenOnce: unique symbol;

interface Identified {
  readonly id: string;
}

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
 * const note = await notes.lock(tx, 'id = $1', ['a']);
 * if (note) notes.update(tx, { ...note, text: 'y' }); // with `author: 'c'` this does not compile
 */
export class Table<Row extends Identified, Once extends keyof Row = 'id'> {
  /** Reads whole rows; where from is to be added. */
  readonly select: string;
  readonly #columns: readonly Column[];
  readonly #changing: readonly Column[];
  readonly #insert: string;
  readonly #updates = new Map<string, string>();
  /** The rows as they were locked, in each transaction. */
  readonly #locked = new WeakMap<Transaction, Map<string, Stored<Row, Once>>>();
  readonly #name: string;

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
    const read = this.#columns.map((column) => `"${column.name}" AS "${column.member}"`);
    this.select = `SELECT ${read.join(', ')} FROM "${tableName}"`;
    this.#insert = `INSERT INTO "${tableName}" (${names.join(', ')}) VALUES (${given.join(', ')})`;
    this.#name = tableName;
  }

  /** Locks the first row of a condition until the end of the transaction. */
  async lock(tx: Transaction, where: string, values: readonly unknown[]): Promise<Stored<Row, Once> | undefined> {
    const [row] = await tx.query<Stored<Row, Once> & Identified>(`${this.select} WHERE ${where} FOR UPDATE`, values);
    if (row) this.#remember(tx, row);
    return row;
  }

  /** Is written at the latest with the commit. */
  insert(tx: Transaction, row: Row): void {
    tx.write(
      this.#insert,
      this.#columns.map((column) => valueIn(row, column)),
    );
  }

  /**
   * Writes the row with this `id`, at the latest with the commit: of one that the transaction has locked only the members
   * that are others now. A large one that stays is not stored again.
   */
  update(tx: Transaction, row: Stored<Row, Once> & Identified): void {
    const before = this.#locked.get(tx)?.get(row.id);
    const changed = before ? this.#changing.filter(({ member }) => differs(before, row, member)) : this.#changing;
    if (changed.length === 0) return;
    tx.write(this.#updateOf(changed), [row.id, ...changed.map((column) => valueIn(row, column))]);
    if (before) this.#remember(tx, row);
  }

  #updateOf(changed: readonly Column[]): string {
    const key = changed.map(({ name }) => name).join();
    const known = this.#updates.get(key);
    if (known !== undefined) return known;
    const changes = changed.map(({ name }, i) => `"${name}" = $${i + 2}`);
    const update = `UPDATE "${this.#name}" SET ${changes.join(', ')} WHERE id = $1`;
    this.#updates.set(key, update);
    return update;
  }

  #remember(tx: Transaction, row: Stored<Row, Once> & Identified): void {
    const rows = this.#locked.get(tx) ?? new Map<string, Stored<Row, Once>>();
    this.#locked.set(tx, rows.set(row.id, row));
  }
}

/** Records are never changed in place, so what is the same object has the same value. */
function differs(before: object, after: object, member: string): boolean {
  const [was, is] = [before, after].map((row) => (row as Record<string, unknown>)[member] ?? null);
  return was instanceof Date && is instanceof Date ? was.getTime() !== is.getTime() : was !== is;
}

function valueIn(row: object, { member, options }: Column): unknown {
  const value = (row as Record<string, unknown>)[member] ?? null;
  return options.type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
}
