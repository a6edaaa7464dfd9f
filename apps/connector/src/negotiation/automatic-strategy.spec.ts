import {
  type Agreement,
  admitNegotiation,
  allowed,
  type ConsumerPid,
  evolveNegotiation,
  type MessageOffer,
  type Negotiation,
  type NegotiationIntent,
  negotiationTable,
  type ProviderPid,
  sendNegotiation,
} from '@hansa/dsp';
import { type Did, must, uuids } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type NegotiationRules, plainRules } from '../catalog/index.js';
import { AutomaticStrategy } from './automatic-strategy.js';
import type { Comparison } from './compare-terms.js';
import { type Handling, plainHandling } from './handling.js';
import type { DecisionNote, NegotiationRecord } from './negotiation-record.js';

const [we, they]: readonly [Did, Did] = ['did:web:we.example', 'did:web:they.example'];
const strategy = new AutomaticStrategy(we, uuids);
const now = new Date('2026-11-23T12:00:00Z');
const offer: MessageOffer = { '@type': 'Offer', '@id': 'urn:o', target: 'urn:d', permission: [{ action: 'use' }] };
const pids = { consumerPid: 'urn:c' as ConsumerPid, providerPid: 'urn:p' as ProviderPid };

const decision = (outcome: 'permit' | 'deny'): DecisionNote => ({
  outcome,
  unmet: outcome === 'deny' ? [{ code: 'x', text: 'Required: a credential.' }] : [],
  trace: {} as DecisionNote['trace'],
});

function record(negotiation: Negotiation, parts: Partial<NegotiationRecord> = {}): NegotiationRecord {
  return {
    id: 'urn:n',
    counterparty: they,
    address: 'https://they.example/dsp',
    datasetId: 'urn:d',
    purpose: null,
    negotiation,
    decision: decision('permit'),
    supersedes: null,
    credentials: [],
    handling: null,
    awaiting: null,
    createdAt: now,
    updatedAt: now,
    ...parts,
  };
}

const open = (role: 'consumer' | 'provider', state: 'REQUESTED' | 'OFFERED' | 'ACCEPTED'): Negotiation => ({
  role,
  state,
  ...pids,
  offer,
  pending: null,
});

const handling = (parts: Partial<Handling>, rules: Partial<NegotiationRules> = {}): Handling => ({
  ...plainHandling,
  ...parts,
  rules: { ...plainRules, ...rules },
});
const compared = (kind: Comparison['kind']): Comparison => ({ kind, detail: kind === 'same' ? '' : 'It differs.' });

const said = (negotiation: Negotiation, parts: Partial<NegotiationRecord> = {}) => {
  const next = strategy.next(record(negotiation, parts), now);
  return next === null
    ? null
    : next.move === 'hold' || next.move === 'termination'
      ? `${next.move} ${next.code}`
      : next.move;
};

