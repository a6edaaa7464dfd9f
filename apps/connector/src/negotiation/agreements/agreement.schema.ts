import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { AgreementEnd } from './agreement-end.js';
import type { AgreementRecord } from './agreement-record.js';

type Stored<E> = E extends AgreementEnd ? Omit<E, 'at'> : never;

/** The end is in two columns: when, which is asked for, and how. */
export interface AgreementRow extends Omit<AgreementRecord, 'end'> {
  readonly endedAt: Date | null;
  readonly ending: Stored<AgreementEnd> | null;
}

export const agreementSchema = new EntitySchema<RowOf<AgreementRow, 'policy' | 'ending'>>({
  name: 'agreement',
  columns: {
    id: { type: 'text', primary: true },
    negotiationId: { type: 'text', name: 'negotiation_id' },
    role: { type: 'text' },
    counterparty: { type: 'text' },
    address: { type: 'text' },
    datasetId: { type: 'text', name: 'dataset_id' },
    purpose: { type: 'text', nullable: true },
    policy: { type: 'jsonb' },
    credentials: { type: 'text', array: true },
    agreedAt: { type: 'timestamptz', name: 'agreed_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    supersedes: { type: 'text', nullable: true },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
    ending: { type: 'jsonb', nullable: true },
    notice: { type: 'text', nullable: true },
  },
});
