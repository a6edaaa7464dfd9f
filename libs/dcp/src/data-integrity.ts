import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { type Did, isDid, isJsonObject, type JsonObject } from '@hansa/kernel';
import { checkStatus, type FetchStatusList } from './check-status.js';
import { checkJsonLd, closedLoader } from './closed-json-ld.js';
import { type ResolveDid, selectKey } from './did-document.js';
import { clockSkew } from './jwt.js';
import type { Signer } from './keys.js';
import { textList } from './lists.js';
import { type DcpResult, refused, type Verified } from './problem.js';
import { type CounterSignature, keyOf, lateness, proofsOf, signaturesOf } from './proof-set.js';
import { parseStatusEntries } from './status-entry.js';

/** A credential with an embedded proof that was verified. */
export interface SignedCredential {
  readonly issuer: Did;
  /** The key of the proof. */
  readonly verificationMethod: string;
  readonly type: readonly string[];
  /** The document as it was signed, proof included. */
  readonly credential: JsonObject;
  /** Who else signed the same document, in the order of the proofs; absent where nobody did. */
  readonly counterSignatures?: readonly CounterSignature[];
}

/**
 * Signs a credential with a Data Integrity proof (`eddsa-rdfc-2022`), which stays readable JSON. Its contexts must be
 * among {@link knownContexts} and must define every term used; `issuer` must own the key.
 * Problems: `data-integrity.*`.
 *
 * @example
 * await signWithDataIntegrity(report, { signer: reportSigner, now });
 */
export async function signWithDataIntegrity(
  credential: JsonObject,
  options: { readonly signer: Signer; readonly now: Date },
): Promise<DcpResult<JsonObject>> {
  const { signer, now } = options;
  const problem = checkJsonLd(credential);
  if (problem) return { ok: false, problem };
  const issuer = issuerOf(credential);
  if (signer.algorithm !== 'EdDSA' || issuer === null || !signer.id.startsWith(`${issuer}#`))
    return refused('data-integrity.unsignable', 'The signer must be an Ed25519 key of the issuer of the credential.');
  if (credential.proof !== undefined)
    return refused('data-integrity.unsignable', 'The credential is signed already; remove its "proof" first.');
  return proven(credential, signer, now);
}

/**
 * Adds the proof of somebody else to a signed credential. The issuer's stays as it is: proofs of a set are made over the
 * same document and not over each other. The caller verifies the credential first.
 * Problems: `data-integrity.*`.
 *
 * @example
 * await countersignWithDataIntegrity(credential, { signer: cityReportSigner, now });
 */
export async function countersignWithDataIntegrity(
  credential: JsonObject,
  options: { readonly signer: Signer; readonly now: Date },
): Promise<DcpResult<JsonObject>> {
  const { signer, now } = options;
  const proofs = proofsOf(credential);
  if (proofs.length === 0)
    return refused('data-integrity.unsignable', 'The credential has no proof yet: its issuer signs first.');
  const did = signer.id.slice(0, signer.id.indexOf('#'));
  if (signer.algorithm !== 'EdDSA' || proofs.some((proof) => keyOf(proof).startsWith(`${did}#`)))
    return refused(
      'data-integrity.unsignable',
      `${did} has signed it already; a counter-signature is somebody else's.`,
    );
  const { proof: _, ...document } = credential;
  const signed = await proven(document, signer, now);
  return signed.ok ? { ok: true, value: { ...credential, proof: [...proofs, ...proofsOf(signed.value)] } } : signed;
}

async function proven(credential: JsonObject, signer: Signer, now: Date): Promise<DcpResult<JsonObject>> {
  const suite = new DataIntegrityProof({
    cryptosuite,
    date: now,
    signer: { id: signer.id, algorithm: 'Ed25519', sign: ({ data }) => signer.sign(data) },
  });
  try {
    const documentLoader = closedLoader(new Map());
    const signed = await vc.issue({ credential: structuredClone(credential), suite, documentLoader, now, ...skew });
    return { ok: true, value: signed as JsonObject };
  } catch (error) {
    return refused('data-integrity.unsignable', `The credential can't be signed: ${reasonOf(error)}`);
  }
}

const skew = { maxClockSkew: clockSkew };

export interface DataIntegrityCheck {
  readonly resolveDid: ResolveDid;
  readonly now: Date;
  /** Needed for credentials with a status; without it they are refused. */
  readonly fetchStatusList?: FetchStatusList;
  /** Leaves counter-signatures aside: whoever relies on the issuer alone need not know where others publish their keys. */
  readonly issuerOnly?: boolean;
  /** The one issuer that is acceptable; without it any issuer is, and the caller must look at `issuer`. */
  readonly expectedIssuer?: Did;
}

/**
 * Verifies a credential with one `eddsa-rdfc-2022` proof of its issuer: known contexts only and none inside, key of the
 * issuer listed under `assertionMethod`, proof, validity period with 30 s of skew, status. The key must be published as
 * Multikey. Further proofs are counter-signatures: each must be of another party, and each is verified the same way. No
 * document but the signers' DID documents and the status list is ever asked for.
 *
 * What is signed is the meaning (RDF) and not the text: the order of a list, `x` against `[x]`, and digits of a number
 * behind the fifteenth are not covered. Read the members of a verified credential strictly.
 * Problems: `data-integrity.*`, `credential.*`, `status.*`, `key.*`, `did.unresolvable`.
 *
 * @example
 * const report = await verifyDataIntegrity(JSON.parse(text), { resolveDid, now, expectedIssuer: auditor });
 */
