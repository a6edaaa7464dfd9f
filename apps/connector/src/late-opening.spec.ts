import { must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Datasets, plainRules } from './catalog/index.js';
import { Agreements, NegotiationCommands } from './negotiation/index.js';
import type { QuietNode } from './quiet-node.fixtures.js';
import { negotiationOf, QuietPair, type Sent } from './quiet-pair.fixtures.js';

describe('a slow copy of an opening request that was refused', () => {
  let pair: QuietPair;
  beforeAll(async () => {
    pair = await QuietPair.start('embedded');
  }, 60_000);
  afterAll(() => pair?.remove(), 60_000);

  const permission = [{ action: 'use' }];

  async function publish(datasetId: string, offerId: string): Promise<void> {
    const { provider } = pair;
    const createdAt = new Date();
    const source = { kind: 'file', path: 'trees.csv', format: 'csv' } as const;
    const rest = { keywords: [], publisher: null, licence: null, finite: true, intervalSeconds: null, profile: null };
    const policy = { '@type': 'Offer', '@id': offerId, permission };
    const offer = { policy, template: null, negotiation: plainRules, createdAt, withdrawnAt: null };
    await provider.transaction(async (tx) => {
      const datasets = provider.get(Datasets);
      await datasets.add(tx, { id: datasetId, title: 'Trees', description: '', source, createdAt, ...rest });
      await datasets.addOffer(tx, { id: offerId, datasetId, ...offer });
    });
  }

  async function next(node: QuietNode, id: string): Promise<Sent> {
    const message = await node.next(id);
    if (!message) throw new Error(`nothing was said in ${id}`);
    return message;
  }

  test('comes to no agreement when it is accepted after all: its sender has given it up', async () => {
    const { provider, consumer } = pair;
    const [datasetId, offerId] = [uuids.next(), uuids.next()];
    const offer = { '@type': 'Offer', '@id': offerId, permission } as const;
    const asked = { counterparty: provider.did, address: 'https://berlin.example/dsp', datasetId, offer };
    const { id } = must(await consumer.get(NegotiationCommands).request(asked));
    const request = await next(consumer, id);
    expect(await pair.carry(consumer, request)).toMatchObject({ ok: false, problem: { kind: 'offer.not-found' } });
    expect((await negotiationOf(consumer, id)).negotiation.state).toBe('REFUSED');
    expect(await provider.count('negotiation')).toBe(0);

    await publish(datasetId, offerId);
    const opened = must(await pair.receive(provider, request)) as { readonly providerPid: string };
    const agreement = await next(provider, opened.providerPid);
    expect(agreement.type).toBe('ContractAgreementMessage');
    expect(await pair.carry(provider, agreement)).toMatchObject({ ok: false });
    expect(await negotiationOf(provider, opened.providerPid)).toMatchObject({
      negotiation: { state: 'REQUESTED', pending: null },
      awaiting: { code: 'peer.refused' },
    });
    expect((await negotiationOf(consumer, id)).negotiation.state).toBe('REFUSED');
    for (const node of pair.nodes) expect(await node.get(Agreements).list(10, 0)).toEqual([]);
  });
});
