import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { NegotiationRecord } from './negotiation-record.js';

/** The record and, beside it, the columns by which it is found. */
export interface NegotiationRow extends NegotiationRecord {
  readonly state: string;
  readonly role: string;
  /** The consumer's pid in what a consumer opened; makes the opening message idempotent. */
  readonly consumerPid: string | null;
}

export const negotiationSchema = new EntitySchema<RowOf<NegotiationRow, 'negotiation' | 'decision'>>({
  name: 'negotiation',
  columns: {
    id: { type: 'text', primary: true },
    counterparty: { type: 'text' },
    address: { type: 'text' },
    datasetId: { type: 'text', name: 'dataset_id' },
    purpose: { type: 'text', nullable: true },
    negotiation: { type: 'jsonb' },
    decision: { type: 'jsonb', nullable: true },
    supersedes: { type: 'text', nullable: true },
    credentials: { type: 'text', array: true },
    state: { type: 'text' },
    role: { type: 'text' },
    consumerPid: { type: 'text', name: 'consumer_pid', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
