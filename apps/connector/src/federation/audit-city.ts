import type { Digest, Problem } from '@hansa/kernel';
import { EntitySchema } from 'typeorm';

/** How far one city of an audit is. */
export type CityState =
  /** Not asked yet, or not reached; then with the reason. */
  | { readonly status: 'waiting'; readonly transferId: string | null; readonly problem: Problem | null }
  | { readonly status: 'counting'; readonly transferId: string; readonly done: number; readonly total: number }
  | { readonly status: 'received'; readonly transferId: string; readonly rows: number; readonly countsDigest: Digest }
  | { readonly status: 'refused'; readonly problem: Problem };

/** One city of an audit. */
export interface AuditCity {
  readonly auditId: string;
  /** Its place in the plan's list, from 0. */
  readonly place: number;
  readonly state: CityState;
  /** What it answered: table and signature in canonical JSON. */
  readonly answer: string | null;
}

export const auditCitySchema = new EntitySchema<AuditCity>({
  name: 'audit_city',
  columns: {
    auditId: { type: 'text', name: 'audit_id', primary: true },
    place: { type: 'integer', primary: true },
    state: { type: 'jsonb' },
    answer: { type: 'text', nullable: true },
  },
});
