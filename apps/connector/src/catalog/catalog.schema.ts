import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { Dataset, StoredOffer } from './dataset.js';

export const datasetSchema = new EntitySchema<RowOf<Dataset, 'source' | 'profile'>>({
  name: 'dataset',
  columns: {
    id: { type: 'text', primary: true },
    title: { type: 'text' },
    description: { type: 'text' },
    keywords: { type: 'text', array: true },
    publisher: { type: 'text', nullable: true },
    licence: { type: 'text', nullable: true },
    source: { type: 'jsonb' },
    finite: { type: 'boolean' },
    intervalSeconds: { type: 'integer', name: 'interval_seconds', nullable: true },
    profile: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});

export const offerSchema = new EntitySchema<RowOf<StoredOffer, 'policy' | 'template' | 'negotiation'>>({
  name: 'offer',
  columns: {
    id: { type: 'text', primary: true },
    datasetId: { type: 'text', name: 'dataset_id' },
    policy: { type: 'jsonb' },
    template: { type: 'jsonb', nullable: true },
    negotiation: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    withdrawnAt: { type: 'timestamptz', name: 'withdrawn_at', nullable: true },
  },
});
