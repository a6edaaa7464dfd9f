export {
  type CatalogDescription,
  catalog,
  type DatasetDescription,
  dataset,
} from './catalog/catalog.js';
export { type FilterCondition, parseFilter, serializeFilter } from './catalog/filter.js';
export {
  type BrokenDataset,
  type ListedDataset,
  type ListedDistribution,
  type ParsedCatalog,
  parseCatalog,
  parseDataset,
} from './catalog/parse-catalog.js';
export { baseOf, didService, versionDocument } from './catalog/version.js';
export { messageUrl } from './message/address.js';
export { edcNamespace } from './message/data-address.js';
export { catalogError, contractNegotiationError, type ErrorText, transferError } from './message/error-body.js';
export { type MessageProblem, parseMessage, serialize } from './message/message.codec.js';
export type {
  CatalogError,
  CatalogRequestMessage,
  ConsumerPid,
  ContractAgreementMessage,
  ContractAgreementVerificationMessage,
  ContractNegotiation,
  ContractNegotiationError,
  ContractNegotiationEventMessage,
  ContractNegotiationTerminationMessage,
  ContractOfferMessage,
  ContractRequestMessage,
  CounterContractOffer,
  CounterContractRequest,
  DataAddress,
  InitialContractOffer,
  InitialContractRequest,
  Message,
  MessageOf,
  MessageType,
  NegotiationMessage,
  Pids,
  ProviderPid,
  Reason,
  TransferCompletionMessage,
  TransferError,
  TransferMessage,
  TransferProcess,
  TransferRequestMessage,
  TransferStartMessage,
  TransferSuspensionMessage,
  TransferTerminationMessage,
} from './message/message.js';
export type { Agreement, MessageOffer, Offer } from './message/policy.js';
export { catalogPaths, negotiationPaths, transferPaths } from './paths.js';
export { type DspProblem, type DspProblemKind, type WireStatus, wireStatus } from './problem.js';
export {
  acknowledgedNegotiation,
  admitNegotiation,
  initiateNegotiation,
  receiveNegotiation,
  refusedNegotiation,
  sendNegotiation,
} from './process/decide-negotiation.js';
export {
  acknowledgedTransfer,
  admitTransfer,
  initiateTransfer,
  receiveTransfer,
  refusedTransfer,
  sendTransfer,
} from './process/decide-transfer.js';
export { diagram } from './process/diagram.js';
export { evolveNegotiation } from './process/evolve-negotiation.js';
export { evolveTransfer } from './process/evolve-transfer.js';
export {
  type AgreedNegotiation,
  type FinalizedNegotiation,
  type InitialNegotiation,
  type Negotiation,
  type NegotiationEvent,
  type NegotiationIntent,
  type NegotiationOpening,
  type NegotiationStep,
  negotiationMoveOf,
  negotiationView,
  type OpenNegotiation,
  type RefusedNegotiation,
  type TerminatedNegotiation,
} from './process/negotiation.js';
export { type NegotiationMove, negotiationTable } from './process/negotiation.machine.js';
export type { Cause, Pending, ReceiveProblem, SendProblem } from './process/process.js';
export { allowed, isTerminal, other, type Role } from './process/table.js';
export {
  type CompletedTransfer,
  type InitialTransfer,
  type RefusedTransfer,
  type RequestedTransfer,
  type StartedTransfer,
  type SuspendedTransfer,
  type TerminatedTransfer,
  type Transfer,
  type TransferEvent,
  type TransferIntent,
  type TransferStep,
  transferMoveOf,
  transferView,
} from './process/transfer.js';
export { type TransferMove, transferTable } from './process/transfer.machine.js';
export { type SchemaName, validate } from './schema/validate.js';
export {
  dspContext,
  dspVersion,
  type NegotiationState,
  negotiationStates,
  supersedesTerm,
  type TransferState,
  transferStates,
  versionPath,
} from './vocabulary.js';
