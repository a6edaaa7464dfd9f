import { type ConsumerPid, type MessageOffer, supersedesTerm } from '@hansa/dsp';
import { must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Datasets, plainRules } from './catalog/index.js';
import { AgreementDependants, Agreements, EndAgreement, NegotiationCommands } from './negotiation/index.js';
import { ReceiveNegotiationMessage } from './negotiation/receive-message.js';
import { peer, type QuietNode } from './quiet-node.fixtures.js';
import {
  agreementOf,
  entriesAbout,
  negotiationOf,
  QuietPair,
  type Sent,
  transferUnder,
} from './quiet-pair.fixtures.js';

describe('an agreement that takes the place of an older one', () => {
  let pair: QuietPair;
  let datasetId: string;
  let offer: MessageOffer;
  beforeAll(async () => {
    pair = await QuietPair.start('embedded');
    datasetId = uuids.next();
    offer = { '@type': 'Offer', '@id': uuids.next(), permission: [{ action: 'use' }] };
    const [createdAt, empty] = [
      new Date(),
      { keywords: [], publisher: null, licence: null, finite: true, intervalSeconds: null, profile: null },
    ];
    const source = { kind: 'file', path: 'trees.csv', format: 'csv' } as const;
    const datasets = pair.provider.get(Datasets);
    await pair.provider.transaction(async (tx) => {
      await datasets.add(tx, { id: datasetId, title: 'Trees', description: '', source, createdAt, ...empty });
      const stored = {
        id: offer['@id'],
        datasetId,
        policy: offer,
        template: null,
        negotiation: plainRules,
        createdAt,
        withdrawnAt: null,
      };
      await datasets.addOffer(tx, stored);
    });
  }, 60_000);
  afterAll(() => pair?.remove(), 60_000);

  const ask = (supersedes?: string) =>
    pair.consumer.get(NegotiationCommands).request({
      counterparty: pair.provider.did,
      address: 'https://berlin.example/dsp/2025-1',
      datasetId,
      offer,
      supersedes,
    });

  /** Negotiates to the end; the id of the new agreement. */
  async function agree(supersedes?: string): Promise<string> {
    const { id: consumerPid } = must(await ask(supersedes));
    for (const providerSpeaks of [false, true, false, true]) {
      const from = providerSpeaks ? pair.provider : pair.consumer;
      const { negotiation } = await negotiationOf(pair.consumer, consumerPid);
      const pid = providerSpeaks && 'providerPid' in negotiation ? negotiation.providerPid : consumerPid;
      const message = await from.next(pid);
      if (!message) throw new Error(`nothing was said in ${negotiation.state}`);
      must(await pair.carry(from, message));
    }
    const { negotiation } = await negotiationOf(pair.consumer, consumerPid);
    if (!('agreement' in negotiation)) throw new Error(`no agreement: ${negotiation.state}`);
    return negotiation.agreement['@id'];
  }

  test('is linked with it on both sides, and the transfers under the old one end', async () => {
    const old = await agree();
    const pids = await pair.transfer(old);
    const renewed = await agree(old);
    for (const node of pair.nodes) {
      expect(await agreementOf(node, renewed)).toMatchObject({ supersedes: old, end: null });
      expect(await agreementOf(node, old)).toMatchObject({ end: { kind: 'superseded', by: renewed }, notice: null });
      const { successors } = await node.get(AgreementDependants).of(await agreementOf(node, old));
      expect(successors).toEqual([renewed]);
      const kinds = (await entriesAbout(node, renewed)).map(({ entry }) => entry.kind);
      expect(kinds).toEqual(['agreement.superseded', 'agreement.concluded']);
    }
    await pair.carryAll(pair.consumer, pids.consumer);
    await pair.carryAll(pair.provider, pids.provider);
    for (const node of pair.nodes)
      expect(await transferUnder(node, old)).toMatchObject({
        transfer: { state: 'TERMINATED', termination: { code: 'agreement.superseded' } },
      });
    await pair.transfer(renewed);
  });

  test('may not take its id', async () => {
    const old = await agree();
    const { id: consumerPid } = must(await ask());
    const request = await pair.consumer.next(consumerPid);
    must(await pair.carry(pair.consumer, request as Sent));
    const { negotiation } = await negotiationOf(pair.consumer, consumerPid);
    const agreement = await pair.provider.next('providerPid' in negotiation ? negotiation.providerPid : '');
    const { '@id': fresh } = JSON.parse(agreement?.body ?? '{}').agreement;
    const forged = { ...(agreement as Sent), body: agreement?.body.replaceAll(fresh, old) ?? '' };
    expect(await pair.carry(pair.provider, forged)).toMatchObject({ problem: { kind: 'agreement.id-taken' } });
    expect(await negotiationOf(pair.consumer, consumerPid)).toMatchObject({ negotiation: { state: 'REQUESTED' } });
  });

  test('says in its request which one, in a member that others may ignore', async () => {
    const old = await agree();
    const { id } = must(await ask(old));
    const [renewals] = await Promise.all([renewalsOf(pair.consumer, old)]);
    expect(renewals).toEqual([id]);
    const message = await pair.consumer.next(id);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ '@type': 'ContractRequestMessage', [supersedesTerm]: old });
  });

  const renewalsOf = async (node: QuietNode, id: string) =>
    (await node.get(AgreementDependants).of(await agreementOf(node, id))).renewals;

  test('may follow one that has expired, and leaves a termination as it was said', async () => {
    const [expired, terminated] = [await agree(), await agree()];
    for (const node of pair.nodes)
      await node.transaction(({ manager }) =>
        manager.query("UPDATE agreement SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [expired]),
      );
    const renewed = await agree(expired);
    for (const node of pair.nodes)
      expect(await agreementOf(node, expired)).toMatchObject({ end: { kind: 'superseded', by: renewed } });
    must(await pair.consumer.get(EndAgreement).run(terminated, 'enough'));
    expect(await ask(terminated)).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
  });

  test('ends as one where it crosses a termination of the old one', async () => {
    const old = await agree();
    const { id } = must(await ask(old));
    must(await pair.provider.get(EndAgreement).run(old, 'enough'));
    const refused = await pair.carry(pair.consumer, (await pair.consumer.next(id)) ?? missing());
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
    expect(await negotiationOf(pair.consumer, id)).toMatchObject({ negotiation: { state: 'REFUSED' } });
    must(await pair.carry(pair.provider, (await pair.provider.next(old)) ?? missing()));
    for (const node of pair.nodes)
      expect(await agreementOf(node, old)).toMatchObject({ end: { kind: 'terminated', by: 'provider' } });
  });

  test('is asked for by nobody but the consumer of the old one, and for nothing but its dataset', async () => {
    const others = await pair.provider.agree('provider', { counterparty: peer, datasetId });
    const elsewhere = await pair.provider.agree('provider', { counterparty: pair.consumer.did });
    const reversed = await pair.provider.agree('consumer', { counterparty: pair.consumer.did, datasetId });
    const before = await pair.provider.count('negotiation');
    const request = (supersedes: string) =>
      pair.provider.get(ReceiveNegotiationMessage).open(
        { did: pair.consumer.did, credentials: [] },
        {
          type: 'ContractRequestMessage',
          consumerPid: uuids.next() as ConsumerPid,
          callbackAddress: 'https://bruges.example/dsp/2025-1',
          offer: { ...offer, target: datasetId },
          supersedes,
        },
      );
    for (const foreign of [others.id, reversed.id, uuids.next()])
      expect(await request(foreign)).toMatchObject({ ok: false, problem: { kind: 'agreement.not-found' } });
    expect(await request(elsewhere.id)).toMatchObject({ problem: { kind: 'agreement.other-dataset' } });
    expect(await pair.provider.count('negotiation')).toBe(before);
    for (const { id } of [others, elsewhere, reversed])
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: null });
  });

  test('is asked for once, however often the request is repeated', async () => {
    const old = await agree();
    const { id } = must(await ask(old));
    const message = (await pair.consumer.next(id)) ?? missing();
    const first = must(await pair.receive(pair.provider, message));
    must(await pair.provider.get(EndAgreement).run(old, 'enough'));
    const again = must(await pair.receive(pair.provider, message));
    expect(again).toMatchObject({ providerPid: (first as { providerPid: string }).providerPid });
  });

  test('is not superseded a second time by what was asked for meanwhile', async () => {
    const old = await agree();
    const first = await agree(old);
    expect(await ask(old)).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
    expect(await pair.consumer.get(Agreements).successorsOf(old)).toMatchObject([{ id: first }]);
  });
});

function missing(): never {
  throw new Error('nothing was said');
}
