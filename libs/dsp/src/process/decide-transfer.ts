import { ok, type Problem, type Result } from '@hansa/kernel';
import type { Pids, ProviderPid, TransferMessage, TransferRequestMessage } from '../message/message.js';
import { bothTransferPids } from './evolve-transfer.js';
import {
  acknowledgeStep,
  type Protocol,
  type ReceiveProblem,
  receiveStep,
  refuseStep,
  type SendProblem,
  sendStep,
} from './process.js';
import {
  type InitialTransfer,
  type RequestedTransfer,
  type Transfer,
  type TransferEvent,
  type TransferIntent,
  type TransferStep,
  transferMessageOf,
  transferMoveOf,
} from './transfer.js';
import { type TransferMove, transferTable } from './transfer.machine.js';

const protocol: Protocol<'transfer', Transfer['state'], TransferMove, TransferMessage> = {
  name: 'transfer',
  table: transferTable,
  moveOf: transferMoveOf,
};

/** Begins a transfer on the consumer's side: the request is in flight under `id`. */
export function initiateTransfer(message: TransferRequestMessage, id: string): InitialTransfer {
  const { consumerPid, agreementId, format, dataAddress } = message;
  const asked = { agreementId, format, destination: dataAddress };
  return { role: 'consumer', state: 'INITIAL', consumerPid, ...asked, pending: { id, message } };
}

/** Begins a transfer that a consumer requested. `providerPid` is new. */
export function admitTransfer(message: TransferRequestMessage, providerPid: string): RequestedTransfer {
  const { consumerPid, agreementId, format, dataAddress } = message;
  return {
    role: 'provider',
    state: transferTable.INITIAL.request[1],
    consumerPid,
    providerPid: providerPid as ProviderPid,
    agreementId,
    format,
    destination: dataAddress,
    pending: null,
  };
}

/**
 * The peer's message arrives. Repeats are the caller's inbox's business: they get the stored answer, not this.
 *
 * @returns the events to `evolve` by; or `transfer.illegal-transition`, `transfer.pid-mismatch` (both final), or
 *   `transfer.busy`: the messages crossed, the peer shall repeat its own later.
 * @example
 * const events = receiveTransfer(t, message);
 * if (events.ok) t = events.value.reduce(evolveTransfer, t);
 */
export function receiveTransfer(
  transfer: Transfer,
  message: TransferStep,
): Result<readonly TransferEvent[], ReceiveProblem<'transfer'>> {
  return receiveStep(protocol, transfer, message);
}

/**
 * Decides our next message. It is then in flight (`pending`) and the state stays as it is until the peer acknowledges.
 *
 * @param id the `@id` for the wire; freeze the bytes of `serialize(message, id)` together with the event.
 * @returns one `sent` event with the complete message; or `transfer.illegal-transition`, `transfer.message-pending`.
 */
export function sendTransfer(
  transfer: Transfer,
  intent: TransferIntent,
  id: string,
): Result<readonly [TransferEvent & { readonly kind: 'sent' }], SendProblem<'transfer'>> {
  const legal = sendStep(protocol, transfer, intent.move);
  if (!legal.ok) return legal;
  return ok([{ kind: 'sent', id, message: transferMessageOf(intent, bothTransferPids(transfer)) }]);
}

/**
 * The peer answered the message `id` with success. Late answers to messages no longer in flight give no events.
 *
 * @param answer the pids of the `TransferProcess` in the answer; needed for the request only.
 */
export function acknowledgedTransfer(
  transfer: Transfer,
  id: string,
  answer: Pids | null,
): Result<readonly TransferEvent[], Problem<'transfer.pid-mismatch'>> {
  return acknowledgeStep(protocol, transfer, id, answer);
}

/** The peer answered the message `id` with a final refusal: a 4xx that a repeat cannot change. */
export function refusedTransfer(transfer: Transfer, id: string, detail: string): readonly TransferEvent[] {
  return refuseStep(transfer, id, detail);
}
