import { ok, type Problem, type Result } from '@hansa/kernel';
import type { ConsumerPid, NegotiationMessage, Pids, ProviderPid } from '../message/message.js';
import { bothNegotiationPids } from './evolve-negotiation.js';
import {
  type InitialNegotiation,
  type Negotiation,
  type NegotiationEvent,
  type NegotiationIntent,
  type NegotiationOpening,
  type NegotiationStep,
  negotiationMessageOf,
  negotiationMoveOf,
  type OpenNegotiation,
} from './negotiation.js';
import { type NegotiationMove, negotiationTable } from './negotiation.machine.js';
import {
  acknowledgeStep,
  type Protocol,
  type ReceiveProblem,
  receiveStep,
  refuseStep,
  type SendProblem,
  sendStep,
} from './process.js';

const protocol: Protocol<'negotiation', Negotiation['state'], NegotiationMove, NegotiationMessage> = {
  name: 'negotiation',
  table: negotiationTable,
  moveOf: negotiationMoveOf,
};

/**
 * Begins a negotiation on our side: the opening message is in flight under `id`.
 *
 * @example
 * const n = initiateNegotiation({ type: 'ContractRequestMessage', consumerPid, callbackAddress, offer }, id);
 */
export function initiateNegotiation(message: NegotiationOpening, id: string): InitialNegotiation {
  const common = { state: 'INITIAL', offer: message.offer, pending: { id, message } } as const;
  return message.type === 'ContractRequestMessage'
    ? { ...common, role: 'consumer', consumerPid: message.consumerPid }
    : { ...common, role: 'provider', providerPid: message.providerPid };
}

/** Begins a negotiation that the peer opened: a request for a provider, an offer for a consumer. `ownPid` is new. */
export function admitNegotiation(message: NegotiationOpening, ownPid: string): OpenNegotiation {
  const common = { offer: message.offer, pending: null };
  if (message.type === 'ContractRequestMessage')
    return {
      ...common,
      role: 'provider',
      state: negotiationTable.INITIAL.request[1],
      consumerPid: message.consumerPid,
      providerPid: ownPid as ProviderPid,
    };
  return {
    ...common,
    role: 'consumer',
    state: negotiationTable.INITIAL.offer[1],
    consumerPid: ownPid as ConsumerPid,
    providerPid: message.providerPid,
  };
}

/**
 * The peer's message arrives. Repeats are the caller's inbox's business: they get the stored answer, not this.
 *
 * @returns the events to `evolve` by; or `negotiation.illegal-transition`, `negotiation.pid-mismatch` (both final), or
 *   `negotiation.busy`: the messages crossed, the peer shall repeat its own later.
 * @example
 * const events = receiveNegotiation(n, message);
 * if (events.ok) n = events.value.reduce(evolveNegotiation, n);
 */
export function receiveNegotiation(
  negotiation: Negotiation,
  message: NegotiationStep,
): Result<readonly NegotiationEvent[], ReceiveProblem<'negotiation'>> {
  return receiveStep(protocol, negotiation, message);
}

/**
 * Decides our next message. It is then in flight (`pending`) and the state stays as it is until the peer acknowledges.
 *
 * @param id the `@id` for the wire; freeze the bytes of `serialize(message, id)` together with the event.
 * @returns one `sent` event with the complete message; or `negotiation.illegal-transition`,
 *   `negotiation.message-pending`.
 */
export function sendNegotiation(
  negotiation: Negotiation,
  intent: NegotiationIntent,
  id: string,
): Result<readonly [NegotiationEvent & { readonly kind: 'sent' }], SendProblem<'negotiation'>> {
  const legal = sendStep(protocol, negotiation, intent.move);
  if (!legal.ok) return legal;
  return ok([{ kind: 'sent', id, message: negotiationMessageOf(intent, bothNegotiationPids(negotiation)) }]);
}

/**
 * The peer answered the message `id` with success. Late answers to messages no longer in flight give no events.
 *
 * @param answer the pids of the `ContractNegotiation` in the answer; needed for an opening message only.
 */
export function acknowledgedNegotiation(
  negotiation: Negotiation,
  id: string,
  answer: Pids | null,
): Result<readonly NegotiationEvent[], Problem<'negotiation.pid-mismatch'>> {
  return acknowledgeStep(protocol, negotiation, id, answer);
}

/** The peer answered the message `id` with a final refusal: a 4xx that a repeat cannot change. */
export function refusedNegotiation(negotiation: Negotiation, id: string, detail: string): readonly NegotiationEvent[] {
  return refuseStep(negotiation, id, detail);
}
