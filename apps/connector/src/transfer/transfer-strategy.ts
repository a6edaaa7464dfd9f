import type { DataAddress, Transfer, TransferIntent } from '@hansa/dsp';
import type { EndReason } from '../negotiation/index.js';
import type { TransferRecord } from './transfer-record.js';

/** What this node says next in a transfer of its own accord; null: nothing, somebody else must act. */
export interface TransferStrategy {
  /**
   * @param ended why the agreement has ended; null while it is in force.
   * @param dataAddress makes the address that the consumer pulls from, with a fresh token.
   */
  next(record: TransferRecord, ended: EndReason | null, dataAddress: () => DataAddress): TransferIntent | null;
}

export const TRANSFER_STRATEGY = Symbol('transfer strategy');

/** The states that a termination leaves. */
const endable: ReadonlySet<Transfer['state']> = new Set(['REQUESTED', 'STARTED', 'SUSPENDED']);

/**
 * The provider starts what its policy permits at once, and terminates the rest with the requirements not met. Both sides
 * terminate what is still open when its agreement has ended.
 */
export const automaticTransfers: TransferStrategy = {
  next: ({ transfer, decision }, ended, dataAddress) => {
    if (ended !== null) return endable.has(transfer.state) ? { move: 'termination', ...ended } : null;
    if (transfer.role !== 'provider' || transfer.state !== 'REQUESTED') return null;
    if (decision?.outcome === 'permit')
      return { move: 'start', dataAddress: transfer.destination === null ? dataAddress() : null };
    return { move: 'termination', code: 'policy.denied', reason: decision?.unmet ?? [] };
  },
};
