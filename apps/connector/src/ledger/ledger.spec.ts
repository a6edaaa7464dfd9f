import { generateKeyPairSync, sign } from 'node:crypto';
import { must, refuse } from '@hansa/kernel';
import { FixedClock } from '@hansa/kernel/testing';
import { type NoteSigner, verifyCheckpoint, verifyConsistency, verifyLedgerProof } from '@hansa/ledger';
import { type Database, openDatabase, UnitOfWork } from '@hansa/platform';
import { createTestDatabase, databaseKinds, type TestDatabase, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ledger } from './ledger.js';
import { Ledger1763856100000 } from './ledger.migration.js';
import { LedgerWaiting1764072100000 } from './ledger-waiting.migration.js';
import { Sequencer } from './sequencer.js';

const did = 'did:web:berlin.example';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const signer: NoteSigner = {
  name: did,
  publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  sign: async (message) => sign(null, message, privateKey),
};
const event = (n: number) => ({ kind: 'test.happened', subjects: [`s${n}`, 'all'], data: { n } });

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: the ledger on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`the ledger, ${kind}`, () => {
    let home: TestDatabase;
    let database: Database;
    let unitOfWork: UnitOfWork;
    let ledger: Ledger;
    const clock = new FixedClock(new Date('2026-11-23T12:00:00Z'));
    const sequencers: Sequencer[] = [];
    const sequencer = () => {
      sequencers.push(new Sequencer(unitOfWork, (error) => failures.push(error)));
      return sequencers.at(-1) as Sequencer;
    };
    const failures: unknown[] = [];
    const open = () => new Ledger(database.dataSource, signer, did, clock, sequencer());
    const append = (n: number, to = ledger) => unitOfWork.run((tx) => to.append(tx, event(n)));

    beforeAll(async () => {
      home = await createTestDatabase(kind);
      database = await openDatabase(home.location, {
        entities: [],
        migrations: [Ledger1763856100000, LedgerWaiting1764072100000],
      });
      unitOfWork = new UnitOfWork(database.dataSource);
      ledger = open();
    });
    afterAll(async () => {
      for (const sequencer of sequencers) await sequencer.stop();
      expect(failures).toEqual([]);
      await database.close();
      await home.remove();
    });

    test('keeps entries in order, several of one use case together', async () => {
      await unitOfWork.run((tx) => ledger.append(tx, event(0), event(1), event(2)));
      await append(3);
      const entries = await ledger.entries({ limit: 10 });
      expect(entries.map(({ index, entry }) => [index, entry.data])).toEqual([
        [3, { n: 3 }],
        [2, { n: 2 }],
        [1, { n: 1 }],
        [0, { n: 0 }],
      ]);
      expect(entries[0]?.entry).toMatchObject({ actor: did, at: '2026-11-23T12:00:00.000Z' });
    });

    test('finds entries by what they are about, and pages backwards', async () => {
      expect((await ledger.entries({ subject: 's2', limit: 10 })).map(({ index }) => index)).toEqual([2]);
      expect((await ledger.entries({ subject: 'all', before: 2, limit: 1 })).map(({ index }) => index)).toEqual([1]);
      expect(await ledger.entries({ kind: 'other.kind', limit: 10 })).toEqual([]);
    });

    test('proves every entry to a stranger who has only the public key', async () => {
      for (const index of [0, 1, 2, 3]) {
        const proof = must(await ledger.prove(index));
        expect(verifyLedgerProof(JSON.parse(JSON.stringify(proof)), signer)).toMatchObject({ ok: true });
        const forged = { ...proof, entry: { ...proof.entry, data: { n: 99 } } };
        expect(verifyLedgerProof(forged, signer)).toMatchObject({ ok: false });
      }
      expect(await ledger.prove(4)).toMatchObject({ ok: false, problem: { kind: 'ledger.not-found' } });
    });

    test('proves that it only grows', async () => {
      const older = must(verifyCheckpoint(await ledger.checkpoint(), signer));
      await append(4);
      await append(5);
      const { proof, checkpoint } = must(await ledger.proveConsistency(older.size));
      const newer = must(verifyCheckpoint(checkpoint, signer));
      const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
      expect(verifyConsistency(older.size, newer.size, older.root, newer.root, hashes)).toBe(true);
      expect(await ledger.proveConsistency(99)).toMatchObject({ ok: false });
    });

    test('forgets what its transaction takes back, and goes on correctly after it', async () => {
      const before = (await ledger.entries({ limit: 1 }))[0]?.index ?? -1;
      await unitOfWork.run(async (tx) => {
        await ledger.append(tx, event(100));
        return refuse('x.conflict', 'No.');
      });
      await append(6);
      const [last] = await ledger.entries({ limit: 1 });
      expect(last).toMatchObject({ index: before + 1, entry: { data: { n: 6 } } });
      expect(verifyLedgerProof(must(await ledger.prove(before + 1)), signer)).toMatchObject({ ok: true });
    });

    test('tells of each entry when it is committed, and of no other', async () => {
      const told: unknown[] = [];
      const listening = open();
      listening.onAppended(({ data }) => told.push(data));
      await unitOfWork.run(async (tx) => {
        await listening.append(tx, event(200));
        return refuse('x.conflict', 'No.');
      });
      await unitOfWork.run(async (tx) => {
        await listening.append(tx, event(201), event(202));
        expect(told).toEqual([]);
      });
      expect(told).toEqual([{ n: 201 }, { n: 202 }]);
    });

    test('stays whole when many use cases append at once, through two instances of the node', async () => {
      const other = open();
      const before = (await ledger.entries({ limit: 1 }))[0]?.index ?? -1;
      await Promise.all(Array.from({ length: 60 }, (_, n) => append(1000 + n, n % 2 === 0 ? ledger : other)));
      const entries = await ledger.entries({ limit: 60 });
      expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, i) => before + 60 - i));
      expect(new Set(entries.map(({ entry }) => JSON.stringify(entry.data))).size).toBe(60);
      for (const index of [0, before + 1, before + 30, before + 60])
        expect(verifyLedgerProof(must(await ledger.prove(index)), signer)).toMatchObject({ ok: true });
    });
  });
}
