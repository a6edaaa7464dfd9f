import type { DataAddress, TransferIntent } from '@hansa/dsp';
import type { TransferRecord } from './transfer-record.js';

/** What this node says next in a transfer of its own accord; null: nothing, somebody else must act. */
export interface TransferStrategy {
  /** @param dataAddress makes the address that the consumer pulls from, with a fresh token. */
  next(record: TransferRecord, dataAddress: () => DataAddress): TransferIntent | null;
}

export const TRANSFER_STRATEGY = Symbol('transfer strategy');

/** The provider starts what its policy permits at once, and terminates the rest with the requirements not met. */
export const automaticTransfers: TransferStrategy = {
  next: ({ transfer, decision }, dataAddress) => {
    if (transfer.role !== 'provider' || transfer.state !== 'REQUESTED') return null;
    if (decision?.outcome === 'permit') return { move: 'start', dataAddress: dataAddress() };
    return { move: 'termination', code: 'policy.denied', reason: decision?.unmet ?? [] };
  },
};
