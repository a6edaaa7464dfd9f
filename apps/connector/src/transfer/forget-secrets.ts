import { type DataAddress, isTerminal, type Transfer, type TransferMessage, transferTable } from '@hansa/dsp';
import { withoutSecrets } from './data-address.js';

/**
 * A transfer without the secrets that this node need not keep: they stand in the message that waits for its delivery, and
 * nowhere else at rest. The consumer of a pull keeps the token that it was given, the provider of a push the key to the
 * sink, until the transfer is over.
 */
export function forgetSecrets(transfer: Transfer): Transfer {
  const { role, destination, pending } = transfer;
  const isOver = isTerminal(transferTable, transfer.state);
  return {
    ...transfer,
    destination: destination && (role === 'consumer' || isOver) ? withoutSecrets(destination) : destination,
    ...('dataAddress' in transfer && role === 'provider' ? { dataAddress: hide(transfer.dataAddress) } : {}),
    pending: pending && { ...pending, message: hideIn(pending.message) },
  } as Transfer;
}

function hideIn(message: TransferMessage): TransferMessage {
  return 'dataAddress' in message ? { ...message, dataAddress: hide(message.dataAddress) } : message;
}

const hide = (address: DataAddress | null): DataAddress | null => address && withoutSecrets(address);
