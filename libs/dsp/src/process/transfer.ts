import { assertNever } from '@hansa/kernel';
import type {
  ConsumerPid,
  DataAddress,
  Pids,
  Reason,
  TransferMessage,
  TransferProcess,
  TransferRequestMessage,
} from '../message/message.js';
import type { Cause, Pending, ProcessEvent } from './process.js';
import type { Role } from './table.js';
import type { TransferMove } from './transfer.machine.js';

/** Every message after the request; it names both pids. */
export type TransferStep = Exclude<TransferMessage, TransferRequestMessage>;

interface Common {
  readonly role: Role;
  readonly agreementId: string;
  /** The distribution's format, for instance `HttpData-PULL`. */
  readonly format: string;
  /** Where the provider pushes to; null for a pull. */
  readonly destination: DataAddress | null;
  /** Our message in flight; at most one. */
  readonly pending: Pending<TransferMessage> | null;
}
interface Settled extends Common {
  readonly pending: null;
}

/** Our request is under way; the provider's pid is unknown. */
export interface InitialTransfer extends Common {
  readonly role: 'consumer';
  readonly consumerPid: ConsumerPid;
  readonly state: 'INITIAL';
  readonly pending: Pending<TransferRequestMessage>;
}
/** The provider refused our request: there never was a transfer on its side. */
export interface RefusedTransfer extends Settled {
  readonly role: 'consumer';
  readonly consumerPid: ConsumerPid;
  readonly state: 'REFUSED';
  readonly detail: string;
}
export interface RequestedTransfer extends Common, Pids {
  readonly state: 'REQUESTED';
}
export interface StartedTransfer extends Common, Pids {
  readonly state: 'STARTED';
  /** Where the consumer pulls from; null for a push. */
  readonly dataAddress: DataAddress | null;
}
export interface SuspendedTransfer extends Common, Pids {
  readonly state: 'SUSPENDED';
  /** The last address, which a consumer that resumes goes on with. */
  readonly dataAddress: DataAddress | null;
  readonly suspension: Cause;
}
export interface CompletedTransfer extends Settled, Pids {
  readonly state: 'COMPLETED';
  readonly completedBy: Role;
}
export interface TerminatedTransfer extends Settled, Pids {
  readonly state: 'TERMINATED';
  readonly termination: Cause;
}

/** One side's view of a transfer process; each state has exactly its data. Plain JSON, fit to be stored as it is. */
export type Transfer =
  | InitialTransfer
  | RefusedTransfer
  | RequestedTransfer
  | StartedTransfer
  | SuspendedTransfer
  | CompletedTransfer
  | TerminatedTransfer;

export type TransferEvent = ProcessEvent<Transfer['state'], TransferMessage>;

/** What we want to say next; the pids are filled in from the transfer. */
export type TransferIntent =
  | { readonly move: 'start'; readonly dataAddress: DataAddress | null }
  | { readonly move: 'completion' }
  | ({ readonly move: 'suspension' | 'termination' } & Reason);

/** What a message says, in the words of the table. */
export function transferMoveOf(message: TransferMessage): TransferMove {
  switch (message.type) {
    case 'TransferRequestMessage':
      return 'request';
    case 'TransferStartMessage':
      return 'start';
    case 'TransferSuspensionMessage':
      return 'suspension';
    case 'TransferCompletionMessage':
      return 'completion';
    case 'TransferTerminationMessage':
      return 'termination';
    default:
      return assertNever(message);
  }
}

/** The message for an intent, with the pids filled in. */
export function transferMessageOf(intent: TransferIntent, pids: Pids): TransferStep {
  switch (intent.move) {
    case 'start':
      return { type: 'TransferStartMessage', ...pids, dataAddress: intent.dataAddress };
    case 'completion':
      return { type: 'TransferCompletionMessage', ...pids };
    case 'suspension':
      return { type: 'TransferSuspensionMessage', ...pids, code: intent.code, reason: intent.reason };
    case 'termination':
      return { type: 'TransferTerminationMessage', ...pids, code: intent.code, reason: intent.reason };
    default:
      return assertNever(intent);
  }
}

/** The transfer as the peer may see it (answer to a request and to GET); null before the peer knows it. */
export function transferView(transfer: Transfer): TransferProcess | null {
  if (transfer.state === 'INITIAL' || transfer.state === 'REFUSED') return null;
  const { consumerPid, providerPid, state } = transfer;
  return { type: 'TransferProcess', consumerPid, providerPid, state };
}
