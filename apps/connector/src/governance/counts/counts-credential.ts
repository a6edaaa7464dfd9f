import { hansaContextUrl, type ResolveDid, signWithDataIntegrity, verifyDataIntegrity } from '@hansa/dcp';
import { type AuditCounts, auditCountsDigest } from '@hansa/fair';
import { type Did, isJsonObject, type Json, type JsonObject, must, ok, type Result, refuse } from '@hansa/kernel';
import type { NodeIdentity } from '../../identity/index.js';

const credentialsContext = 'https://www.w3.org/ns/credentials/v2';

/** Signs a table of counts: its digest, those of plan and data, and the agreement that it is handed out under. */
export async function signCounts(
  identity: NodeIdentity,
  about: { readonly id: string; readonly counts: AuditCounts; readonly agreementId: string; readonly now: Date },
): Promise<JsonObject> {
  const { id, counts, agreementId, now } = about;
  const credential: JsonObject = {
    '@context': [credentialsContext, hansaContextUrl],
    id,
    type: ['VerifiableCredential', 'AuditCountsCredential'],
    issuer: identity.did,
    validFrom: now.toISOString(),
    credentialSubject: { type: 'AuditCounts', underAgreement: agreementId, ...digestsOf(counts) },
  };
  return must(await signWithDataIntegrity(credential, { signer: identity.report, now }));
}

/** Whether a table of counts is the one that the provider of the agreement has signed under it. */
export async function verifyCounts(
  credential: Json | undefined,
  expected: {
    readonly counts: AuditCounts;
    readonly agreementId: string;
    readonly issuer: Did;
    readonly resolveDid: ResolveDid;
    readonly now: Date;
  },
): Promise<Result<null>> {
  const { counts, agreementId, issuer, resolveDid, now } = expected;
  const verified = await verifyDataIntegrity(credential, { resolveDid, now, expectedIssuer: issuer });
  if (!verified.ok) return refuse('counts.not-signed', `The signature of the counts: ${verified.problem.detail}`);
  const { type, credential: document } = verified.value;
  const subject = document.credentialSubject;
  if (!type.includes('AuditCountsCredential') || !isJsonObject(subject))
    return refuse('counts.not-signed', 'The credential is not about a table of counts.');
  const wanted: JsonObject = { underAgreement: agreementId, ...digestsOf(counts) };
  const wrong = Object.keys(wanted).find((member) => subject[member] !== wanted[member]);
  if (wrong === undefined) return ok(null);
  return refuse('counts.not-signed', `The signature is about another table: its "${wrong}" differs.`, wrong);
}

function digestsOf(counts: AuditCounts): JsonObject {
  const { planDigest, data } = counts;
  return { countsDigest: auditCountsDigest(counts), planDigest, datasetDigest: data.digest };
}
