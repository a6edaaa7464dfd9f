import type { Did, JsonObject } from '@hansa/kernel';

/** What was agreed, and whether it still holds. */
export interface AgreementRecord {
  readonly id: string;
  readonly negotiationId: string;
  readonly role: 'consumer' | 'provider';
  readonly counterparty: Did;
  /** The base URL of the counterparty's protocol endpoints. */
  readonly address: string;
  readonly datasetId: string;
  /** The IRI of the purpose that the agreement is bound to; null when it is bound to none. */
  readonly purpose: string | null;
  /** The ODRL Agreement. */
  readonly policy: JsonObject;
  /** The consumer's credentials in JWT form, checked again at every use; empty on the consumer's side. */
  readonly credentials: readonly string[];
  readonly agreedAt: Date;
  readonly terminatedAt: Date | null;
  readonly terminationReason: string | null;
}
