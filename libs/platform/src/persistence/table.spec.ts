import { describe, expect, test } from '@jest/globals';
import { EntitySchema } from 'typeorm';
import { type Stored, Table } from './table.js';
import type { Transaction } from './unit-of-work.js';

interface Note {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly data: object | null;
}
const schema = new EntitySchema<Note>({
  name: 'note',
  columns: {
    id: { type: 'text', primary: true },
    author: { type: 'text', name: 'written_by' },
    text: { type: 'text' },
    data: { type: 'jsonb', nullable: true },
  },
});
type StoredNote = Stored<Note, 'id' | 'author'>;
const notes = new Table<Note, 'id' | 'author'>(schema, ['id', 'author']);

/** The statements that a use case writes, with their values. */
function writtenBy(work: (tx: Transaction) => void): readonly (readonly [string, readonly unknown[]])[] {
  const written: [string, readonly unknown[]][] = [];
  work({ write: (text: string, values: readonly unknown[]) => written.push([text, values]) } as unknown as Transaction);
  return written;
}

const note = { id: 'a', author: 'Ann', text: 'x', data: { tags: ['b'] } };

describe('a table', () => {
  test('inserts whole rows, with JSON as text', () => {
    expect(writtenBy((tx) => notes.insert(tx, note))).toEqual([
      [
        'INSERT INTO "note" ("id", "written_by", "text", "data") VALUES ($1, $2, $3, $4)',
        ['a', 'Ann', 'x', '{"tags":["b"]}'],
      ],
    ]);
  });

  test('reads whole rows by their members', () => {
    expect(notes.select).toBe(
      'SELECT "id" AS "id", "written_by" AS "author", "text" AS "text", "data" AS "data" FROM "note"',
    );
  });

  test('updates what is not written once', () => {
    const stored = note as object as StoredNote;
    expect(writtenBy((tx) => notes.update(tx, { ...stored, text: 'y', data: null }))).toEqual([
      ['UPDATE "note" SET "text" = $2, "data" = $3 WHERE id = $1', ['a', 'y', null]],
    ]);
  });

  test('updates of a locked row what is another value now, and nothing when all is as it was', async () => {
    const at = new Date(0);
    const dated = new Table<Note & { readonly at: Date }>(
      new EntitySchema({ name: 'note', columns: { ...schema.options.columns, at: { type: 'timestamptz' } } }),
      ['id'],
    );
    const statements: unknown[] = [];
    const tx = {
      query: async (...statement: unknown[]) => {
        statements.push(statement);
        return [{ ...note, at }];
      },
      write: (...statement: unknown[]) => statements.push(statement),
    } as unknown as Transaction;
    const locked = await dated.lock(tx, 'id = $1', ['a']);
    if (!locked) throw new Error('it was not found');
    dated.update(tx, { ...locked, at: new Date(0) });
    dated.update(tx, { ...locked, text: 'y' });
    dated.update(tx, { ...locked, text: 'y', data: null, at: new Date(1) });
    dated.update(tx, { ...locked, text: 'y', data: null, at: new Date(1) });
    expect(statements).toEqual([
      [`${dated.select} WHERE id = $1 FOR UPDATE`, ['a']],
      ['UPDATE "note" SET "text" = $2 WHERE id = $1', ['a', 'y']],
      ['UPDATE "note" SET "data" = $2, "at" = $3 WHERE id = $1', ['a', null, new Date(1)]],
    ]);
  });

  test('takes no row in which something that is written once was replaced, nor one that is not there', () => {
    type Update<Row> = Row extends Parameters<typeof notes.update>[1] ? 'taken' : 'refused by the compiler';
    // The compiler judges the right-hand side; the assertions say it to whoever reads the report.
    const verdicts: readonly [
      Update<StoredNote>,
      Update<Omit<StoredNote, 'text'> & { readonly text: string }>,
      Update<Omit<StoredNote, 'author'> & { readonly author: string }>,
      Update<Omit<StoredNote, 'id'> & { readonly id: string }>,
      Update<Note>,
    ] = ['taken', 'taken', 'refused by the compiler', 'refused by the compiler', 'refused by the compiler'];
    expect(verdicts).toHaveLength(5);
  });
});
