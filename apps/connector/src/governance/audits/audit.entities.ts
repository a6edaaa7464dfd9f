import type { RowOf } from '@hansa/platform';
import { EntitySchema } from 'typeorm';
import type { Audit, IssuedReport } from './audit.js';

/** The audit and, beside it, the columns by which it is found. */
interface AuditRow extends Audit {
  readonly status: string;
  readonly modelId: string | null;
  readonly issuedAt: Date | null;
  readonly isRevoked: boolean;
}

export type StoredAudit = RowOf<AuditRow, 'subject' | 'where' | 'plan' | 'state'>;

export const auditSchema = new EntitySchema<StoredAudit>({
  name: 'audit',
  columns: {
    id: { type: 'text', primary: true },
    subject: { type: 'jsonb' },
    datasetId: { type: 'text', name: 'dataset_id' },
    labelColumn: { type: 'text', name: 'label_column' },
    where: { type: 'jsonb', name: 'conditions' },
    plan: { type: 'jsonb' },
    planDigest: { type: 'text', name: 'plan_digest' },
    datasetDigest: { type: 'text', name: 'dataset_digest' },
    statusIndex: { type: 'integer', name: 'status_index' },
    plannedAt: { type: 'timestamptz', name: 'planned_at' },
    state: { type: 'jsonb' },
    status: { type: 'text' },
    modelId: { type: 'text', name: 'model_id', nullable: true },
    issuedAt: { type: 'timestamptz', name: 'issued_at', nullable: true },
    isRevoked: { type: 'boolean', name: 'is_revoked' },
  },
});

/** Apart from the audit, so that lists do not load it. */
export const issuedReportSchema = new EntitySchema<IssuedReport & { readonly auditId: string }>({
  name: 'audit_report',
  columns: {
    auditId: { type: 'text', name: 'audit_id', primary: true },
    report: { type: 'text' },
    credential: { type: 'text' },
  },
});
