import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { RegisterVersion } from './register-record.js';

export interface EntryRow {
  readonly id: string;
  readonly draft: object | null;
  readonly draftBy: string | null;
  readonly draftAt: Date | null;
  readonly isRetired: boolean;
  readonly createdAt: Date;
}

export const registerEntrySchema = new EntitySchema<EntryRow>({
  name: 'register_entry',
  columns: {
    id: { type: 'text', primary: true },
    draft: { type: 'jsonb', nullable: true },
    draftBy: { type: 'text', name: 'draft_by', nullable: true },
    draftAt: { type: 'timestamptz', name: 'draft_at', nullable: true },
    isRetired: { type: 'boolean', name: 'is_retired' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});

export const registerVersionSchema = new EntitySchema<RowOf<RegisterVersion, 'content' | 'filled'>>({
  name: 'register_version',
  columns: {
    entryId: { type: 'text', name: 'entry_id', primary: true },
    number: { type: 'integer', primary: true },
    content: { type: 'jsonb' },
    filled: { type: 'jsonb' },
    note: { type: 'text', nullable: true },
    changedBy: { type: 'text', name: 'changed_by' },
    publishedAt: { type: 'timestamptz', name: 'published_at' },
  },
});
