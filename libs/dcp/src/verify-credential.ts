import type { Did, JsonObject } from '@hansa/kernel';
import { checkDates } from './check-dates.js';
import { checkStatus, type StatusCheck } from './check-status.js';
import { type Credential, openCredential, type RawCredential, readCredential } from './credential.js';
import { checkTimes, verifySignature } from './jwt.js';
import { type DcpResult, refused, type Verified } from './problem.js';
import { isTrustedIssuer, type TrustedIssuer } from './trust-list.js';

/** A credential that passed every check. */
export type VerifiedCredential = Verified<Credential>;

export interface CredentialCheck extends StatusCheck {
  /** The DID that every subject must have. */
  readonly holder: Did;
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Tells whether the subjects fit a schema that we know; without it any `credentialSchema` is refused. */
  readonly fitsSchema?: (schema: JsonObject, subjects: readonly JsonObject[]) => boolean;
}

/**
 * Verifies one credential JWT, VC 2.0 or 1.1, for its holder: issuer trusted for all its types, signed by a key of the
 * issuer listed under `assertionMethod`, about the holder only, in its validity period, schema known, not revoked.
 * For credentials that were stored and are used again after a restart; presentations go through
 * `verifyPresentations`.
 * Problems: `credential.*`, `status.*`, `jwt.*`, `key.*`, `did.unresolvable`.
 */
export async function verifyCredential(jwt: unknown, check: CredentialCheck): Promise<DcpResult<VerifiedCredential>> {
  const raw = openCredential(jwt);
  if (!raw.ok) return raw;
  return verifyOpened(raw.value, check);
}

/** {@link verifyCredential} for a credential whose envelope is open already. */
export async function verifyOpened(raw: RawCredential, check: CredentialCheck): Promise<DcpResult<VerifiedCredential>> {
  const credential = await verifyIssuance(raw, check);
  if (!credential.ok) return credential;
  const status = await checkStatus(credential.value, check);
  return status.ok ? credential : status;
}

/** Everything but the status: what the holder checks on receipt, when the credential is minutes old. */
export async function verifyIssuance(
  raw: RawCredential,
  check: Omit<CredentialCheck, 'fetchStatusList'>,
): Promise<DcpResult<VerifiedCredential>> {
  const read = readCredential(raw);
  if (!read.ok) return read;
  const credential = read.value;
  if (!isTrustedIssuer(check.trustedIssuers, credential, check.now))
    return refused(
      'credential.untrusted-issuer',
      `${credential.issuer} is not trusted to issue ${typesOf(credential)}.`,
    );
  if (credential.credentialSubject.some((subject) => subject.id !== check.holder))
    return refused('credential.foreign-subject', `The credential is not about ${check.holder} alone.`);
  const problem = checkDates(credential, check.now) ?? checkTimes(raw.jwt.claims, check.now);
  if (problem) return { ok: false, problem };
  const { fitsSchema } = check;
  if (credential.credentialSchema.some((schema) => !fitsSchema?.(schema, credential.credentialSubject)))
    return refused(
      'credential.schema-unknown',
      'The credential does not fit its schema, or the schema is unknown here.',
    );
  const signed = await verifySignature(raw.jwt, { ...check, by: credential.issuer, relationship: 'assertionMethod' });
  return signed.ok ? { ok: true, value: credential as VerifiedCredential } : signed;
}

function typesOf(credential: Credential): string {
  return credential.type.filter((type) => type !== 'VerifiableCredential').join(', ');
}

/**
 * Checks again what may have changed since a credential was verified: validity period and status. For use before each
 * delivery of data under an agreement; costs no request while the status list is cached.
 */
export async function recheckCredential(credential: VerifiedCredential, check: StatusCheck): Promise<DcpResult<null>> {
  const problem = checkDates(credential, check.now);
  return problem ? { ok: false, problem } : checkStatus(credential, check);
}