describe('a provider that was asked', () => {
  const answer = offer;
  test.each<[string, Partial<NegotiationRecord>, string]>([
    ['for its offer', {}, 'agreement'],
    [
      'for its offer, by somebody whom the policy denies it',
      { decision: decision('deny') },
      'termination policy.denied',
    ],
    ['for terms that were not decided on', { decision: null }, 'hold other-terms'],
    ['within bounds', { handling: handling({ comparison: compared('within-bounds') }) }, 'agreement'],
    [
      'for its offer, where a person decides',
      { handling: handling({ comparison: compared('same') }, { repeated: 'hold' }) },
      'hold rule',
    ],
    [
      'for what the policy denies, where a person decides',
      { decision: decision('deny'), handling: handling({ comparison: compared('same') }, { repeated: 'hold' }) },
      'termination policy.denied',
    ],
    ['for other terms', { decision: null, handling: handling({ comparison: compared('other') }) }, 'hold other-terms'],
    [
      'for other terms, where it counters',
      { handling: handling({ comparison: compared('other'), answer }, { otherTerms: 'counter' }) },
      'offer',
    ],
    [
      'for other terms, by somebody who could not meet ours either',
      {
        decision: decision('deny'),
        handling: handling({ comparison: compared('other'), answer }, { otherTerms: 'counter' }),
      },
      'termination policy.denied',
    ],
    [
      'for other terms again, when it has countered',
      { handling: handling({ comparison: compared('other'), answer, counters: 1 }, { otherTerms: 'counter' }) },
      'hold countered-again',
    ],
    [
      'for the terms of one person, where two must approve',
      {
        handling: handling(
          { comparison: compared('same'), personal: true, approvals: [{ by: 'Ann', at: '' }] },
          { approvals: 2 },
        ),
      },
      'hold approval',
    ],
  ])('%s: %s', (_what, parts, expected) => {
    expect(said(open('provider', 'REQUESTED'), parts)).toBe(expected);
  });

  test.each<[string, Partial<NegotiationRecord>, string]>([
    ['agrees', {}, 'agreement'],
    ['terminates where the policy denies it', { decision: decision('deny') }, 'termination policy.denied'],
    ['holds what it could not decide on', { decision: null }, 'hold undecided'],
    ['holds it where a person decides', { handling: handling({}, { repeated: 'hold' }) }, 'hold rule'],
    [
      'agrees when a person has made the offer',
      { handling: handling({ personal: true }, { repeated: 'hold' }) },
      'agreement',
    ],
    ['waits for the second person', { handling: handling({ personal: true }, { approvals: 2 }) }, 'hold approval'],
  ])('whose offer is accepted %s', (_what, parts, expected) => {
    expect(said(open('provider', 'ACCEPTED'), parts)).toBe(expected);
  });
});

describe('a consumer that is offered', () => {
  test.each<[string, Handling, string]>([
    ['what it asked for', handling({ comparison: compared('same') }), 'accepted'],
    ['what it can live with', handling({ comparison: compared('within-bounds') }), 'accepted'],
    [
      'what it asked for, where a person decides',
      handling({ comparison: compared('same') }, { repeated: 'hold' }),
      'hold rule',
    ],
    ['something else', handling({ comparison: compared('other') }), 'hold other-terms'],
    ['what nobody asked for', handling({ unasked: true }), 'hold unasked'],
  ])('%s: %s', (_what, own, expected) => {
    expect(said(open('consumer', 'OFFERED'), { handling: own, decision: null })).toBe(expected);
  });
});

test('two sides that answer every offer with another one come to an end, whatever the rules', () => {
  const lengths = new Map<string, number>();
  const anyRules: fc.Arbitrary<NegotiationRules> = fc.record({
    repeated: fc.constantFrom('agree', 'hold'),
    otherTerms: fc.constantFrom('refuse', 'hold', 'counter'),
    bounds: fc.constant(null),
    approvals: fc.constantFrom(1, 2),
    decideWithin: fc.constant(null),
  });
  const kinds = fc.array(fc.constantFrom<Comparison['kind']>('same', 'within-bounds', 'other', 'other', 'other'), {
    minLength: 40,
    maxLength: 40,
  });
  fc.assert(
    fc.property(anyRules, kinds, fc.boolean(), (rules, comparisons, permits) => {
      const request = {
        type: 'ContractRequestMessage',
        consumerPid: pids.consumerPid,
        callbackAddress: 'https://c.example',
        offer,
      } as const;
      let current = record(admitNegotiation(request, pids.providerPid), {
        decision: decision(permits ? 'permit' : 'deny'),
        handling: handling({ answer: rules.otherTerms === 'counter' ? offer : null }, rules),
      });
      let rounds = 0;
      let last = '';
      for (const kind of comparisons) {
        current = { ...current, handling: { ...(current.handling ?? plainHandling), comparison: compared(kind) } };
        const next = strategy.next(current, now);
        last = next?.move ?? 'nothing';
        if (next?.move !== 'offer') break;
        rounds++;
        // Our offer arrives, and the other side says something else at once.
        const back = { type: 'ContractRequestMessage', ...pids, offer } as const;
        const negotiation = { ...open('provider', 'REQUESTED'), offer: back.offer };
        const { counters, ...rest } = current.handling ?? plainHandling;
        current = { ...current, negotiation, handling: { ...rest, counters: counters + 1 } };
      }
      lengths.set(`${rounds} then ${last}`, (lengths.get(`${rounds} then ${last}`) ?? 0) + 1);
      expect(rounds).toBeLessThanOrEqual(1);
      expect(['hold', 'agreement', 'termination']).toContain(last);
    }),
    { numRuns: 2000 },
  );
  for (const end of ['0 then hold', '0 then agreement', '0 then termination', '1 then hold', '1 then agreement'])
    expect([end, (lengths.get(end) ?? 0) >= 20]).toEqual([end, true]);
});

