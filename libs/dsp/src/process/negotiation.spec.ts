import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import type { ConsumerPid, ContractRequestMessage, Pids, ProviderPid } from '../message/message.js';
import type { Agreement, MessageOffer } from '../message/policy.js';
import {
  acknowledgedNegotiation,
  admitNegotiation,
  initiateNegotiation,
  receiveNegotiation,
  refusedNegotiation,
  sendNegotiation,
} from './decide-negotiation.js';
import { evolveNegotiation } from './evolve-negotiation.js';
import {
  type Negotiation,
  type NegotiationIntent,
  type NegotiationStep,
  negotiationMessageOf,
  negotiationView,
} from './negotiation.js';
import type { Role } from './table.js';

const pids: Pids = { consumerPid: 'urn:c' as ConsumerPid, providerPid: 'urn:p' as ProviderPid };
const offer: MessageOffer = { '@id': 'urn:o', '@type': 'Offer', target: 'urn:d', permission: [{ action: 'use' }] };
const agreement: Agreement = {
  '@id': 'urn:a',
  '@type': 'Agreement',
  target: 'urn:d',
  assigner: 'did:web:p.example',
  assignee: 'did:web:c.example',
  timestamp: '2026-01-31T12:00:00Z',
  permission: [{ action: 'use' }],
};
const request: ContractRequestMessage & { callbackAddress: string } = {
  type: 'ContractRequestMessage',
  consumerPid: pids.consumerPid,
  callbackAddress: 'https://c.example/dsp',
  offer,
};
const intents = {
  request: { move: 'request', offer },
  offer: { move: 'offer', offer },
  accepted: { move: 'accepted' },
  agreement: { move: 'agreement', agreement },
  verification: { move: 'verification' },
  finalized: { move: 'finalized' },
  termination: { move: 'termination', code: 'x', reason: ['enough'] },
} as const satisfies Record<string, NegotiationIntent>;
type Move = keyof typeof intents;

function message(move: Move): NegotiationStep {
  return negotiationMessageOf(intents[move], pids) as NegotiationStep;
}

function at(role: Role, state: Exclude<Negotiation['state'], 'INITIAL' | 'REFUSED'>): Negotiation {
  const common = { role, ...pids, offer, pending: null };
  if (state === 'TERMINATED') return { ...common, state, termination: { by: role, code: null, reason: [] } };
  return state === 'AGREED' || state === 'VERIFIED' || state === 'FINALIZED'
    ? { ...common, state, agreement }
    : { ...common, state };
}

function sending(from: Negotiation, move: Move): Negotiation {
  return must(sendNegotiation(from, intents[move], 'm1')).reduce<Negotiation>(evolveNegotiation, from);
}

function applied(from: Negotiation, result: ReturnType<typeof receiveNegotiation>): Negotiation {
  return must(result).reduce(evolveNegotiation, from);
}

// Written out from the specification's state machine and its message descriptions, not from our table.
const cells: Record<string, Partial<Record<Move, readonly [by: string, next: string]>>> = {
  REQUESTED: { offer: ['P', 'OFFERED'], agreement: ['P', 'AGREED'], termination: ['CP', 'TERMINATED'] },
  OFFERED: { request: ['C', 'REQUESTED'], accepted: ['C', 'ACCEPTED'], termination: ['CP', 'TERMINATED'] },
  ACCEPTED: { agreement: ['P', 'AGREED'], termination: ['CP', 'TERMINATED'] },
  AGREED: { verification: ['C', 'VERIFIED'], termination: ['CP', 'TERMINATED'] },
  VERIFIED: { finalized: ['P', 'FINALIZED'], termination: ['CP', 'TERMINATED'] },
  FINALIZED: {},
  TERMINATED: {},
};

