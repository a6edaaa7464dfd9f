import type { Agreement } from '@hansa/dsp';
import type { Did, JsonObject } from '@hansa/kernel';
import { expiryOf, parsePolicy } from '@hansa/odrl';
import type { AgreementEnd } from './agreement-end.js';

/** Whether the counterparty knows of our termination; `refused` where it does not understand or accept the message. */
export type TerminationNotice = 'pending' | 'acknowledged' | 'refused';

/** What was agreed, and how it ended. */
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
  /** From when on its policy permits nothing; null where that cannot be told. */
  readonly expiresAt: Date | null;
  /** The agreement in whose place this one stands. */
  readonly supersedes: string | null;
  /** How it ended; null until that is recorded. What counts is {@link endAt}. */
  readonly end: AgreementEnd | null;
  /** Null where we have no termination to tell. */
  readonly notice: TerminationNotice | null;
}

/** The record of an agreement that is concluded now. */
export function concludedAgreement(
  policy: Agreement,
  parts: Pick<
    AgreementRecord,
    'negotiationId' | 'role' | 'counterparty' | 'address' | 'purpose' | 'credentials' | 'supersedes'
  >,
): AgreementRecord {
  const parsed = parsePolicy(policy);
  return {
    ...parts,
    id: policy['@id'],
    datasetId: policy.target,
    policy,
    agreedAt: new Date(policy.timestamp),
    expiresAt: parsed.ok ? expiryOf(parsed.value) : null,
    end: null,
    notice: null,
  };
}

/**
 * How an agreement has ended, seen at a moment; null while it is in force. The only place that says so: an expiry
 * counts from its very moment, whether it is recorded yet or not.
 */
export function endAt({ end, expiresAt }: Pick<AgreementRecord, 'end' | 'expiresAt'>, now: Date): AgreementEnd | null {
  if (end !== null || expiresAt === null || now < expiresAt) return end;
  return { kind: 'expired', at: expiresAt };
}
