import { type Did, isDid, isJsonObject, type JsonObject } from '@hansa/kernel';
import { checkDates } from './check-dates.js';
import { parseDateTime } from './credential.js';
import { type DcpProblem, type DcpResult, refused } from './problem.js';

/** A further proof in the set of a credential (VC Data Integrity 1.0 §2.1.1), by somebody other than the issuer. */
export interface CounterSignature {
  readonly signer: Did;
  readonly verificationMethod: string;
}

/** The key of the issuer's proof, and who else signed. Nobody signs twice. */
export function signaturesOf(
  credential: JsonObject,
  issuer: Did,
): DcpResult<{ readonly verificationMethod: string; readonly others: readonly CounterSignature[] }> {
  const proofs = proofsOf(credential);
  const isKnown = (proof: JsonObject) => proof.type === 'DataIntegrityProof' && proof.cryptosuite === 'eddsa-rdfc-2022';
  const keys = proofs.map(keyOf);
  const signers = keys.map((key) => key.slice(0, Math.max(0, key.indexOf('#'))));
  const isTwice = new Set(signers).size < signers.length;
  if (proofs.length === 0 || proofs.length > mostProofs || !proofs.every(isKnown) || isTwice)
    return refused(
      'data-integrity.unsupported',
      `From one to ${mostProofs} proofs of the suite eddsa-rdfc-2022 are needed, each by another party.`,
      '/proof',
    );
  const verificationMethod = keys.find((key) => key.startsWith(`${issuer}#`));
  const others = keys.flatMap((key, i): readonly CounterSignature[] => {
    const signer = signers[i];
    return key !== verificationMethod && isDid(signer) ? [{ signer, verificationMethod: key }] : [];
  });
  if (verificationMethod === undefined || others.length !== keys.length - 1)
    return refused(
      'data-integrity.proof-invalid',
      'The key of the proof does not belong to the issuer, or that of a further one to no DID.',
      '/proof',
    );
  return { ok: true, value: { verificationMethod, others } };
}

/** Whether the document or one of its proofs does not count yet, or no longer. */
export function lateness(credential: JsonObject, proofs: readonly JsonObject[], now: Date): DcpProblem | null {
  const periods = [
    [credential.validFrom, credential.validUntil],
    ...proofs.map(({ created, expires }) => [created, expires]),
  ];
  for (const [from, until] of periods.map((ends) => ends.map(parseDateTime))) {
    if (from === null || until === null)
      return refused('data-integrity.malformed', 'A date is not an XML Schema dateTimeStamp.').problem;
    const late = checkDates(
      {
        ...(from !== undefined && { validFrom: new Date(from) }),
        ...(until !== undefined && { validUntil: new Date(until) }),
      },
      now,
    );
    if (late) return late;
  }
  return null;
}

/** Every proof is a look-up and a check of a signature, so their number is limited. */
const mostProofs = 8;

/** The proofs of a document, one or several. */
export function proofsOf({ proof }: JsonObject): readonly JsonObject[] {
  const listed = Array.isArray(proof) ? proof : [proof];
  return listed.every(isJsonObject) ? listed : [];
}

/** The key that a proof names. */
export function keyOf({ verificationMethod }: JsonObject): string {
  return typeof verificationMethod === 'string' ? verificationMethod : '';
}