export async function verifyDataIntegrity(
  credential: unknown,
  check: DataIntegrityCheck,
): Promise<DcpResult<Verified<SignedCredential>>> {
  const read = readSigned(credential, check);
  if (!read.ok) return read;
  const { issuer, verificationMethod, credential: document, counterSignatures = [] } = read.value;
  const proofs = proofsOf(document);
  const signatures = [{ signer: issuer, verificationMethod }, ...(check.issuerOnly ? [] : counterSignatures)];
  for (const signature of signatures) {
    const proof = proofs.find((one) => keyOf(one) === signature.verificationMethod) ?? null;
    const proved = await verifySignature({ ...signature, credential: { ...document, proof }, issuer }, check);
    if (!proved.ok) return proved;
  }
  const status = await checkStatusOf(read.value, check);
  return status.ok ? { ok: true, value: read.value as unknown as Verified<SignedCredential> } : status;
}

/** A credential with one of its proofs. */
interface OneProof extends CounterSignature {
  readonly issuer: Did;
  readonly credential: JsonObject;
}

/** Asks for the signer's DID document again when the one at hand may be old. */
async function verifySignature(one: OneProof, check: DataIntegrityCheck): Promise<DcpResult<null>> {
  const cached = await verifyProof(one, check, false);
  const stale = !cached.ok && ['key.unknown', 'data-integrity.proof-invalid'].includes(cached.problem.kind);
  return stale ? verifyProof(one, check, true) : cached;
}

/** Everything that can be told without a key. */
function readSigned(value: unknown, check: DataIntegrityCheck): DcpResult<SignedCredential> {
  if (!isJsonObject(value)) return refused('data-integrity.malformed', 'The signed credential is not a JSON object.');
  const problem = checkJsonLd(value);
  if (problem) return { ok: false, problem };
  const type = textList(value.type);
  const issuer = issuerOf(value);
  if (!type.includes('VerifiableCredential') || issuer === null)
    return refused(
      'data-integrity.malformed',
      'A credential of type VerifiableCredential with a DID as issuer is needed.',
    );
  if (check.expectedIssuer !== undefined && issuer !== check.expectedIssuer)
    return refused(
      'credential.issuer-mismatch',
      `The credential must be issued by ${check.expectedIssuer}.`,
      '/issuer',
    );
  const signatures = signaturesOf(value, issuer);
  if (!signatures.ok) return signatures;
  const { verificationMethod, others } = signatures.value;
  const late = lateness(value, proofsOf(value), check.now);
  if (late) return { ok: false, problem: late };
  const counterSignatures = others.length === 0 ? {} : { counterSignatures: others };
  return { ok: true, value: { issuer, verificationMethod, type, credential: value, ...counterSignatures } };
}

async function verifyProof(one: OneProof, check: DataIntegrityCheck, refresh: boolean): Promise<DcpResult<null>> {
  const { issuer, signer, verificationMethod, credential } = one;
  const resolved = await check.resolveDid(signer, { refresh });
  if (!resolved.ok) return refused('did.unresolvable', `${signer} could not be resolved: ${resolved.problem.detail}`);
  const key = selectKey(resolved.value, verificationMethod, 'assertionMethod');
  if (!key.ok) return key;
  const { publicKeyMultibase } = key.value;
  // z6Mk is the base58 form of the multicodec prefix of Ed25519 keys, which the library strips without looking at it.
  if (!publicKeyMultibase?.startsWith('z6Mk'))
    return refused('key.unusable', `${verificationMethod} is not published as an Ed25519 Multikey.`);
  const documentLoader = closedLoader(
    new Map<string, object>([
      [signer, { '@context': ['https://www.w3.org/ns/did/v1'], id: signer, assertionMethod: [verificationMethod] }],
      [
        verificationMethod,
        {
          '@context': 'https://w3id.org/security/multikey/v1',
          id: verificationMethod,
          type: 'Multikey',
          controller: signer,
          publicKeyMultibase,
        },
      ],
    ]),
  );
  const result = await vc.verifyCredential({
    credential: structuredClone(credential),
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    now: check.now,
    ...skew,
    // The library wants the key to be the issuer's; whose key a counter-signature has was looked at above.
    ...(signer === issuer ? {} : { purpose: assertion }),
    // The library asks for this function when a status is present; the bit itself is checked by checkStatusOf.
    checkStatus: async () => ({ verified: true }),
  });
  return result.verified
    ? { ok: true, value: null }
    : refused(
        'data-integrity.proof-invalid',
        `The proof does not fit the document: ${reasonOf(result.error)}`,
        '/proof',
      );
}

/** That somebody asserts what the document says (VC Data Integrity 1.0 §2.4). */
const assertion = {
  term: 'assertionMethod',
  match: async ({ proofPurpose }: { readonly proofPurpose?: unknown }) => proofPurpose === 'assertionMethod',
  validate: async () => ({ valid: true }),
};

async function checkStatusOf(signed: SignedCredential, check: DataIntegrityCheck): Promise<DcpResult<null>> {
  const entries = parseStatusEntries(signed.credential.credentialStatus);
  if (!entries.ok) return entries;
  const { fetchStatusList } = check;
  if (entries.value.length === 0) return { ok: true, value: null };
  if (!fetchStatusList)
    return refused('status.unavailable', 'The credential has a status, and no list can be fetched here.');
  return checkStatus(
    { issuer: signed.issuer, credentialStatus: entries.value },
    { now: check.now, resolveDid: check.resolveDid, fetchStatusList },
  );
}

function issuerOf({ issuer }: JsonObject): Did | null {
  const id = isJsonObject(issuer) ? issuer.id : issuer;
  return isDid(id) ? id : null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { errors } = error as { readonly errors?: readonly Error[] };
  return errors?.[0]?.message ?? error.message;
}
