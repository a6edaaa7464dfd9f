import type { MessageOffer } from '@hansa/dsp';
import { type Did, ok } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { type Datasets, plainRules } from '../catalog/index.js';
import type { Decisions } from '../policy/index.js';
import { OfferTerms } from './offer-terms.js';

const [us, them] = ['did:web:us.example', 'did:web:them.example'] as readonly Did[] as readonly [Did, Did];
const policy = { '@type': 'Offer', '@id': 'urn:offer', permission: [{ action: 'use' }] } as const;
const asked = { ...policy, target: 'urn:data' };

const datasets = {
  findOffer: async () => ok({ id: 'urn:offer', datasetId: 'urn:data', policy, negotiation: plainRules }),
};
const decisions = { decide: async () => ok({ outcome: 'permit', unmet: [], trace: null }) };
const terms = new OfferTerms(datasets as unknown as Datasets, decisions as unknown as Decisions, us);
const requested = (offer: object) => terms.requested({ did: them, credentials: [] }, offer as MessageOffer);

describe('a request for one of our offers', () => {
  test('may name the parties, as Eclipse EDC does: us as the assigner, who asks as the assignee', async () => {
    for (const parties of [{}, { assigner: us }, { assignee: them }, { assigner: us, assignee: them }])
      expect(await requested({ ...asked, ...parties })).toMatchObject({ ok: true, value: { datasetId: 'urn:data' } });
  });

  test.each([
    { assigner: them },
    { assigner: 'did:web:other.example' },
    { assignee: us },
    { target: 'urn:other' },
    { permission: [{ action: 'use', constraint: [] }, { action: 'distribute' }] },
  ])('may say nothing else than the offer: %j', async (change) => {
    expect(await requested({ ...asked, ...change })).toMatchObject({ ok: false });
  });
});

describe('an offer that we have not asked for', () => {
  const unasked = (offer: object) => terms.unasked({ did: them, credentials: [] }, offer as MessageOffer);

  test('may name the parties: who offers as the assigner, us as the assignee', () => {
    for (const parties of [{}, { assigner: them }, { assignee: us }, { assigner: them, assignee: us }])
      expect(unasked({ ...asked, ...parties })).toMatchObject({ ok: true, value: { datasetId: 'urn:data' } });
  });

  test.each([
    { assigner: us },
    { assigner: 'did:web:other.example' },
    { assignee: them },
    { assigner: us, assignee: them },
    { permission: [{ action: 'use', assignee: 'did:web:other.example' }] },
  ])('is not taken when it is between others: %j', (change) => {
    expect(unasked({ ...asked, ...change })).toMatchObject({ ok: false, problem: { kind: 'policy.other-parties' } });
  });
});