test('what is said is always a move that the protocol allows, and what is held always has a reason', () => {
  const seen = new Set<string>();
  const states = fc.constantFrom<['consumer' | 'provider', Negotiation['state']]>(
    ...(['consumer', 'provider'] as const).flatMap((role) =>
      (['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED'] as const).map(
        (state) => [role, state] as ['consumer' | 'provider', Negotiation['state']],
      ),
    ),
  );
  const agreement: Agreement = {
    ...offer,
    '@type': 'Agreement',
    '@id': 'urn:a',
    target: 'urn:d',
    assigner: they,
    assignee: we,
    timestamp: '2026-11-23T12:00:00Z',
  };
  const anyHandling: fc.Arbitrary<Handling | null> = fc.option(
    fc.record({
      rules: fc.record({
        repeated: fc.constantFrom<NegotiationRules['repeated']>('agree', 'hold'),
        otherTerms: fc.constantFrom<NegotiationRules['otherTerms']>('refuse', 'hold', 'counter'),
        bounds: fc.constant(null),
        approvals: fc.constantFrom<1 | 2>(1, 2),
        decideWithin: fc.constant(null),
      }),
      unasked: fc.boolean(),
      comparison: fc.option(fc.constantFrom<Comparison['kind']>('same', 'within-bounds', 'other').map(compared)),
      answer: fc.option(fc.constant(offer)),
      counters: fc.nat(2),
      personal: fc.boolean(),
      approvals: fc.array(fc.constantFrom({ by: 'Ann', at: '' }, { by: 'Ben', at: '' }), { maxLength: 2 }),
    }),
  );
  const anyDecision = fc.option(fc.constantFrom<'permit' | 'deny'>('permit', 'deny').map(decision));
  fc.assert(
    fc.property(states, anyHandling, anyDecision, ([role, state], own, decided) => {
      const negotiation = {
        role,
        state,
        ...pids,
        offer,
        pending: null,
        ...(state === 'AGREED' || state === 'VERIFIED' ? { agreement } : {}),
      } as Negotiation;
      const next = strategy.next(record(negotiation, { handling: own, decision: decided }), now);
      seen.add(`${role} ${state} ${next?.move ?? 'nothing'}`);
      if (next === null)
        return expect(allowed(negotiationTable, state, role).filter((m) => m !== 'termination')).toEqual(
          role === 'provider' ? [] : expect.anything(),
        );
      if (next.move === 'hold') return expect(next.text).not.toBe('');
      const sent = must(sendNegotiation(negotiation, next as NegotiationIntent, 'm'));
      return expect(sent.reduce<Negotiation>(evolveNegotiation, negotiation).pending).not.toBeNull();
    }),
    { numRuns: 3000 },
  );
  const moves = [
    'provider REQUESTED agreement',
    'provider REQUESTED offer',
    'provider REQUESTED hold',
    'provider REQUESTED termination',
  ];
  const others = [
    'provider ACCEPTED agreement',
    'provider ACCEPTED hold',
    'provider ACCEPTED termination',
    'provider VERIFIED finalized',
  ];
  const consumers = [
    'consumer OFFERED accepted',
    'consumer OFFERED hold',
    'consumer AGREED verification',
    'consumer REQUESTED nothing',
  ];
  expect([...moves, ...others, ...consumers].filter((cell) => !seen.has(cell))).toEqual([]);
});