describe('every state, message and role of a negotiation', () => {
  const rows = Object.keys(cells).flatMap((state) =>
    (Object.keys(intents) as Move[]).flatMap((move) =>
      (['consumer', 'provider'] as const).map((sender) => [state, move, sender] as const),
    ),
  );

  test.each(rows)('%s: %s from the %s', (state, move, sender) => {
    const receiver = sender === 'consumer' ? 'provider' : 'consumer';
    const [by, next] = cells[state]?.[move] ?? ['', ''];
    const receiving = at(receiver, state as 'REQUESTED');
    const received = receiveNegotiation(receiving, message(move));
    const sent = sendNegotiation(at(sender, state as 'REQUESTED'), intents[move], 'm1');
    if (by.includes(sender === 'consumer' ? 'C' : 'P')) {
      expect(applied(receiving, received)).toMatchObject({ state: next, role: receiver, pending: null });
      expect(must(sent)).toEqual([{ kind: 'sent', id: 'm1', message: message(move) }]);
    } else {
      const problem = { kind: 'negotiation.illegal-transition', detail: expect.stringContaining(state) };
      expect([received, sent]).toMatchObject([{ problem }, { problem }]);
    }
  });

  test('a refusal names the state, the message and what is allowed', () => {
    const detailOf = (state: 'OFFERED' | 'FINALIZED' | 'AGREED', move: Move): string => {
      const result = receiveNegotiation(at('provider', state), message(move));
      return result.ok ? '' : result.problem.detail;
    };
    expect(detailOf('OFFERED', 'verification')).toBe(
      'The consumer cannot send "verification" in state OFFERED: allowed: request, accepted, termination.',
    );
    expect(detailOf('FINALIZED', 'termination')).toContain('this state is final');
  });
});

describe('a negotiation that we open', () => {
  const initial = initiateNegotiation(request, 'm0');

  test('does not know the provider before it answers', () => {
    expect(initial).toMatchObject({ state: 'INITIAL', role: 'consumer', pending: { id: 'm0' } });
    expect('providerPid' in initial).toBe(false);
    expect(negotiationView(initial)).toBeNull();
    expect(sendNegotiation(initial, intents.termination, 'm1')).toMatchObject({
      problem: { kind: 'negotiation.message-pending' },
    });
  });

  test('is requested once the provider has acknowledged', () => {
    const requested = must(acknowledgedNegotiation(initial, 'm0', pids)).reduce<Negotiation>(
      evolveNegotiation,
      initial,
    );
    expect(requested).toEqual(at('consumer', 'REQUESTED'));
    expect(negotiationView(requested)).toEqual({ type: 'ContractNegotiation', ...pids, state: 'REQUESTED' });
    expect(acknowledgedNegotiation(requested, 'm0', pids)).toEqual({ ok: true, value: [] });
  });

  test('learns the provider from its next message when that is faster than the answer', () => {
    expect(applied(initial, receiveNegotiation(initial, message('agreement')))).toEqual(at('consumer', 'AGREED'));
    expect(applied(initial, receiveNegotiation(initial, message('offer')))).toEqual(at('consumer', 'OFFERED'));
  });

  test('needs the pid in the answer, and its own pid unchanged', () => {
    const mismatch = { ok: false, problem: { kind: 'negotiation.pid-mismatch' } };
    expect(acknowledgedNegotiation(initial, 'm0', null)).toMatchObject(mismatch);
    const foreign = { ...pids, consumerPid: 'urn:other' as ConsumerPid };
    expect(acknowledgedNegotiation(initial, 'm0', foreign)).toMatchObject(mismatch);
  });

  test('never was one when the provider refuses', () => {
    const refused = refusedNegotiation(initial, 'm0', 'unknown offer').reduce<Negotiation>(evolveNegotiation, initial);
    expect(refused).toMatchObject({ state: 'REFUSED', detail: 'unknown offer', pending: null });
    expect(sendNegotiation(refused, intents.termination, 'm1').ok).toBe(false);
    expect(receiveNegotiation(refused, message('agreement')).ok).toBe(false);
  });
});

describe('a negotiation that we open as the provider', () => {
  const { callbackAddress } = request;
  const opening = { type: 'ContractOfferMessage', providerPid: pids.providerPid, callbackAddress, offer } as const;
  const initial = initiateNegotiation(opening, 'm0');

  test('does not know the consumer before it answers, and is offered then', () => {
    expect(initial).toMatchObject({ state: 'INITIAL', role: 'provider', pending: { id: 'm0' } });
    expect('consumerPid' in initial).toBe(false);
    expect(negotiationView(initial)).toBeNull();
    const events = must(acknowledgedNegotiation(initial, 'm0', pids));
    expect(events.reduce<Negotiation>(evolveNegotiation, initial)).toEqual(at('provider', 'OFFERED'));
  });

  test.each([
    ['accepted', 'ACCEPTED'],
    ['termination', 'TERMINATED'],
  ] as const)('learns the consumer from its %s when that is faster than the answer', (move, state) => {
    expect(applied(initial, receiveNegotiation(initial, message(move)))).toMatchObject({
      ...pids,
      state,
      pending: null,
    });
  });

  test('asks for a counter-offer again that is faster than the answer', () => {
    expect(receiveNegotiation(initial, message('request'))).toMatchObject({ problem: { kind: 'negotiation.busy' } });
  });

  test('needs the pid in the answer, and never was one when the consumer refuses', () => {
    expect(acknowledgedNegotiation(initial, 'm0', null)).toMatchObject({
      problem: { kind: 'negotiation.pid-mismatch' },
    });
    const refused = refusedNegotiation(initial, 'm0', 'no').reduce<Negotiation>(evolveNegotiation, initial);
    expect(refused).toMatchObject({ state: 'REFUSED', detail: 'no', pending: null });
  });

  test.each(['verification', 'finalized', 'agreement', 'offer'] as const)('takes no %s before', (move) => {
    expect(receiveNegotiation(initial, message(move))).toMatchObject({
      problem: { kind: 'negotiation.illegal-transition' },
    });
  });
});

