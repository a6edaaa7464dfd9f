import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createTestDatabase, databaseKinds, type TestDatabase, testServerUrl } from '../testing/databases.js';
import { type Database, openDatabase } from './database.js';
import { DirectoryInUseError, lockDirectory } from './directory-lock.js';
import { UnitOfWork } from './unit-of-work.js';

interface Note {
  id: string;
  amount: string;
  data: { tags: string[] };
}

const noteSchema = new EntitySchema<Note>({
  name: 'note',
  columns: {
    id: { type: 'text', primary: true },
    amount: { type: 'bigint' },
    data: { type: 'jsonb' },
  },
});

class Notes1700000000000 implements MigrationInterface {
  readonly name = 'Notes1700000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE note (id text PRIMARY KEY, amount bigint NOT NULL, data jsonb NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note');
  }
}

const schema = { entities: [noteSchema], migrations: [Notes1700000000000] };

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  const suite = available ? describe : describe.skip;
  if (!available) process.stderr.write('skipped: database contract on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  suite(`the database, ${kind}`, () => {
    let home: TestDatabase;
    let database: Database;
    let unitOfWork: UnitOfWork;

    beforeAll(async () => {
      home = await createTestDatabase(kind);
      database = await openDatabase(home.location, schema);
      unitOfWork = new UnitOfWork(database.dataSource);
    });
    afterAll(async () => {
      await database.close();
      await home.remove();
    });

    test('keeps big integers and JSON exactly', async () => {
      const note: Note = { id: 'a', amount: '9007199254740993', data: { tags: ['ä', '\\', '"'] } };
      await unitOfWork.run((tx) => tx.manager.insert(noteSchema, note));
      expect(await database.dataSource.manager.findOneBy(noteSchema, { id: 'a' })).toEqual(note);
    });

    test.each([
      [[]],
      [['eyJhbGciOiJFUzI1NiJ9.e30.c2ln', 'plain']],
      [['null', 'NULL', 'a null b', '']],
      [['a,b', 'a"b', 'a\\b', '{a}', ' a ', 'ä\n']],
      [[null, 'a']],
      [
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ],
    ])('keeps texts in a list as they are: %j', async (texts) => {
      const rows = await unitOfWork.run((tx) => tx.query('SELECT $1::text[] AS texts', [texts]));
      expect(rows).toEqual([{ texts }]);
    });

    test('rolls back a use case that throws, and then runs no effect of it', async () => {
      const effects: string[] = [];
      const failing = unitOfWork.run(async (tx) => {
        tx.afterCommit(() => effects.push('ran'));
        await tx.manager.insert(noteSchema, { id: 'b', amount: '1', data: { tags: [] } });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await database.dataSource.manager.findOneBy(noteSchema, { id: 'b' })).toBeNull();
      expect(effects).toEqual([]);
    });

    test('rolls back a use case that refuses, and hands out its problem', async () => {
      const refused = await unitOfWork.run(async (tx) => {
        await tx.manager.insert(noteSchema, { id: 'r', amount: '1', data: { tags: [] } });
        return refuse('note.conflict', 'No.');
      });
      expect(refused).toMatchObject({ ok: false, problem: { kind: 'note.conflict' } });
      expect(await database.dataSource.manager.findOneBy(noteSchema, { id: 'r' })).toBeNull();
    });

    const insertNote = (id: string) => ['INSERT INTO note (id, amount, data) VALUES ($1, 1, $2)', [id, '{}']] as const;
    const ids = async (prefix: string): Promise<readonly string[]> => {
      const text = 'SELECT id FROM note WHERE id LIKE $1 ORDER BY id';
      const rows: { id: string }[] = await database.dataSource.query(text, [`${prefix}%`]);
      return rows.map(({ id }) => id);
    };

    test('runs what nobody waits for in its order, and hands out its rows before the effects of the commit', async () => {
      const seen: unknown[] = [];
      const count = await unitOfWork.run(async (tx) => {
        tx.write(...insertNote('w1'));
        tx.write('UPDATE note SET amount = 2 WHERE id = $1 RETURNING id, amount', ['w1'], (rows) => seen.push(rows));
        tx.afterCommit(() => seen.push('committed'));
        const both = await Promise.all(
          ['w1', 'w2'].map((id) => tx.query('SELECT amount FROM note WHERE id = $1', [id])),
        );
        await tx.manager.insert(noteSchema, { id: 'w3', amount: '1', data: { tags: [] } });
        tx.write(...insertNote('w4'));
        return both;
      });
      expect(count).toEqual([[{ amount: '2' }], []]);
      expect(seen).toEqual([[{ id: 'w1', amount: '2' }], 'committed']);
      expect(await ids('w')).toEqual(['w1', 'w3', 'w4']);
    });

    test.each([
      ['before the commit', 0],
      ['before a statement that somebody waits for', 1],
    ])('takes everything back when a statement fails that nobody waits for, %s', async (_when, reads) => {
      const effects: string[] = [];
      const failing = unitOfWork.run(async (tx) => {
        tx.afterCommit(() => effects.push('ran'));
        tx.write(...insertNote('f1'));
        tx.write(...insertNote('a'));
        tx.write(...insertNote('f2'));
        for (let i = 0; i < reads; i++) await tx.query('SELECT 1 AS one WHERE $1::int = 1', [1]).catch(() => undefined);
      });
      await expect(failing).rejects.toMatchObject({ code: '23505' });
      expect([await ids('f'), effects]).toEqual([[], []]);
      // The connection is good for the next.
      await unitOfWork.run(async (tx) => tx.write(...insertNote(`g${reads}`)));
      expect(await ids(`g${reads}`)).toEqual([`g${reads}`]);
    });

    test('isolates twenty concurrent transactions of which four fail', async () => {
      const before = await database.dataSource.manager.count(noteSchema);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          unitOfWork.run(async (tx) => {
            await tx.manager.insert(noteSchema, { id: `p${i}`, amount: '1', data: { tags: [] } });
            if (i % 5 === 0) throw new Error('abort');
          }),
        ),
      );
      expect(outcomes.filter((o) => o.status === 'rejected')).toHaveLength(4);
      expect(await database.dataSource.manager.count(noteSchema)).toBe(before + 16);
    });

    test('reports a duplicate key by its SQLSTATE', async () => {
      const insert = () =>
        unitOfWork.run((tx) => tx.manager.insert(noteSchema, { id: 'dup', amount: '1', data: { tags: [] } }));
      await insert();
      await expect(insert()).rejects.toMatchObject({ code: '23505' });
    });

    test('delivers notifications to another connection', async () => {
      const pool = database.pool({ max: 2 });
      const listener = await pool.connect();
      const heard = new Promise<string | undefined>((resolve) => {
        listener.on('notification', (message) => resolve(message.payload));
      });
      await listener.query('LISTEN hansa_test');
      await pool.query("SELECT pg_notify('hansa_test', 'hello')");
      expect(await heard).toBe('hello');
      listener.release();
      await pool.end();
    });

    test('prepares a statement once in a session, whoever runs it, and again when it was at fault', async () => {
      const pool = database.pool({ max: 2 });
      const [one, other] = [await pool.connect(), await pool.connect()];
      const text = 'SELECT amount FROM note WHERE id = $1 -- prepared';
      const prepared = async () => {
        const { rows } = await one.query(
          `SELECT count(*)::int AS n FROM pg_prepared_statements WHERE statement = '${text}'`,
        );
        return rows[0].n;
      };
      expect(await prepared()).toBe(0);
      for (const client of [one, one, other]) await client.query(text, ['a']);
      expect(await prepared()).toBe(1);
      await expect(one.query('SELECT nothing FROM nowhere WHERE id = $1', ['a'])).rejects.toMatchObject({
        code: '42P01',
      });
      await one.query('CREATE TABLE nowhere (id text, nothing text)');
      expect((await one.query('SELECT nothing FROM nowhere WHERE id = $1', ['a'])).rows).toEqual([]);
      await other.query('DROP TABLE nowhere');
      for (const client of [one, other]) client.release();
      await pool.end();
    });

    test('plans a prepared statement anew when its table has changed', async () => {
      const { dataSource } = database;
      const read = () => dataSource.query('SELECT id, data FROM note WHERE id = $1', ['a']);
      expect(await read()).toHaveLength(1);
      await dataSource.query('ALTER TABLE note ADD COLUMN later text');
      await dataSource.query('CREATE INDEX note_later ON note (later)');
      expect(await read()).toHaveLength(1);
      await dataSource.query('ALTER TABLE note DROP COLUMN later');
    });

    test('keeps what was committed when it is opened again', async () => {
      await database.close();
      database = await openDatabase(home.location, schema);
      unitOfWork = new UnitOfWork(database.dataSource);
      expect(await database.dataSource.manager.findOneBy(noteSchema, { id: 'a' })).not.toBeNull();
    });
  });
}

describe('the lock of a data directory', () => {
  let parent: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'hansa-lock-'));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  test('refuses a second holder and says who holds it', () => {
    const unlock = lockDirectory(join(parent, 'a'));
    expect(() => lockDirectory(join(parent, 'a'))).toThrow(DirectoryInUseError);
    expect(() => lockDirectory(join(parent, 'a'))).toThrow(new RegExp(`process ${process.pid}`));
    unlock();
    lockDirectory(join(parent, 'a'))();
  });

  test('takes over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await mkdir(join(parent, 'b'));
    await writeFile(join(parent, 'b', 'node.lock'), JSON.stringify({ pid: child.pid, began: null }));
    expect(() => lockDirectory(join(parent, 'b'))).toThrow(DirectoryInUseError);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    lockDirectory(join(parent, 'b'))();
    expect(await readdir(join(parent, 'b'))).toEqual([]);
  });

  test('takes over from a process whose number was given to another', async () => {
    await mkdir(join(parent, 'c'));
    await writeFile(join(parent, 'c', 'node.lock'), JSON.stringify({ pid: process.ppid, began: '1' }));
    lockDirectory(join(parent, 'c'))();
  });
});
