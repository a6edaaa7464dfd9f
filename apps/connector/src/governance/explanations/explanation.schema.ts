import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { StoredExplanation } from './stored-explanation.js';

export const explanationSchema = new EntitySchema<RowOf<StoredExplanation, 'explanation'>>({
  name: 'explanation',
  columns: {
    id: { type: 'text', primary: true },
    modelId: { type: 'text', name: 'model_id' },
    background: { type: 'text' },
    explanation: { type: 'jsonb' },
    sentences: { type: 'text', array: true },
    digest: { type: 'text' },
    isPublic: { type: 'boolean', name: 'is_public' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
