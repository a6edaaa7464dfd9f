import type { Digest } from '@hansa/kernel';
import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';

/** What a provider has to bring to the sink of one transfer, and how that goes. */
export interface Push {
  readonly transferId: string;
  /** Which turn this is. Whatever starts, ends or repeats the push begins another; work for an older one is void. */
  readonly run: number;
  /** When this turn may begin; null: nothing is to be brought now. */
  readonly dueAt: Date | null;
  /** Failed attempts since the last success, the time of the first of them, and what was wrong with the latest. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly problem: string | null;
  /** How often the sink has taken the data. */
  readonly deliveries: number;
  /** What it has taken last. */
  readonly delivered: Delivered | null;
}

export interface Delivered {
  readonly digest: Digest;
  readonly bytes: number;
  readonly rows: number;
  readonly format: string;
  /** ISO 8601. */
  readonly at: string;
}

export const pushSchema = new EntitySchema<RowOf<Push, 'delivered'>>({
  name: 'push',
  columns: {
    transferId: { type: 'text', name: 'transfer_id', primary: true },
    run: { type: 'integer' },
    dueAt: { type: 'timestamptz', name: 'due_at', nullable: true },
    failures: { type: 'integer' },
    failingSince: { type: 'timestamptz', name: 'failing_since', nullable: true },
    problem: { type: 'text', nullable: true },
    deliveries: { type: 'integer' },
    delivered: { type: 'jsonb', nullable: true },
  },
});
