import { assertNever } from '@hansa/kernel';
import type { DataAddress, Pids, Reason, TransferMessage } from '../message/message.js';
import type { Pending } from './process.js';
import { other, type Role } from './table.js';
import type { Transfer, TransferEvent } from './transfer.js';

/** Applies one event. The events come from `decide-transfer.ts`; nothing else changes a transfer. */
export function evolveTransfer(transfer: Transfer, event: TransferEvent): Transfer {
  switch (event.kind) {
    case 'sent':
      return { ...transfer, pending: { id: event.id, message: event.message } } as Transfer;
    case 'withdrawn': {
      const settled = { ...transfer, pending: null };
      return settled.state === 'INITIAL' ? { ...settled, state: 'REFUSED', detail: event.detail } : settled;
    }
    case 'acknowledged':
      return moved(transfer, { ...event, by: transfer.role, pending: null });
    case 'received': {
      const { pending } = transfer;
      return moved(transfer, { ...event, by: other(transfer.role), pids: bothTransferPids(transfer), pending });
    }
    default:
      return assertNever(event);
  }
}

interface Move {
  readonly message: TransferMessage;
  readonly to: Transfer['state'];
  readonly by: Role;
  readonly pids: Pids;
  readonly pending: Pending<TransferMessage> | null;
}

function moved(from: Transfer, { message, to, by, pids, pending }: Move): Transfer {
  const { role, agreementId, format, destination } = from;
  const common = { role, ...pids, agreementId, format, destination };
  switch (to) {
    case 'REQUESTED':
      return { ...common, pending, state: to };
    case 'STARTED':
      return { ...common, pending, state: to, dataAddress: startAddress(from, message, by) };
    case 'SUSPENDED':
      return { ...common, pending, state: to, dataAddress: addressOf(from), suspension: { by, ...reasonOf(message) } };
    case 'COMPLETED':
      return { ...common, pending: null, state: to, completedBy: by };
    case 'TERMINATED':
      return { ...common, pending: null, state: to, termination: { by, ...reasonOf(message) } };
    default:
      throw new Error(`no message leads to ${to}`);
  }
}

/** A provider's start hands out an address; a consumer's cannot, so the last one holds. */
function startAddress(from: Transfer, message: TransferMessage, by: Role): DataAddress | null {
  return by === 'provider' && message.type === 'TransferStartMessage' ? message.dataAddress : addressOf(from);
}

function addressOf(from: Transfer): DataAddress | null {
  return 'dataAddress' in from ? from.dataAddress : null;
}

function reasonOf(message: TransferMessage): Reason {
  return 'reason' in message ? { code: message.code, reason: message.reason } : { code: null, reason: [] };
}

/** Both pids of a transfer that the peer knows. */
export function bothTransferPids(transfer: Transfer): Pids {
  if (transfer.state === 'INITIAL' || transfer.state === 'REFUSED') throw new Error('the peer has not named its pid');
  return { consumerPid: transfer.consumerPid, providerPid: transfer.providerPid };
}
