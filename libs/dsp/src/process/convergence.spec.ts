import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMessage, serialize } from '../message/message.codec.js';
import type { ConsumerPid, NegotiationMessage, ProviderPid, TransferMessage } from '../message/message.js';
import type { Agreement, MessageOffer } from '../message/policy.js';
import * as n from './decide-negotiation.js';
import * as t from './decide-transfer.js';
import { evolveNegotiation } from './evolve-negotiation.js';
import { evolveTransfer } from './evolve-transfer.js';
import { type Negotiation, type NegotiationIntent, type NegotiationStep, negotiationMoveOf } from './negotiation.js';
import { negotiationTable } from './negotiation.machine.js';
import { allowed, other, type Role, type Table } from './table.js';
import { type Transfer, type TransferIntent, type TransferStep, transferMoveOf } from './transfer.js';
import { transferTable } from './transfer.machine.js';
import { Coverage, type Driver, opCount, opOf, type SimulatedProcess, TwoPeers } from './two-peers.fixtures.js';

const callbackAddress = 'https://peer.example/dsp';
const offer = (id: string): MessageOffer => ({
  '@id': id,
  '@type': 'Offer',
  target: 'urn:d',
  permission: [{ action: 'use' }],
});
const agreement = (id: string): Agreement => ({
  '@id': id,
  '@type': 'Agreement',
  target: 'urn:d',
  assigner: 'did:web:p.example',
  assignee: 'did:web:c.example',
  timestamp: '2026-01-31T12:00:00Z',
  permission: [{ action: 'use' }],
});

/** Termination is one choice of many, otherwise hardly any run reaches the later states. */
function chosen<V extends string>(moves: readonly V[], choice: number): V | null {
  const others = moves.filter((move) => move !== 'termination');
  if (moves.includes('termination' as V) && choice % 6 === 0) return 'termination' as V;
  return others[choice % Math.max(others.length, 1)] ?? null;
}

/** The simulation parses bytes a million times; the schemas are tested elsewhere, so each text is parsed once. */
function remembered<M>(parse: (bytes: string) => M): (bytes: string) => M {
  const known = new Map<string, M>();
  return (bytes) => {
    const message = known.get(bytes) ?? parse(bytes);
    known.set(bytes, message);
    return message;
  };
}

function intentOf(move: string, id: string): NegotiationIntent & TransferIntent {
  return { move, code: id, reason: [], offer: offer(id), agreement: agreement(id), dataAddress: null } as never;
}

const negotiations: Driver<Negotiation, NegotiationMessage> = {
  initiate: (opener, ids) =>
    n.initiateNegotiation(
      opener === 'consumer'
        ? { type: 'ContractRequestMessage', consumerPid: ids() as ConsumerPid, callbackAddress, offer: offer('urn:o') }
        : { type: 'ContractOfferMessage', providerPid: ids() as ProviderPid, callbackAddress, offer: offer('urn:o') },
      ids(),
    ),
  admit: (message, ownPid) => n.admitNegotiation(message as never, ownPid),
  isOpening: (message) => 'callbackAddress' in message,
  say: (process, choice, id) => {
    const move = chosen(allowed(negotiationTable, process.state, process.role), choice);
    return move && n.sendNegotiation(process, intentOf(move, id), id);
  },
  receive: (process, message) => n.receiveNegotiation(process, message as NegotiationStep),
  acknowledged: n.acknowledgedNegotiation,
  refused: (process, id) => n.refusedNegotiation(process, id, 'refused'),
  evolve: (process, event) => evolveNegotiation(process, event as never),
  serialize: (message, id) => JSON.stringify(serialize(message, id)),
  parse: remembered((bytes) => {
    const body = JSON.parse(bytes) as JsonObject;
    return must(parseMessage(body['@type'] as NegotiationMessage['type'], body));
  }),
  moveOf: negotiationMoveOf,
};

