import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { TransferRecord } from './transfer-record.js';

/** The record and, beside it, the columns by which it is found. */
export interface TransferRow extends TransferRecord {
  readonly state: string;
  readonly role: string;
  readonly consumerPid: string | null;
}

export const transferSchema = new EntitySchema<RowOf<TransferRow, 'transfer' | 'decision'>>({
  name: 'transfer',
  columns: {
    id: { type: 'text', primary: true },
    counterparty: { type: 'text' },
    address: { type: 'text' },
    agreementId: { type: 'text', name: 'agreement_id' },
    datasetId: { type: 'text', name: 'dataset_id' },
    transfer: { type: 'jsonb' },
    decision: { type: 'jsonb', nullable: true },
    tokenDigest: { type: 'text', name: 'token_digest', nullable: true },
    state: { type: 'text' },
    role: { type: 'text' },
    consumerPid: { type: 'text', name: 'consumer_pid', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
