import { refuse } from '@hansa/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase, UnitOfWork } from '../persistence/index.js';
import { createTestDatabase, databaseKinds, type TestDatabase, testServerUrl } from '../testing/databases.js';
import { Inbox } from './inbox.js';
import { type ClaimedMessage, Outbox } from './outbox.js';
import { Outbox1763856000000 } from './outbox.migration.js';

const message = (processId: string, body: string) => ({
  topic: 'negotiation',
  processId,
  counterparty: 'did:web:bruges.example',
  url: 'https://bruges.example/dsp/negotiations/request',
  body,
});

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: outbox on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`the outbox, ${kind}`, () => {
    let home: TestDatabase;
    let database: Database;
    let outbox: Outbox;
    let unitOfWork: UnitOfWork;
    const add = (processId: string, body: string) => unitOfWork.run((tx) => outbox.add(tx, message(processId, body)));
    const settle = (claimed: ClaimedMessage) => unitOfWork.run((tx) => outbox.settle(tx, claimed));

    beforeAll(async () => {
      home = await createTestDatabase(kind);
      database = await openDatabase(home.location, { entities: [], migrations: [Outbox1763856000000] });
      outbox = new Outbox(database.dataSource);
      unitOfWork = new UnitOfWork(database.dataSource);
    });
    beforeEach(() => database.dataSource.query('DELETE FROM outbox'));
    afterAll(async () => {
      await database.close();
      await home.remove();
    });

    test('hands out the oldest message of each process, once', async () => {
      await add('n1', 'first');
      await add('n1', 'second');
      await add('n2', 'other');
      const claimed = await outbox.claim(10);
      expect(claimed.map((m) => [m.processId, m.body, m.attempt])).toEqual([
        ['n1', 'first', 1],
        ['n2', 'other', 1],
      ]);
      expect(await outbox.claim(10)).toEqual([]);
    });

    test('hands out the next message of a process when the one before is settled', async () => {
      await add('n1', 'first');
      await add('n1', 'second');
      const [first] = await outbox.claim(10);
      expect(first && (await settle(first))).toBe(true);
      expect((await outbox.claim(10)).map((m) => m.body)).toEqual(['second']);
    });

    test('gives concurrent claimers different messages', async () => {
      for (let i = 0; i < 30; i++) await add(`p${i}`, String(i));
      const claims = await Promise.all(Array.from({ length: 6 }, () => outbox.claim(5)));
      const ids = claims.flat().map((m) => m.id);
      expect(ids).toHaveLength(30);
      expect(new Set(ids).size).toBe(30);
    });

    test('repeats a postponed message with the same bytes, and fences out the earlier attempt', async () => {
      await add('n1', 'frozen');
      const [first] = await outbox.claim(1);
      if (!first) throw new Error('nothing claimed');
      await outbox.postpone(first, 0, 'peer unreachable');
      const [second] = await outbox.claim(1);
      expect(second).toMatchObject({ body: 'frozen', attempt: 2 });
      expect(await settle(first)).toBe(false);
      expect(second && (await settle(second))).toBe(true);
      expect(await outbox.claim(1)).toEqual([]);
    });

    test('does not hand out a postponed message before its time', async () => {
      await add('n1', 'later');
      const [claimed] = await outbox.claim(1);
      if (claimed) await outbox.postpone(claimed, 5000, 'busy');
      expect(await outbox.claim(1)).toEqual([]);
    });

    test('keeps a buried message visible and does not let it hold up its process', async () => {
      await add('n1', 'bad');
      await add('n1', 'good');
      const [bad] = await outbox.claim(1);
      if (bad) await unitOfWork.run((tx) => outbox.bury(tx, bad, 'refused'));
      expect(await outbox.dead()).toMatchObject([{ body: 'bad', lastError: 'refused' }]);
      expect(await outbox.sizes()).toEqual({ waiting: 1, dead: 1 });
      expect((await outbox.claim(5)).map((m) => m.body)).toEqual(['good']);
    });

    test('stores nothing when the transaction that added a message fails', async () => {
      await expect(
        unitOfWork.run(async (tx) => {
          await outbox.add(tx, message('n1', 'never'));
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await outbox.claim(1)).toEqual([]);
    });

    test('the inbox tells a repeat from a new message, for each sender apart', async () => {
      const inbox = new Inbox();
      const note = (sender: string) => unitOfWork.run((tx) => inbox.note(tx, sender, 'm1'));
      expect([await note('did:web:a'), await note('did:web:a'), await note('did:web:b')]).toEqual([true, false, true]);
    });

    test('the inbox takes exactly one of many copies that arrive at once', async () => {
      const inbox = new Inbox();
      const copies = Array.from({ length: 10 }, () => unitOfWork.run((tx) => inbox.note(tx, 'did:web:c', 'm2')));
      expect((await Promise.all(copies)).filter((fresh) => fresh)).toHaveLength(1);
    });

    test('the inbox forgets a message whose transaction is rolled back', async () => {
      const inbox = new Inbox();
      await unitOfWork.run(async (tx) => {
        await inbox.note(tx, 'did:web:d', 'm3');
        return refuse('x.conflict', 'No.');
      });
      expect(await unitOfWork.run((tx) => inbox.note(tx, 'did:web:d', 'm3'))).toBe(true);
    });
  });
}
