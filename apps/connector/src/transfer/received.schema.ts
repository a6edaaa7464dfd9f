import type { Digest } from '@hansa/kernel';
import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';

/** Data that have arrived, in a file of this node. */
export interface Received {
  readonly id: string;
  readonly transferId: string;
  readonly content: ReceivedContent;
  readonly receivedAt: Date;
}

export interface ReceivedContent {
  readonly path: string;
  /** `csv`, `json`, `parquet` or `arrow`; null where the provider sent something else. */
  readonly format: string | null;
  readonly bytes: number;
  /** Null where it is no table that this node can read. */
  readonly rows: number | null;
  readonly digest: Digest;
  /** The digest that the provider states; null when it states none. */
  readonly providerDigest: Digest | null;
}

export const receivedSchema = new EntitySchema<RowOf<Received, 'content'>>({
  name: 'received',
  columns: {
    id: { type: 'text', primary: true },
    transferId: { type: 'text', name: 'transfer_id' },
    content: { type: 'jsonb' },
    receivedAt: { type: 'timestamptz', name: 'received_at' },
  },
});
