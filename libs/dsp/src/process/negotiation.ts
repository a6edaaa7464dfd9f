import { assertNever } from '@hansa/kernel';
import type {
  ConsumerPid,
  ContractNegotiation,
  InitialContractOffer,
  InitialContractRequest,
  NegotiationMessage,
  Pids,
  ProviderPid,
  Reason,
} from '../message/message.js';
import type { Agreement, MessageOffer } from '../message/policy.js';
import type { NegotiationMove } from './negotiation.machine.js';
import type { Cause, Pending, ProcessEvent } from './process.js';
import type { Role } from './table.js';

/** The message that begins a negotiation. */
export type NegotiationOpening = InitialContractRequest | InitialContractOffer;
/** Every later message; it names both pids. */
export type NegotiationStep = Exclude<NegotiationMessage, NegotiationOpening>;

interface Common {
  readonly role: Role;
  /** The offer on the table: the last one that both sides know. */
  readonly offer: MessageOffer;
  /** Our message in flight; at most one. */
  readonly pending: Pending<NegotiationMessage> | null;
}
interface Settled extends Common {
  readonly pending: null;
}
type OwnPid =
  | { readonly role: 'consumer'; readonly consumerPid: ConsumerPid }
  | { readonly role: 'provider'; readonly providerPid: ProviderPid };

/** Our opening message is under way; the peer's pid is unknown. */
export type InitialNegotiation = Common &
  OwnPid & { readonly state: 'INITIAL'; readonly pending: Pending<NegotiationOpening> };
/** The peer refused our opening message: there never was a negotiation on its side. */
export type RefusedNegotiation = Settled & OwnPid & { readonly state: 'REFUSED'; readonly detail: string };
export interface OpenNegotiation extends Common, Pids {
  readonly state: 'REQUESTED' | 'OFFERED' | 'ACCEPTED';
}
export interface AgreedNegotiation extends Common, Pids {
  readonly state: 'AGREED' | 'VERIFIED';
  readonly agreement: Agreement;
}
export interface FinalizedNegotiation extends Settled, Pids {
  readonly state: 'FINALIZED';
  readonly agreement: Agreement;
}
export interface TerminatedNegotiation extends Settled, Pids {
  readonly state: 'TERMINATED';
  readonly termination: Cause;
}

/** One side's view of a contract negotiation; each state has exactly its data. Plain JSON, fit to be stored as it is. */
export type Negotiation =
  | InitialNegotiation
  | RefusedNegotiation
  | OpenNegotiation
  | AgreedNegotiation
  | FinalizedNegotiation
  | TerminatedNegotiation;

export type NegotiationEvent = ProcessEvent<Negotiation['state'], NegotiationMessage>;

/** What we want to say next; the pids are filled in from the negotiation. */
export type NegotiationIntent =
  | { readonly move: 'request' | 'offer'; readonly offer: MessageOffer }
  | { readonly move: 'agreement'; readonly agreement: Agreement }
  | { readonly move: 'accepted' | 'verification' | 'finalized' }
  | ({ readonly move: 'termination' } & Reason);

/** What a message says, in the words of the table. */
export function negotiationMoveOf(message: NegotiationMessage): NegotiationMove {
  switch (message.type) {
    case 'ContractRequestMessage':
      return 'request';
    case 'ContractOfferMessage':
      return 'offer';
    case 'ContractAgreementMessage':
      return 'agreement';
    case 'ContractAgreementVerificationMessage':
      return 'verification';
    case 'ContractNegotiationEventMessage':
      return message.eventType === 'ACCEPTED' ? 'accepted' : 'finalized';
    case 'ContractNegotiationTerminationMessage':
      return 'termination';
    default:
      return assertNever(message);
  }
}

/** The message for an intent, with the pids filled in. */
export function negotiationMessageOf(intent: NegotiationIntent, pids: Pids): NegotiationMessage {
  switch (intent.move) {
    case 'request':
      return { type: 'ContractRequestMessage', ...pids, offer: intent.offer };
    case 'offer':
      return { type: 'ContractOfferMessage', ...pids, offer: intent.offer };
    case 'accepted':
      return { type: 'ContractNegotiationEventMessage', ...pids, eventType: 'ACCEPTED' };
    case 'agreement':
      return { type: 'ContractAgreementMessage', ...pids, agreement: intent.agreement };
    case 'verification':
      return { type: 'ContractAgreementVerificationMessage', ...pids };
    case 'finalized':
      return { type: 'ContractNegotiationEventMessage', ...pids, eventType: 'FINALIZED' };
    case 'termination':
      return { type: 'ContractNegotiationTerminationMessage', ...pids, code: intent.code, reason: intent.reason };
    default:
      return assertNever(intent);
  }
}

/** The negotiation as the peer may see it (answer to an opening message and to GET); null before the peer knows it. */
export function negotiationView(negotiation: Negotiation): ContractNegotiation | null {
  if (negotiation.state === 'INITIAL' || negotiation.state === 'REFUSED') return null;
  const { consumerPid, providerPid, state } = negotiation;
  return { type: 'ContractNegotiation', consumerPid, providerPid, state };
}
