import { type ConsumerPid, type MessageOffer, type NegotiationStep, type ProviderPid, serialize } from '@hansa/dsp';
import { type JsonObject, must, type Result, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { administrator } from '../access/index.js';
import { Datasets, plainRules } from '../catalog/index.js';
import { peer, QuietNode } from '../quiet-node.fixtures.js';
import { DecideHeld } from './decide-held.js';
import { NegotiationCommands } from './negotiation-commands.js';
import type { NegotiationRecord } from './negotiation-record.js';
import { Negotiations } from './negotiations.js';
import { ReceiveNegotiationMessage } from './receive-message.js';

const counterparty = { did: peer, credentials: [] };
const address = 'https://peer.example/dsp';
const permission = [{ action: 'use' }];

let node: QuietNode;
beforeAll(async () => {
  node = await QuietNode.start('embedded');
});
afterAll(() => node.remove());

const commands = (): NegotiationCommands => node.get(NegotiationCommands);

const decide = (): DecideHeld => node.get(DecideHeld);

const find = async (id: string): Promise<NegotiationRecord> => must(await node.get(Negotiations).find(id));

/** The other side says something about one of our negotiations. */
async function receive(id: string, said: object, wireId = uuids.next()): Promise<Result<null>> {
  const { negotiation } = await find(id);
  const pids = negotiation as unknown as { consumerPid: ConsumerPid; providerPid: ProviderPid };
  const { consumerPid, providerPid } = pids;
  const message = { consumerPid, providerPid, ...said } as NegotiationStep;
  return node.get(ReceiveNegotiationMessage).step(counterparty, id, message, serialize(message, wireId) as JsonObject);
}

/** Takes our next message and has the other side acknowledge it; what it was. */
async function acknowledged(id: string, answer?: JsonObject): Promise<string | undefined> {
  const message = await node.next(id);
  if (message) await node.acknowledge(message, answer);
  return message?.type;
}

describe('a provider whose offer stands', () => {
  let offer: MessageOffer;

  /** A negotiation in OFFERED: our agreement was refused, so somebody here has made the offer once more. */
  async function offered(): Promise<string> {
    const datasetId = uuids.next();
    offer = { '@type': 'Offer', '@id': uuids.next(), target: datasetId, permission };
    const { target: _, ...policy } = offer;
    const [createdAt, empty] = [
      new Date(),
      { keywords: [], publisher: null, licence: null, finite: true, intervalSeconds: null, profile: null },
    ];
    await node.transaction(async (tx) => {
      const source = { kind: 'file', path: 'trees.csv', format: 'csv' } as const;
      await node.get(Datasets).add(tx, { id: datasetId, title: 'Trees', description: '', source, createdAt, ...empty });
      const stored = {
        id: offer['@id'],
        datasetId,
        policy,
        template: null,
        negotiation: plainRules,
        createdAt,
        withdrawnAt: null,
      };
      await node.get(Datasets).addOffer(tx, stored);
    });
    const consumerPid = uuids.next() as ConsumerPid;
    const request = { type: 'ContractRequestMessage', consumerPid, callbackAddress: address, offer } as const;
    const process = must(await node.get(ReceiveNegotiationMessage).open(counterparty, request));
    const id = String(process.providerPid);
    const agreement = await node.next(id);
    if (agreement?.type !== 'ContractAgreementMessage') throw new Error(`it said ${agreement?.type}`);
    await node.refuse(agreement);
    must(await decide().offer(id, offer, administrator));
    expect(await acknowledged(id)).toBe('ContractOfferMessage');
    expect(await find(id)).toMatchObject({ negotiation: { state: 'OFFERED' } });
    return id;
  }

  test('decides on a counter-offer that repeats an offer of ours', async () => {
    const id = await offered();
    must(await receive(id, { type: 'ContractRequestMessage', offer }));
    expect(await find(id)).toMatchObject({ negotiation: { state: 'REQUESTED' }, decision: { outcome: 'permit' } });
    expect((await node.next(id))?.type).toBe('ContractAgreementMessage');
  });

  test('leaves a counter-offer with other terms to a person, who may make an offer in return', async () => {
    const id = await offered();
    const wider = { ...offer, permission: [{ action: 'use' }, { action: 'odrl:distribute' }] };
    must(await receive(id, { type: 'ContractRequestMessage', offer: wider }));
    expect(await find(id)).toMatchObject({ negotiation: { state: 'REQUESTED', offer: wider }, decision: null });
    expect(await node.next(id)).toBeNull();
    must(await decide().offer(id, offer, administrator));
    expect(await acknowledged(id)).toBe('ContractOfferMessage');
    expect(await find(id)).toMatchObject({ negotiation: { state: 'OFFERED', offer } });
  });

  test('agrees to the terms of a counter-offer when a person says so, unless nobody could enforce them', async () => {
    const id = await offered();
    const constraint = [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2030-01-01T00:00:00Z' }];
    const counter = { ...offer, permission: [{ action: 'use', constraint }] };
    must(await receive(id, { type: 'ContractRequestMessage', offer: counter }));
    must(await decide().agree(id, administrator));
    const { agreement } = JSON.parse((await node.next(id))?.body ?? '{}');
    expect(JSON.stringify(agreement.permission)).toContain('2030-01-01T00:00:00Z');

    const hopeless = await offered();
    const unknown = [{ leftOperand: 'https://example.org/mood', operator: 'eq', rightOperand: 'good' }];
    const wish = { ...offer, permission: [{ action: 'use', constraint: unknown }] };
    must(await receive(hopeless, { type: 'ContractRequestMessage', offer: wish }));
    const refusal = { ok: false, problem: { kind: 'policy.unknown-operand' } };
    expect(await decide().agree(hopeless, administrator)).toMatchObject(refusal);
    expect(await decide().offer(hopeless, wish, administrator)).toMatchObject(refusal);
    expect(await node.next(hopeless)).toBeNull();
  });

  test('refuses a counter-offer about another dataset, however often it comes, and its offer stands', async () => {
    const id = await offered();
    const [elsewhere, wireId] = [{ ...offer, target: 'urn:another:dataset' }, uuids.next()];
    for (let times = 0; times < 2; times++) {
      const refused = await receive(id, { type: 'ContractRequestMessage', offer: elsewhere }, wireId);
      expect(refused).toMatchObject({ ok: false, problem: { kind: 'policy.offer-changed' } });
    }
    expect(await find(id)).toMatchObject({ negotiation: { state: 'OFFERED', offer } });
  });

  test('agrees when its offer is accepted', async () => {
    const id = await offered();
    must(await receive(id, { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED' }));
    const agreement = await node.next(id);
    expect(JSON.parse(agreement?.body ?? '{}')).toMatchObject({
      '@type': 'ContractAgreementMessage',
      agreement: { target: offer.target, assigner: node.did, assignee: peer },
    });
  });
});

describe('a consumer that knows where the provider is and what it offers', () => {
  const datasetId = 'urn:peer:trees';
  const offer = { '@type': 'Offer', '@id': 'urn:peer:offer', permission } as const;

  /** A negotiation in REQUESTED; nothing was looked up, since this node can reach nobody. */
  async function requested(): Promise<string> {
    const asked = { counterparty: peer, address, datasetId, offer };
    const { id } = must(await commands().request(asked));
    const message = await node.next(id);
    expect(message?.url).toBe(`${address}/negotiations/request`);
    const answer = { type: 'ContractNegotiation', consumerPid: id, providerPid: 'urn:peer:1', state: 'REQUESTED' };
    if (message) await node.acknowledge(message, serialize(answer as never, uuids.next()));
    return id;
  }

  const until = { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2030-01-01T00:00:00Z' };
  const others = { ...offer, target: datasetId, permission: [{ action: 'use', constraint: [until] }] };

  test('accepts the offer of a provider that says what it has asked for', async () => {
    const id = await requested();
    must(await receive(id, { type: 'ContractOfferMessage', offer: { ...offer, target: datasetId } }));
    expect(await acknowledged(id)).toBe('ContractNegotiationEventMessage');
    expect(await find(id)).toMatchObject({ negotiation: { state: 'ACCEPTED' }, awaiting: null });
  });

  test('leaves other terms of a provider to a person, who may accept them', async () => {
    const id = await requested();
    must(await receive(id, { type: 'ContractOfferMessage', offer: others }));
    expect(await find(id)).toMatchObject({ negotiation: { state: 'OFFERED' } });
    expect(await node.next(id)).toBeNull();
    expect(await decide().agree(id, administrator)).toMatchObject({
      ok: false,
      problem: { kind: 'negotiation.illegal-transition' },
    });
    must(await decide().accept(id, administrator));
    expect(await acknowledged(id)).toBe('ContractNegotiationEventMessage');
    expect(await find(id)).toMatchObject({ negotiation: { state: 'ACCEPTED' } });
  });

  test('makes a counter-offer where the provider keeps the negotiation', async () => {
    const id = await requested();
    must(await receive(id, { type: 'ContractOfferMessage', offer: others }));
    const declared = [
      { leftOperand: 'purpose', operator: 'eq', rightOperand: 'https://w3id.org/dpv#AcademicResearch' },
    ];
    must(await decide().offer(id, { ...offer, permission: [{ action: 'use', constraint: declared }] }, administrator));
    const message = await node.next(id);
    expect(message?.url).toBe(`${address}/negotiations/urn:peer:1/request`);
    const body = JSON.parse(message?.body ?? '{}');
    expect(body).not.toHaveProperty('callbackAddress');
    expect(body.offer).toMatchObject({ '@id': offer['@id'], target: datasetId });
    expect(await find(id)).toMatchObject({ purpose: 'https://w3id.org/dpv#AcademicResearch' });
  });

  test('refuses an offer about another dataset', async () => {
    const id = await requested();
    const refused = await receive(id, { type: 'ContractOfferMessage', offer: { ...offer, target: 'urn:peer:lamps' } });
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'policy.offer-changed' } });
    expect(await find(id)).toMatchObject({ negotiation: { state: 'REQUESTED' } });
  });
});
