import type { Digest, Problem } from '@hansa/kernel';
import { EntitySchema } from 'typeorm';

/** How the one request for counts under an agreement was answered; for good. */
export interface HandedCounts {
  readonly agreementId: string;
  readonly requestDigest: Digest;
  /** The signed table, in canonical JSON; null where the rows did not allow one. */
  readonly answer: string | null;
  /** Why the rows did not allow one. */
  readonly problem: Problem | null;
  readonly countedAt: Date;
}

export const handedCountsSchema = new EntitySchema<HandedCounts>({
  name: 'handed_counts',
  columns: {
    agreementId: { type: 'text', name: 'agreement_id', primary: true },
    requestDigest: { type: 'text', name: 'request_digest' },
    answer: { type: 'text', nullable: true },
    problem: { type: 'jsonb', nullable: true },
    countedAt: { type: 'timestamptz', name: 'counted_at' },
  },
});
