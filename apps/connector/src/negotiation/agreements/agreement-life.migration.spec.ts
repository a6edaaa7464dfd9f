import { uuids } from '@hansa/kernel';
import { type Database, openDatabase } from '@hansa/platform';
import { createTestDatabase, type TestDatabase } from '@hansa/platform/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Negotiation1763856500000 } from '../negotiation.migration.js';
import { AgreementLife1763960000000 } from './agreement-life.migration.js';

let home: TestDatabase;
let database: Database;
beforeAll(async () => {
  home = await createTestDatabase('embedded');
  database = await openDatabase(home.location, { entities: [], migrations: [Negotiation1763856500000] });
}, 60_000);
afterAll(async () => {
  await database?.close();
  await home?.remove();
});

const reason = 'the programme has ended';
const [open, ended] = [uuids.next(), uuids.next()];

async function insert(id: string, terminatedAt: string | null, constraint: object[]): Promise<void> {
  const { dataSource } = database;
  const negotiation = [id, 'did:web:b.example', 'https://b.example', 'd', '{}', [], 'FINALIZED', 'provider', 'now'];
  await dataSource.query(
    `INSERT INTO negotiation (id, counterparty, address, dataset_id, negotiation, credentials, state, role, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    negotiation,
  );
  const permission = [{ action: 'use', constraint }];
  const policy = { '@type': 'Agreement', '@id': id, target: 'd', assigner: 'a', assignee: 'b', permission };
  await dataSource.query(
    `INSERT INTO agreement (id, negotiation_id, role, counterparty, address, dataset_id, policy, credentials, agreed_at,
       terminated_at, termination_reason)
     VALUES ($1, $1, 'provider', 'did:web:b.example', 'https://b.example', 'd', $2, '{}', now(), $3, $4)`,
    [id, policy, terminatedAt, terminatedAt && reason],
  );
}

test('agreements of before keep their end, and get the one that their policy names', async () => {
  const until = { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-06-30T12:00:00Z' };
  await insert(open, null, [until]);
  await insert(ended, '2026-11-23T08:00:00Z', []);
  const runner = database.dataSource.createQueryRunner();
  const migration = new AgreementLife1763960000000();
  const rows = (columns: string) => runner.query(`SELECT ${columns} FROM agreement ORDER BY id = '${ended}'`);
  try {
    await migration.up(runner);
    expect(await rows('id, expires_at, ended_at, ending, notice, supersedes')).toEqual([
      {
        id: open,
        expires_at: new Date('2027-06-30T12:00:00Z'),
        ended_at: null,
        ending: null,
        notice: null,
        supersedes: null,
      },
      {
        id: ended,
        expires_at: null,
        ended_at: new Date('2026-11-23T08:00:00Z'),
        ending: { kind: 'terminated', by: 'provider', code: null, reason: [reason] },
        notice: null,
        supersedes: null,
      },
    ]);
    await migration.down(runner);
    expect(await rows('id, terminated_at, termination_reason')).toEqual([
      { id: open, terminated_at: null, termination_reason: null },
      { id: ended, terminated_at: new Date('2026-11-23T08:00:00Z'), termination_reason: reason },
    ]);
  } finally {
    await runner.release();
  }
});
