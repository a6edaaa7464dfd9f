import { setTimeout as sleep } from 'node:timers/promises';
import { ok, type Result, refuse } from '@hansa/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase, UnitOfWork } from '../persistence/index.js';
import { createTestDatabase, databaseKinds, type TestDatabase, testServerUrl } from '../testing/databases.js';
import { Inbox } from './inbox.js';
import { InboxRefusal1763960023000 } from './inbox-refusal.migration.js';
import { Outage1763942400000 } from './outage.migration.js';
import { Outages } from './outages.js';
import { type ClaimedMessage, nobody, Outbox } from './outbox.js';
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
      database = await openDatabase(home.location, {
        entities: [],
        migrations: [Outbox1763856000000, Outage1763942400000, InboxRefusal1763960023000],
      });
      outbox = new Outbox(database.dataSource);
      unitOfWork = new UnitOfWork(database.dataSource);
    });
    beforeEach(() => database.dataSource.query('DELETE FROM outbox'));
    afterAll(async () => {
      await database.close();
      await home.remove();
    });

    test('hands a message to the courier after the commit, claimed, where nothing is before it', async () => {
      const [taken, woken]: [ClaimedMessage[], number[]] = [[], []];
      outbox.employ({
        ...nobody,
        hasRoomFor: (counterparty) => counterparty !== 'did:web:busy.example',
        take: (message) => taken.push(message),
        wake: () => woken.push(1),
      });
      await add('n1', 'first');
      await add('n1', 'behind it');
      await unitOfWork.run((tx) => outbox.add(tx, { ...message('n2', 'x'), counterparty: 'did:web:busy.example' }));
      await unitOfWork.run(async (tx) => {
        await outbox.add(tx, message('n3', 'taken back'));
        return refuse('x.conflict', 'No.');
      });
      expect(taken).toMatchObject([{ processId: 'n1', body: 'first', attempt: 1, probe: false }]);
      expect(woken).toHaveLength(2);
      expect((await outbox.claim(10)).map(({ body }) => body)).toEqual(['x']);
      const [first] = taken;
      expect(first && (await settle(first))).toBe(true);
      expect(woken).toHaveLength(3);
      outbox.employ(nobody);
    });

    test('hands out a message that is to wait when its time has come, and what follows it after it', async () => {
      const [taken, woken]: [ClaimedMessage[], (number | undefined)[]] = [[], []];
      outbox.employ({
        ...nobody,
        hasRoomFor: () => true,
        take: (m) => taken.push(m),
        wake: (after) => woken.push(after),
      });
      await unitOfWork.run((tx) => outbox.add(tx, { ...message('n1', 'later'), delay: 300 }));
      await add('n1', 'behind it');
      expect([taken, woken, await outbox.claim(10)]).toEqual([[], [300, 0], []]);
      await sleep(320);
      expect((await outbox.claim(10)).map(({ body }) => body)).toEqual(['later']);
      outbox.employ(nobody);
    });

    test('lets a use case settle what was delivered with what it does itself, and tells the courier', async () => {
      const settled: string[] = [];
      let woken = 0;
      outbox.employ({ ...nobody, settled: ({ id }) => settled.push(id), wake: () => woken++ });
      await add('n1', 'first');
      await add('n1', 'behind it');
      const [claimed] = await outbox.claim(1);
      if (!claimed) throw new Error('nothing was claimed');
      const settleIn = (result: Result<null>) =>
        unitOfWork.run(async (tx) => {
          outbox.settleDelivered(tx, { message: claimed, answer: { status: 200, body: undefined } });
          return result;
        });
      woken = 0;
      await settleIn(refuse('x.conflict', 'No.'));
      expect([settled, woken]).toEqual([[], 0]);
      await settleIn(ok(null));
      expect([settled, woken]).toEqual([[claimed.id], 1]);
      expect(await settle(claimed)).toBe(false);
      expect(await outbox.claim(1)).toMatchObject([{ body: 'behind it' }]);
      outbox.employ(nobody);
    });

    test('lets a reply settle what it shows to be accepted, and nothing else of the process', async () => {
      const settled: string[] = [];
      outbox.employ({ ...nobody, settled: ({ id }) => settled.push(id) });
      await add('n1', '{"@id":"urn:1"}');
      await add('n1', '{"@id":"urn:2"}');
      await add('n2', '{"@id":"urn:1"}');
      const claimed = (await outbox.claim(5)).find(({ processId }) => processId === 'n1');
      await unitOfWork.run(async (tx) => outbox.settleImplied(tx, 'n1', 'urn:1'));
      expect(settled).toEqual([claimed?.id]);
      expect(claimed && (await settle(claimed))).toBe(false);
      expect(await outbox.claim(5)).toMatchObject([{ processId: 'n1', body: '{"@id":"urn:2"}' }]);
      expect(await outbox.sizes()).toEqual({ waiting: 2, dead: 0 });
      outbox.employ(nobody);
    });

    test('hands out the oldest message of each process, once', async () => {
      await add('n1', 'first');
      await add('n1', 'second');
      await add('n2', 'other');
      const claimed = await outbox.claim(10);
      expect(claimed.map((m) => [m.processId, m.body, m.attempt]).sort()).toEqual([
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
      if (bad) await outbox.bury(bad, 'unreachable');
      expect(await outbox.dead()).toMatchObject([{ body: 'bad', lastError: 'unreachable' }]);
      expect(await outbox.sizes()).toEqual({ waiting: 1, dead: 1 });
      expect((await outbox.claim(5)).map((m) => m.body)).toEqual(['good']);
    });

    test('sends a message again that was given up, from the first attempt', async () => {
      await add('n1', 'a');
      await add('n2', 'b');
      for (const message of await outbox.claim(2)) await outbox.bury(message, 'unreachable');
      const [first] = await outbox.dead();
      expect([await outbox.redrive(first?.id), await outbox.redrive(first?.id)]).toEqual([1, 0]);
      expect(await outbox.claim(5)).toMatchObject([{ body: 'a', attempt: 1 }]);
      expect(await outbox.redrive()).toBe(1);
      expect(await outbox.claim(5)).toMatchObject([{ body: 'b', attempt: 1 }]);
    });

    test('takes back what was given up and tells its process, and nothing else', async () => {
      const told: string[] = [];
      const settling = new Outbox(database.dataSource);
      settling.handle({
        topic: 'negotiation',
        expectsReply: () => false,
        acknowledged: async () => {},
        refused: async (_tx, { body }, reason) => void told.push(`${body}: ${reason}`),
      });
      await add('n1', 'a');
      const [claimed] = await outbox.claim(1);
      if (!claimed) throw new Error('nothing claimed');
      const withdraw = () => unitOfWork.run((tx) => settling.withdraw(tx, claimed.id, 'no'));
      expect(await withdraw()).toBe(false);
      await outbox.bury(claimed, 'unreachable');
      expect([await withdraw(), await withdraw()]).toEqual([true, false]);
      expect(told).toEqual(['a: no']);
      expect(await outbox.sizes()).toEqual({ waiting: 0, dead: 0 });
    });

    describe('a counterparty that cannot be reached', () => {
      const { counterparty } = message('', '');
      let outages: Outages;
      beforeEach(() => {
        outages = new Outages(database.dataSource);
        return database.dataSource.query('DELETE FROM outage');
      });
      const pause = (milliseconds: number) => outages.note(counterparty, 'unreachable', () => milliseconds);
      const addTo = (other: string, body: string) =>
        unitOfWork.run((tx) => outbox.add(tx, { ...message(body, body), counterparty: other }));

      test('is sent nothing while its pause lasts, and others are', async () => {
        await add('n1', 'held');
        expect(await pause(60_000)).toBeGreaterThan(55_000);
        await add('n2', 'held too');
        await addTo('did:web:ghent.example', 'sent');
        expect(await outbox.claim(5)).toMatchObject([{ body: 'sent', probe: false }]);
      });

      test('is tried by one message at a time, the oldest that is due', async () => {
        for (const process of ['n1', 'n2', 'n3']) await add(process, process);
        await pause(0);
        const [probe, ...others] = await outbox.claim(5);
        expect([probe, others]).toMatchObject([{ body: 'n1', probe: true }, []]);
        expect(await outbox.claim(5)).toEqual([]);
        if (probe) await outbox.postpone(probe, 5000, 'unreachable');
        expect(await outbox.claim(5)).toMatchObject([{ body: 'n2', probe: true }]);
      });

      test('has longer pauses with every failure, of which those at the same time count once', async () => {
        const delays: number[] = [];
        const note = () =>
          outages.note(counterparty, 'unreachable', (failures) => delays.push(failures) * 0 + failures * 300);
        await Promise.all([note(), note(), note()]);
        expect(delays).toEqual([1]);
        await new Promise((resolve) => setTimeout(resolve, 350));
        expect(await note()).toBeGreaterThan(300);
        expect(delays).toEqual([1, 2]);
        expect(await outages.list()).toMatchObject([{ counterparty, failures: 2, lastError: 'unreachable' }]);
      });

      test('gets everything when it is there again, also what was given up', async () => {
        for (const process of ['n1', 'n2', 'n3']) await add(process, process);
        const [first] = await outbox.claim(1);
        if (first) await outbox.bury(first, 'unreachable');
        await pause(60_000);
        expect([await outages.end(counterparty), await outages.end(counterparty)]).toEqual([true, false]);
        expect((await outbox.claim(5)).map(({ body, probe }) => [body, probe]).sort()).toEqual([
          ['n1', false],
          ['n2', false],
          ['n3', false],
        ]);
      });
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

    test('the inbox keeps why a message was refused, until it is accepted', async () => {
      const inbox = new Inbox();
      const refusal = { kind: 'negotiation.illegal-transition', detail: 'No.' };
      const kept = () => unitOfWork.run((tx) => inbox.refusalOf(tx, 'did:web:e', 'm4'));
      await unitOfWork.run((tx) => inbox.note(tx, 'did:web:e', 'm4'));
      expect(await kept()).toBeNull();
      for (const answer of [refusal, null]) {
        await unitOfWork.run((tx) => inbox.answer(tx, 'did:web:e', 'm4', answer));
        expect(await kept()).toEqual(answer);
      }
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
