import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { AgreementRecord } from './agreement-record.js';

export const agreementSchema = new EntitySchema<RowOf<AgreementRecord, 'policy'>>({
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
    terminatedAt: { type: 'timestamptz', name: 'terminated_at', nullable: true },
    terminationReason: { type: 'text', name: 'termination_reason', nullable: true },
  },
});
