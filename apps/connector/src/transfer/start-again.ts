import type { Transfer, TransferEvent, TransferStep } from '@hansa/dsp';
import { ok, type Result } from '@hansa/kernel';

/**
 * A provider that starts a started transfer once more, with a data address: the newer address holds. Eclipse EDC (0.15)
 * answers a consumer that lets its transfer go on by a start of its own; refused, it would terminate.
 *
 * @returns the events to go on by, or null when the message is something else.
 */
export function startAgain(transfer: Transfer, message: TransferStep): Result<readonly TransferEvent[], never> | null {
  if (transfer.role !== 'consumer' || transfer.state !== 'STARTED' || transfer.pending !== null) return null;
  if (message.type !== 'TransferStartMessage' || message.dataAddress === null) return null;
  if (message.providerPid !== transfer.providerPid || message.consumerPid !== transfer.consumerPid) return null;
  return ok([{ kind: 'received', message, to: 'STARTED' }]);
}
