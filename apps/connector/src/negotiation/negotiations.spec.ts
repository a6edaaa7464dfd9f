import { type JsonObject, must } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { peer, QuietNode } from '../quiet-node.fixtures.js';
import { plainHandling } from './handling.js';
import { negotiationSchema, writtenOnce } from './negotiation.schema.js';
import type { NegotiationRecord, StoredNegotiation } from './negotiation-record.js';
import { Negotiations } from './negotiations.js';

describe('a stored negotiation', () => {
  let node: QuietNode;
  beforeAll(async () => {
    node = await QuietNode.start('embedded');
  }, 60_000);
  afterAll(() => node?.remove(), 60_000);

  const at = new Date('2026-06-01T12:00:00.000Z');
  /** Another value for everything in a negotiation that may change. */
  const changed = ({ negotiation }: NegotiationRecord): Omit<NegotiationRecord, (typeof writtenOnce)[number]> => ({
    purpose: 'urn:x:purpose',
    negotiation: { ...negotiation, state: 'TERMINATED', termination: { by: 'us', code: 'x', reason: [] } } as never,
    decision: { outcome: 'deny', unmet: [{ code: 'x', text: 'y' }], trace: { rules: [] } as JsonObject as never },
    supersedes: 'urn:x:agreement',
    credentials: ['a.b.c'],
    handling: { ...plainHandling, unasked: true },
    awaiting: { code: 'x', text: 'y', since: at.toISOString(), deadline: at.toISOString() },
    updatedAt: at,
  });

  test('is saved in each of its members, but for those that the compiler lets nobody change', async () => {
    const { negotiationId: id } = await node.agree('provider');
    const negotiations = node.get(Negotiations);
    const before = must(await negotiations.find(id));
    const next = changed(before);
    await node.transaction(async (tx) => {
      const record: StoredNegotiation = must(await negotiations.lock(tx, id, peer));
      await negotiations.save(tx, { ...record, ...next });
    });
    const after = must(await negotiations.find(id));
    expect(after).toMatchObject(next);
    for (const member of Object.keys(next) as (keyof typeof next)[])
      expect([member, after[member]]).not.toEqual([member, before[member]]);
    for (const member of writtenOnce.filter((one) => one !== 'role'))
      expect([member, after[member]]).toEqual([member, before[member]]);
    // The rest of the row is made from the record.
    const derived = ['state', 'consumerPid', 'providerPid', 'decideBy'];
    expect([...Object.keys(next), ...writtenOnce, ...derived].sort()).toEqual(
      Object.keys(negotiationSchema.options.columns).sort(),
    );
  });

  test('is not saved with another counterparty', () => {
    type Saved = Parameters<Negotiations['save']>[1];
    type With<Member extends keyof NegotiationRecord> = Omit<StoredNegotiation, Member> &
      Pick<NegotiationRecord, Member>;
    type Verdict<Row> = Row extends Saved ? 'saved' : 'refused by the compiler';
    const verdicts: readonly [
      Verdict<With<'counterparty'>>,
      Verdict<With<'address'>>,
      Verdict<With<'datasetId'>>,
      Verdict<With<'createdAt'>>,
      Verdict<With<'id'>>,
      Verdict<With<'purpose'>>,
    ] = [
      'refused by the compiler',
      'refused by the compiler',
      'refused by the compiler',
      'refused by the compiler',
      'refused by the compiler',
      'saved',
    ];
    expect(verdicts).toHaveLength(6);
  });
});
