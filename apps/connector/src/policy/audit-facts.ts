import type { AuditFact } from '@hansa/odrl';

/** What is known of the audits of the model behind a dataset; nothing for data, and for a model without an audit. */
export interface AuditFacts {
  newestFor(datasetId: string): Promise<AuditFact | undefined>;
}

export const AUDIT_FACTS = Symbol('audit facts');
