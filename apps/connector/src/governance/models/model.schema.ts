import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { HostedModel } from './hosted-model.js';

/** The model and, beside it, what makes it unique. */
interface ModelRow extends HostedModel {
  readonly name: string;
  readonly version: string;
}

export const modelSchema = new EntitySchema<RowOf<ModelRow, 'signature' | 'card'>>({
  name: 'model',
  columns: {
    id: { type: 'text', primary: true },
    digest: { type: 'text' },
    name: { type: 'text' },
    version: { type: 'text' },
    signature: { type: 'jsonb' },
    card: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