const transfers: Driver<Transfer, TransferMessage> = {
  initiate: (_, ids) =>
    t.initiateTransfer(
      {
        type: 'TransferRequestMessage',
        consumerPid: ids() as ConsumerPid,
        callbackAddress,
        agreementId: 'urn:a',
        format: 'HttpData-PULL',
        dataAddress: null,
      },
      ids(),
    ),
  admit: (message, ownPid) => t.admitTransfer(message as never, ownPid),
  isOpening: (message) => message.type === 'TransferRequestMessage',
  say: (process, choice, id) => {
    const move = chosen(allowed(transferTable, process.state, process.role), choice);
    return move && t.sendTransfer(process, intentOf(move, id), id);
  },
  receive: (process, message) => t.receiveTransfer(process, message as TransferStep),
  acknowledged: t.acknowledgedTransfer,
  refused: (process, id) => t.refusedTransfer(process, id, 'refused'),
  evolve: (process, event) => evolveTransfer(process, event as never),
  serialize: (message, id) => JSON.stringify(serialize(message, id)),
  parse: remembered((bytes) => {
    const body = JSON.parse(bytes) as JsonObject;
    return must(parseMessage(body['@type'] as TransferMessage['type'], body));
  }),
  moveOf: transferMoveOf,
};

const ops = fc.array(fc.nat(opCount - 1), { minLength: 10, maxLength: 60, size: 'max' });
const runs = 20_000;

function converges<P extends SimulatedProcess, M>(
  driver: Driver<P, M>,
  openers: readonly Role[],
  coverage: Coverage,
  inbox = true,
): fc.IProperty<unknown[]> {
  return fc.property(ops, fc.constantFrom(...openers), fc.nat(30), (steps, opener, luck) => {
    const peers = new TwoPeers(driver, coverage, { opener, peerRefuses: luck === 0, inbox });
    for (const code of steps) peers.apply(opOf(code));
    peers.heal();
    const [here, there] = [peers.view(opener), peers.view(other(opener))];
    coverage.add(`end ${here?.state}`);
    if (here?.pending !== null) throw new Error('something is still pending');
    const alike =
      luck === 0 ? here.state === 'REFUSED' && there === null : isDeepStrictEqual(shared(here), shared(there));
    if (!alike) throw new Error(`here ${JSON.stringify(here)}, there ${JSON.stringify(there)}`);
  });
}

/**
 * What both sides must see alike: state, agreement, addresses, who ended it and why. Not the point of view; and not the
 * offer of a terminated negotiation, since a termination may cross the last counter-offer.
 */
function shared(view: SimulatedProcess | null): unknown {
  return { ...view, role: null, ...(view?.state === 'TERMINATED' ? { offer: null } : {}) };
}

function report(name: string, coverage: Coverage, table: Table<string, string>): readonly string[] {
  const reachable = Object.keys(table).flatMap((state) =>
    (['consumer', 'provider'] as const).flatMap((receiver) =>
      state === 'INITIAL' ? [] : allowed(table, state, other(receiver)).map((m) => `${receiver} ${state} ${m} applied`),
    ),
  );
  const ends = [...coverage.counts].filter(([key]) => key.startsWith('end ')).map(([key, count]) => `${key} ${count}`);
  const facts = [
    ' applied',
    ' implied',
    ' busy',
    'illegal-transition',
    ' overtaken',
    'withdrawn refused',
    'repeat',
    'crash',
  ];
  const counts = facts.map((fact) => `${fact.trim()} ${coverage.of(fact)}`);
  const unseen = reachable.filter((cell) => !coverage.counts.has(cell));
  process.stdout.write(
    `  ${name}: ${runs} runs; ${counts.join(', ')}; ${ends.join(', ')}; cells ${reachable.length - unseen.length} of ${reachable.length}\n`,
  );
  return unseen;
}

describe('two peers over a link that loses, repeats, delays and reorders', () => {
  test('end a negotiation in the same state with the same agreement', () => {
    const coverage = new Coverage();
    fc.assert(converges(negotiations, ['consumer', 'consumer', 'provider'], coverage), { numRuns: runs });
    expect(report('negotiation', coverage, negotiationTable)).toEqual([]);
    for (const fact of [' implied', ' busy', ' overtaken', 'repeat', 'crash', 'end FINALIZED'])
      expect([fact, coverage.of(fact) >= runs / 200]).toEqual([fact, true]);
  });

  test('end a transfer in the same state', () => {
    const coverage = new Coverage();
    fc.assert(converges(transfers, ['consumer'], coverage), { numRuns: runs });
    expect(report('transfer', coverage, transferTable)).toEqual([]);
    for (const fact of [' implied', ' busy', ' overtaken', 'repeat', 'crash', 'end COMPLETED', 'withdrawn refused'])
      expect([fact, coverage.of(fact) >= runs / 200]).toEqual([fact, true]);
  });

  test('would not converge without an inbox, so the simulation can fail', () => {
    const outcome = fc.check(converges(negotiations, ['consumer'], new Coverage(), false), { numRuns: runs });
    expect(outcome.failed).toBe(true);
  });
});
