import type { Brand, Json } from '@hansa/kernel';
import type { NegotiationState, TransferState } from '../vocabulary.js';
import type { Agreement, MessageOffer } from './policy.js';

/** The consumer's name for a process. Any non-empty string; ours are URNs. */
export type ConsumerPid = Brand<string, 'ConsumerPid'>;
/** The provider's name for a process. Any non-empty string; ours are URNs. */
export type ProviderPid = Brand<string, 'ProviderPid'>;

/** One process as both sides know it. */
export interface Pids {
  readonly consumerPid: ConsumerPid;
  readonly providerPid: ProviderPid;
}

/** Why something ended, paused or failed. `code` is the sender's; `reason` is usually text for people. */
export interface Reason {
  readonly code: string | null;
  readonly reason: readonly Json[];
}

/** Where the data are fetched from (pull) or brought to (push) (DSP 2025-1, Transfer Process Protocol). */
export interface DataAddress {
  readonly endpointType: string;
  readonly endpoint: string | null;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

interface Typed<T extends string> {
  readonly type: T;
}

/** The first request of a negotiation: it names where the provider's messages shall go. */
export interface InitialContractRequest extends Typed<'ContractRequestMessage'> {
  readonly consumerPid: ConsumerPid;
  readonly callbackAddress: string;
  readonly offer: MessageOffer;
  /** The agreement that the new one shall take the place of; see `supersedesTerm`. */
  readonly supersedes?: string;
}
/** A counter-offer of the consumer inside a negotiation. */
export interface CounterContractRequest extends Typed<'ContractRequestMessage'>, Pids {
  readonly offer: MessageOffer;
}
/** The first offer of a negotiation that the provider begins. */
export interface InitialContractOffer extends Typed<'ContractOfferMessage'> {
  readonly providerPid: ProviderPid;
  readonly callbackAddress: string;
  readonly offer: MessageOffer;
}
export interface CounterContractOffer extends Typed<'ContractOfferMessage'>, Pids {
  readonly offer: MessageOffer;
}
export type ContractRequestMessage = InitialContractRequest | CounterContractRequest;
export type ContractOfferMessage = InitialContractOffer | CounterContractOffer;
export interface ContractAgreementMessage extends Typed<'ContractAgreementMessage'>, Pids {
  readonly agreement: Agreement;
}
export interface ContractAgreementVerificationMessage extends Typed<'ContractAgreementVerificationMessage'>, Pids {}
export interface ContractNegotiationEventMessage extends Typed<'ContractNegotiationEventMessage'>, Pids {
  readonly eventType: 'ACCEPTED' | 'FINALIZED';
}
export interface ContractNegotiationTerminationMessage
  extends Typed<'ContractNegotiationTerminationMessage'>,
    Pids,
    Reason {}
/** The answer to an opening message, and to GET (DSP 2025-1, Contract Negotiation Protocol). */
export interface ContractNegotiation extends Typed<'ContractNegotiation'>, Pids {
  readonly state: NegotiationState;
}

export interface TransferRequestMessage extends Typed<'TransferRequestMessage'> {
  readonly consumerPid: ConsumerPid;
  readonly callbackAddress: string;
  readonly agreementId: string;
  readonly format: string;
  /** Where to push to; null for a pull. */
  readonly dataAddress: DataAddress | null;
}
export interface TransferStartMessage extends Typed<'TransferStartMessage'>, Pids {
  /** Where to pull from; null for a push, and when the consumer resumes. */
  readonly dataAddress: DataAddress | null;
}
export interface TransferSuspensionMessage extends Typed<'TransferSuspensionMessage'>, Pids, Reason {}
export interface TransferCompletionMessage extends Typed<'TransferCompletionMessage'>, Pids {}
export interface TransferTerminationMessage extends Typed<'TransferTerminationMessage'>, Pids, Reason {}
export interface TransferProcess extends Typed<'TransferProcess'>, Pids {
  readonly state: TransferState;
}

export interface CatalogRequestMessage extends Typed<'CatalogRequestMessage'> {
  readonly filter: readonly Json[];
}

/** Error bodies never change a state (DSP 2025-1, Contract Negotiation Protocol). */
export interface ContractNegotiationError extends Typed<'ContractNegotiationError'>, Pids, Reason {}
export interface TransferError extends Typed<'TransferError'>, Pids, Reason {}
export interface CatalogError extends Typed<'CatalogError'>, Reason {}

export type NegotiationMessage =
  | ContractRequestMessage
  | ContractOfferMessage
  | ContractAgreementMessage
  | ContractAgreementVerificationMessage
  | ContractNegotiationEventMessage
  | ContractNegotiationTerminationMessage;

export type TransferMessage =
  | TransferRequestMessage
  | TransferStartMessage
  | TransferSuspensionMessage
  | TransferCompletionMessage
  | TransferTerminationMessage;

/** Everything that travels as a typed DSP body, apart from catalogues and datasets. */
export type Message =
  | NegotiationMessage
  | TransferMessage
  | ContractNegotiation
  | TransferProcess
  | CatalogRequestMessage
  | ContractNegotiationError
  | TransferError
  | CatalogError;
export type MessageType = Message['type'];
export type MessageOf<T extends MessageType> = Extract<Message, { readonly type: T }>;
