import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { NegotiationRecord } from './negotiation-record.js';

/** The record and, beside it, the columns by which it is found. */
export interface NegotiationRow extends NegotiationRecord {
  readonly state: string;
  readonly role: string;
  /** The consumer's pid in what a consumer opened; makes the opening message idempotent. */
  readonly consumerPid: string | null;
  /** The same of the provider, in what a provider opened. */
  readonly providerPid: string | null;
  /** The deadline of what is held. */
  readonly decideBy: Date | null;
}

/** What is written with a negotiation and never again. */
export const writtenOnce = ['id', 'role', 'counterparty', 'address', 'datasetId', 'createdAt'] as const;

export const negotiationSchema = new EntitySchema<
  RowOf<NegotiationRow, 'negotiation' | 'decision' | 'handling' | 'awaiting'>
>({
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
    providerPid: { type: 'text', name: 'provider_pid', nullable: true },
    handling: { type: 'jsonb', nullable: true },
    awaiting: { type: 'jsonb', nullable: true },
    decideBy: { type: 'timestamptz', name: 'decide_by', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