describe('a negotiation that the peer opens', () => {
  test('is requested at the provider, offered at the consumer', () => {
    expect(admitNegotiation(request, 'urn:p')).toEqual(at('provider', 'REQUESTED'));
    const { callbackAddress } = request;
    const opening = { type: 'ContractOfferMessage', providerPid: pids.providerPid, callbackAddress, offer } as const;
    expect(admitNegotiation(opening, 'urn:c')).toEqual(at('consumer', 'OFFERED'));
    // Its kind says who begins, and not which pids it happens to name.
    const both = { ...opening, consumerPid: pids.consumerPid };
    expect(admitNegotiation(both, 'urn:c')).toEqual(at('consumer', 'OFFERED'));
    expect(initiateNegotiation(both, 'm0')).toMatchObject({ role: 'provider', providerPid: 'urn:p' });
  });
});

describe('a message in flight', () => {
  test('moves the state when it is acknowledged, not when it is sent', () => {
    const pending = sending(at('provider', 'REQUESTED'), 'agreement');
    expect(pending).toMatchObject({ state: 'REQUESTED', pending: { id: 'm1' } });
    const agreed = must(acknowledgedNegotiation(pending, 'm1', null)).reduce(evolveNegotiation, pending);
    const swapped = { consumerPid: pids.providerPid, providerPid: pids.consumerPid } as unknown as typeof pids;
    const anyhow = must(acknowledgedNegotiation(pending, 'm1', swapped)).reduce(evolveNegotiation, pending);
    expect(anyhow).toEqual(agreed);
    expect(agreed).toEqual(at('provider', 'AGREED'));
  });

  test('is void when it is refused, and the state stays', () => {
    const pending = sending(at('provider', 'REQUESTED'), 'agreement');
    expect(refusedNegotiation(pending, 'another', 'no')).toEqual([]);
    const back = refusedNegotiation(pending, 'm1', 'no').reduce(evolveNegotiation, pending);
    expect(back).toEqual(at('provider', 'REQUESTED'));
  });

  test('is acknowledged by a message that only makes sense after it', () => {
    const pending = sending(at('provider', 'ACCEPTED'), 'agreement');
    const events = must(receiveNegotiation(pending, message('verification')));
    expect(events.map((event) => event.kind)).toEqual(['acknowledged', 'received']);
    expect(events.reduce(evolveNegotiation, pending)).toEqual(at('provider', 'VERIFIED'));
  });

  test.each([
    ['VERIFIED', 'finalized', 'FINALIZED'],
    ['REQUESTED', 'termination', 'TERMINATED'],
  ] as const)('that crosses a termination in %s: the provider’s %s wins', (state, move, end) => {
    const provider = sending(at('provider', state), move);
    expect(receiveNegotiation(provider, message('termination'))).toMatchObject({
      problem: { kind: 'negotiation.busy' },
    });
    const consumer = sending(at('consumer', state), 'termination');
    const events = must(receiveNegotiation(consumer, message(move)));
    expect(events).toMatchObject([{ kind: 'withdrawn', because: 'overtaken' }, { kind: 'received' }]);
    expect(events.reduce(evolveNegotiation, consumer)).toMatchObject({ state: end, pending: null });
  });

  test('that crosses an agreement is kept by the consumer: it may still terminate', () => {
    const consumer = sending(at('consumer', 'REQUESTED'), 'termination');
    const agreed = applied(consumer, receiveNegotiation(consumer, message('agreement')));
    expect(agreed).toMatchObject({ state: 'AGREED', agreement, pending: { id: 'm1' } });
  });
});

test('a message that names another process is refused', () => {
  const foreign = { ...message('termination'), providerPid: 'urn:other' } as NegotiationStep;
  expect(receiveNegotiation(at('provider', 'REQUESTED'), foreign)).toMatchObject({
    problem: { kind: 'negotiation.pid-mismatch', at: '/providerPid' },
  });
});
