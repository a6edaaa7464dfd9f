import { type JsonObject, must } from '@hansa/kernel';
import { parseMessage, serialize } from '../../message/message.codec.js';
import type { ConsumerPid, NegotiationMessage, Pids, ProviderPid, TransferMessage } from '../../message/message.js';
import type { Agreement, MessageOffer } from '../../message/policy.js';
import * as n from '../decide-negotiation.js';
import * as t from '../decide-transfer.js';
import { evolveNegotiation } from '../evolve-negotiation.js';
import { evolveTransfer } from '../evolve-transfer.js';
import {
  type Negotiation,
  type NegotiationIntent,
  type NegotiationStep,
  negotiationMessageOf,
  negotiationMoveOf,
} from '../negotiation.js';
import { negotiationTable } from '../negotiation.machine.js';
import {
  type Transfer,
  type TransferIntent,
  type TransferStep,
  transferMessageOf,
  transferMoveOf,
} from '../transfer.js';
import { transferTable } from '../transfer.machine.js';
import type { AnyDriver, Driver } from './driver.fixtures.js';

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

/** Each message says something that no other message says. */
function intentOf(move: string, id: string): NegotiationIntent & TransferIntent {
  return { move, code: id, reason: [], offer: offer(id), agreement: agreement(id), dataAddress: null } as never;
}

/** The simulation parses bytes a million times; the schemas are tested elsewhere, so each text is parsed once. */
function remembered<M>(): (bytes: string) => M {
  const known = new Map<string, M>();
  return (bytes) => {
    const old = known.get(bytes);
    if (old) return old;
    const body = JSON.parse(bytes) as JsonObject;
    const message = must(parseMessage(body['@type'] as 'ContractRequestMessage', body)) as M;
    known.set(bytes, message);
    return message;
  };
}

function pidsOf(process: Partial<Pids>, foreign: boolean): Pids {
  const { consumerPid = 'urn:forged', providerPid = 'urn:forged' } = process;
  return { consumerPid, providerPid: foreign ? 'urn:foreign' : providerPid } as Pids;
}

const negotiationDriver: Driver<Negotiation, NegotiationMessage> = {
  name: 'negotiation',
  table: negotiationTable,
  moves: ['request', 'offer', 'accepted', 'agreement', 'verification', 'finalized', 'termination'],
  openers: ['consumer', 'provider'],
  initiate: (opener, ids) =>
    n.initiateNegotiation(
      opener === 'consumer'
        ? { type: 'ContractRequestMessage', consumerPid: ids() as ConsumerPid, callbackAddress, offer: offer('urn:o') }
        : { type: 'ContractOfferMessage', providerPid: ids() as ProviderPid, callbackAddress, offer: offer('urn:o') },
      ids(),
    ),
  admit: (message, ownPid) => n.admitNegotiation(message as never, ownPid),
  isOpening: (message) => 'callbackAddress' in message,
  say: (process, move, id) => n.sendNegotiation(process, intentOf(move, id), id),
  forge: (process, move, foreign) => negotiationMessageOf(intentOf(move, 'urn:forged'), pidsOf(process, foreign)),
  receive: (process, message) => n.receiveNegotiation(process, message as NegotiationStep),
  acknowledged: n.acknowledgedNegotiation,
  refused: (process, id) => n.refusedNegotiation(process, id, 'refused'),
  evolve: (process, event) => evolveNegotiation(process, event as never),
  serialize: (message, id) => JSON.stringify(serialize(message, id)),
  parse: remembered(),
  moveOf: negotiationMoveOf,
};

const transferDriver: Driver<Transfer, TransferMessage> = {
  name: 'transfer',
  table: transferTable,
  moves: ['request', 'start', 'suspension', 'completion', 'termination'],
  openers: ['consumer'],
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
  say: (process, move, id) => t.sendTransfer(process, intentOf(move, id), id),
  forge: (process, move, foreign) =>
    move === 'request'
      ? ({ type: 'TransferRequestMessage', ...pidsOf(process, foreign) } as Partial<TransferMessage> as TransferMessage)
      : transferMessageOf(intentOf(move, 'urn:forged'), pidsOf(process, foreign)),
  receive: (process, message) => t.receiveTransfer(process, message as TransferStep),
  acknowledged: t.acknowledgedTransfer,
  refused: (process, id) => t.refusedTransfer(process, id, 'refused'),
  evolve: (process, event) => evolveTransfer(process, event as never),
  serialize: (message, id) => JSON.stringify(serialize(message, id)),
  parse: remembered(),
  moveOf: transferMoveOf,
};

/** The simulation treats both protocols alike; what it gives back to a driver is only what it got from it. */
export const negotiations = negotiationDriver as unknown as AnyDriver;
export const transfers = transferDriver as unknown as AnyDriver;
