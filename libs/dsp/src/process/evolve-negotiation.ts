import { assertNever } from '@hansa/kernel';
import type { NegotiationMessage, Pids, Reason } from '../message/message.js';
import type { Agreement } from '../message/policy.js';
import type { Negotiation, NegotiationEvent } from './negotiation.js';
import type { Pending } from './process.js';
import { other, type Role } from './table.js';

/** Applies one event. The events come from the functions above; nothing else changes a negotiation. */
export function evolveNegotiation(negotiation: Negotiation, event: NegotiationEvent): Negotiation {
  switch (event.kind) {
    case 'sent':
      return { ...negotiation, pending: { id: event.id, message: event.message } } as Negotiation;
    case 'withdrawn': {
      const settled = { ...negotiation, pending: null };
      return settled.state === 'INITIAL' ? { ...settled, state: 'REFUSED', detail: event.detail } : settled;
    }
    case 'acknowledged':
      return moved(negotiation, { ...event, by: negotiation.role, pending: null });
    case 'received':
      return moved(negotiation, {
        ...event,
        by: other(negotiation.role),
        pids: bothNegotiationPids(negotiation),
        pending: negotiation.pending,
      });
    default:
      return assertNever(event);
  }
}

interface Move {
  readonly message: NegotiationMessage;
  readonly to: Negotiation['state'];
  readonly by: Role;
  readonly pids: Pids;
  readonly pending: Pending<NegotiationMessage> | null;
}

function moved(from: Negotiation, { message, to, by, pids, pending }: Move): Negotiation {
  const common = { role: from.role, ...pids, offer: 'offer' in message ? message.offer : from.offer };
  switch (to) {
    case 'REQUESTED':
    case 'OFFERED':
    case 'ACCEPTED':
      return { ...common, pending, state: to };
    case 'AGREED':
    case 'VERIFIED':
      return { ...common, pending, state: to, agreement: agreementOf(from, message) };
    case 'FINALIZED':
      return { ...common, pending: null, state: to, agreement: agreementOf(from, message) };
    case 'TERMINATED':
      return { ...common, pending: null, state: to, termination: { by, ...reasonOf(message) } };
    default:
      throw new Error(`no message leads to ${to}`);
  }
}

function agreementOf(from: Negotiation, message: NegotiationMessage): Agreement {
  if ('agreement' in message) return message.agreement;
  if ('agreement' in from) return from.agreement;
  throw new Error('a negotiation was agreed without an agreement');
}

function reasonOf(message: NegotiationMessage): Reason {
  return 'reason' in message ? { code: message.code, reason: message.reason } : { code: null, reason: [] };
}

/** Both pids of a negotiation that the peer knows. */
export function bothNegotiationPids(negotiation: Negotiation): Pids {
  if (negotiation.state === 'INITIAL' || negotiation.state === 'REFUSED')
    throw new Error('the peer has not named its pid');
  return { consumerPid: negotiation.consumerPid, providerPid: negotiation.providerPid };
}
