import { type SignedCredential, type Verified, verifyDataIntegrity } from '@hansa/dcp';
import { type Did, type Digest, isDid, isDigest, isJsonObject, type JsonObject } from '@hansa/kernel';
import { type Check, type Examination, fails, holds, unchecked, type VerifyPorts } from './examination.js';
import type { EvidenceOf } from './recognise.js';

/** The digest of the audit report that a credential is about. */
export function reportDigestOf({ credentialSubject }: JsonObject): Digest | null {
  const digest = isJsonObject(credentialSubject) ? credentialSubject.reportDigest : undefined;
  return isDigest(digest) ? digest : null;
}

/** Signature, validity period and status of a credential with a Data Integrity proof. */
export async function examineCredential(
  { kind, file, value }: EvidenceOf<'credential'>,
  hasReport: boolean,
  { resolveDid, statusListsOf, now, signer: expectedIssuer }: VerifyPorts,
): Promise<Examination> {
  const issuer = issuerOf(value);
  const verified = await verifyDataIntegrity(value, {
    resolveDid,
    now,
    ...(statusListsOf && issuer ? { fetchStatusList: statusListsOf(issuer) } : {}),
    ...(expectedIssuer ? { expectedIssuer } : {}),
  });
  const checks = verified.ok
    ? [signatureOf(verified.value), ...counterSigned(value), period(value), statusOf(value)]
    : refusedChecks(value, verified.problem, statusListsOf === undefined);
  const digest = reportDigestOf(value);
  const report =
    digest === null || hasReport
      ? []
      : [unchecked('report', `The report itself was not given; its digest must be ${digest}.`)];
  return { file, kind, signer: issuer, checks: [...checks, ...report] };
}

function issuerOf({ issuer }: JsonObject): Did | null {
  const id = isJsonObject(issuer) ? issuer.id : issuer;
  return isDid(id) ? id : null;
}

function signatureOf({ issuer, verificationMethod }: Verified<SignedCredential>): Check {
  return holds('signature', `Signed by ${issuer} with its key ${verificationMethod}.`);
}

/** Who signed beside the issuer, one check each; called only when every signature was found good. */
function counterSigned({ proof, issuer }: JsonObject): readonly Check[] {
  const own = issuerOf({ issuer: issuer ?? null });
  return (Array.isArray(proof) ? proof : []).flatMap((one) => {
    const key = isJsonObject(one) ? String(one.verificationMethod) : '';
    const signer = key.slice(0, key.indexOf('#'));
    return signer === own ? [] : [holds('counter-signature', `Counter-signed by ${signer} with its key ${key}.`)];
  });
}

function period({ validFrom, validUntil }: JsonObject): Check {
  const until = typeof validUntil === 'string' ? `until ${validUntil}` : 'without an end';
  return holds('period', typeof validFrom === 'string' ? `Valid from ${validFrom} ${until}.` : `Valid ${until}.`);
}

function statusOf({ credentialStatus }: JsonObject): Check {
  return credentialStatus === undefined
    ? holds('status', 'It names no status list, so it cannot be revoked.')
    : holds('status', 'Not revoked, says the status list of the issuer now.');
}

/** The verifier looks at the dates, then at the signature, then at the status, and stops at the first that fails. */
function refusedChecks(
  value: JsonObject,
  { kind, detail }: { readonly kind: string; readonly detail: string },
  isOffline: boolean,
): readonly Check[] {
  const signed = holds('signature', `Signed by ${issuerOf(value)}.`);
  if (kind === 'status.unavailable' && isOffline)
    return [
      signed,
      ...counterSigned(value),
      period(value),
      unchecked('status', 'Offline: whether it was revoked was not checked.'),
    ];
  if (kind.startsWith('status.')) return [signed, ...counterSigned(value), period(value), fails('status', detail)];
  if (kind === 'credential.expired' || kind === 'credential.not-yet-valid') return [fails('period', detail)];
  if (kind === 'did.unresolvable') return [fails('signer', detail)];
  if (kind === 'credential.issuer-mismatch') return [fails('signer', detail)];
  return [fails('signature', detail)];
}
