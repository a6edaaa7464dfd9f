import type { JsonObject } from '@hansa/kernel';

/** A credential that the caller has verified: signature, issuer, holder and revocation are settled before this. */
export interface CredentialFact {
  /** A type name as in the credential, `MembershipCredential`, or its IRI. */
  readonly type: string;
  readonly issuer: string;
  readonly claims: JsonObject;
  /** Absent: valid since ever. */
  readonly validFrom?: Date;
  /** The last moment of validity (W3C VC Data Model 2.0, validity period). Absent: without end. */
  readonly validUntil?: Date;
}

export type AuditVerdict = 'pass' | 'fail' | 'insufficient-data';

/** The newest valid audit of the model that the request is about. */
export interface AuditFact {
  readonly verdict: AuditVerdict;
  readonly issuedAt: Date;
  readonly revoked: boolean;
}

/** What is known about the assignee and the target when a policy is evaluated. What is absent here is not known. */
export interface Facts {
  /** Every credential presented; one that is not here was not presented. */
  readonly credentials: readonly CredentialFact[];
  /** The declared purpose: `dpv:X` or its IRI. */
  readonly purpose?: string;
  /** ISO 3166-1 alpha-2 codes of the countries where the assignee is established. */
  readonly countries?: readonly string[];
  /** Absent: the target is not a model, or no valid audit of it exists. */
  readonly audit?: AuditFact;
}

/** The facts at one moment. */
export interface Situation {
  readonly facts: Facts;
  readonly now: Date;
}
