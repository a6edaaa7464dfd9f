import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { type Did, isJsonObject, type JsonObject, parseJson } from '@hansa/kernel';
import {
  type Relationship,
  type RelationshipPolicy,
  type ResolveDid,
  selectKey,
  type VerificationMethod,
} from './did-document.js';
import type { Signer } from './keys.js';
import { type DcpProblem, type DcpResult, refused } from './problem.js';

/** Tolerance between the clocks of two nodes in seconds; must stay below 60 (DCP kit, tests of `iat` and `nbf`). */
export const clockSkew = 30;

/** `typ` on everything we sign, so that no token can be taken for one of another sort (RFC 8725 §3.11). */
export type JwtType = 'JWT' | 'at+jwt' | 'vc+jwt' | 'vp+jwt';

/** A decoded JWT whose signature nobody has looked at yet. */
export interface UnverifiedJwt {
  readonly token: string;
  readonly algorithm: string;
  readonly kid: string | undefined;
  readonly claims: JsonObject;
}

const curveAlgorithms: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['Ed25519', ['EdDSA', 'Ed25519']],
]);
const acceptedAlgorithms: ReadonlySet<unknown> = new Set([...curveAlgorithms.values()].flat());

/** Signs claims as a compact JWS (RFC 7515 §7.1). */
export async function signJwt(signer: Signer, type: JwtType, claims: JsonObject): Promise<string> {
  const header = { alg: signer.algorithm, kid: signer.id, typ: type };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const signature = await signer.sign(Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/**
 * Takes a compact JWS apart. Refuses algorithms off the list, critical headers, unexpected `typ`, and JSON that is too
 * deep. The headers `jwk`, `jku`, `x5u` and `x5c` are never read: keys come from DID documents only.
 *
 * @param types - accepted `typ` values; a missing `typ` and the generic `JWT` count as each of them, except where the
 * list is `at+jwt` alone
 * @param maxLength - in characters
 */
export function decodeJwt(token: unknown, types: readonly JwtType[], maxLength: number): DcpResult<UnverifiedJwt> {
  if (typeof token !== 'string' || token.length > maxLength || !isCompactJws(token))
    return refused('jwt.malformed', `A compact JWT of at most ${maxLength} characters is needed.`);
  const [header, claims] = token.split('.', 2).map(decodePart);
  if (!header || !claims) return refused('jwt.malformed', 'The header or the payload of the JWT is not a JSON object.');
  if (!acceptedAlgorithms.has(header.alg))
    return refused('jwt.algorithm', 'The JWT must be signed with ES256, ES384 or EdDSA.', 'alg');
  if (header.crit !== undefined || header.b64 !== undefined)
    return refused('jwt.algorithm', 'The JWT has critical header parameters; none are supported.', 'crit');
  const type = normalType(header.typ);
  if (type === null || !types.some((accepted) => accepted === type || (type === 'JWT' && accepted !== 'at+jwt')))
    return refused('jwt.type', `The "typ" of the JWT must be ${types.join(' or ')}.`, 'typ');
  const { kid } = header;
  if (kid !== undefined && typeof kid !== 'string')
    return refused('jwt.malformed', 'The "kid" of the JWT is not text.', 'kid');
  return { ok: true, value: { token, algorithm: String(header.alg), kid, claims } };
}

/** Three parts in the one base64url form that their bytes have, so that nobody can make a second text of a token. */
function isCompactJws(token: string): boolean {
  const parts = token.split('.');
  return (
    parts.length === 3 &&
    parts.every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)
  );
}

function decodePart(part: string): JsonObject | null {
  const parsed = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
}

/** Media types compare without case, and `application/` may be left out (RFC 7515 §4.1.9). */
function normalType(typ: unknown): string | null {
  if (typ === undefined) return 'JWT';
  if (typeof typ !== 'string') return null;
  const short = typ.toLowerCase().replace(/^application\//, '');
  return short === 'jwt' ? 'JWT' : short;
}

export interface SignatureCheck {
  /** The DID that must have signed; a `kid` of any other DID is refused before anything is fetched. */
  readonly by: Did;
  readonly relationship: Relationship;
  readonly resolveDid: ResolveDid;
  readonly relationshipPolicy?: RelationshipPolicy;
}

/**
 * Checks the signature with a key from the DID document of `check.by`. An unknown key or a wrong signature asks once
 * for a fresh document, because the signer may have rotated its keys.
 */
export async function verifySignature(jwt: UnverifiedJwt, check: SignatureCheck): Promise<DcpResult<null>> {
  if (jwt.kid?.includes(':') && jwt.kid.slice(0, jwt.kid.indexOf('#')) !== check.by)
    return refused('jwt.foreign-key', `The JWT of ${check.by} names a key of another DID.`, 'kid');
  const cached = await verifyWith(jwt, check, false);
  if (cached.ok || (cached.problem.kind !== 'key.unknown' && cached.problem.kind !== 'jwt.signature')) return cached;
  return verifyWith(jwt, check, true);
}

async function verifyWith(jwt: UnverifiedJwt, check: SignatureCheck, refresh: boolean): Promise<DcpResult<null>> {
  const resolved = await check.resolveDid(check.by, { refresh });
  if (!resolved.ok) return refused('did.unresolvable', `${check.by} could not be resolved: ${resolved.problem.detail}`);
  const method = selectKey(resolved.value, jwt.kid, check.relationship, check.relationshipPolicy);
  if (!method.ok) return method;
  const algorithms = curveAlgorithms.get(method.value.publicKeyJwk?.crv);
  if (!algorithms?.includes(jwt.algorithm))
    return refused('jwt.algorithm', `The algorithm ${jwt.algorithm} does not fit the key ${method.value.id}.`, 'alg');
  const key = importKey(method.value);
  if (!key) return refused('key.unusable', `The key ${method.value.id} is not a valid public JWK.`);
  if (isSigned(jwt, key)) return { ok: true, value: null };
  return refused('jwt.signature', `The signature of the JWT was not made with ${method.value.id}.`);
}

const digests: Readonly<Record<string, string>> = { ES256: 'sha256', ES384: 'sha384' };

/** At once and not in another thread: handing a check of a tenth of a millisecond over costs more than the check. */
function isSigned({ token, algorithm }: UnverifiedJwt, key: KeyObject): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const digest = digests[algorithm] ?? null;
  try {
    return verify(digest, Buffer.from(token.slice(0, end)), { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}

const importedKeys = new WeakMap<VerificationMethod, KeyObject | null>();

/** Importing costs as much as verifying; documents are cached by their resolver, so their keys are cached here. */
function importKey(method: VerificationMethod): KeyObject | null {
  const known = importedKeys.get(method);
  if (known !== undefined) return known;
  const imported = readKey(method);
  importedKeys.set(method, imported);
  return imported;
}

function readKey({ publicKeyJwk: { kty, crv, x, y } = {} }: VerificationMethod): KeyObject | null {
  const key = { kty, crv, x, ...(y === undefined ? {} : { y }) } as JsonWebKey;
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return null;
  }
}

/** A required text claim of at most 512 characters. */
export function textClaim(claims: JsonObject, name: string): DcpResult<string> {
  const value = claims[name];
  return typeof value === 'string' && value !== '' && value.length <= 512
    ? { ok: true, value }
    : refused('jwt.claim', `The claim "${name}" must be text of 1 to 512 characters.`, name);
}

/**
 * Checks `exp`, `nbf` and `iat` where present: NumericDate (RFC 7519 §2), not over, not in the future.
 * `iat` in the future is refused although RFC 7519 doesn't ask for it (DCP kit 6.4.7).
 */
export function checkTimes(claims: JsonObject, now: Date): DcpProblem | null {
  const seconds = now.getTime() / 1000;
  for (const name of ['exp', 'nbf', 'iat']) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || value < 0 || value > 1e11)
      return { kind: 'jwt.claim', detail: `The claim "${name}" must be a date in seconds since 1970.`, at: name };
    if (name === 'exp' && value <= seconds - clockSkew)
      return { kind: 'jwt.expired', detail: 'The JWT has expired; ask for a new one.', at: name };
    if (name !== 'exp' && value > seconds + clockSkew)
      return { kind: 'jwt.not-yet-valid', detail: `The JWT is not valid yet; compare both clocks.`, at: name };
  }
  return null;
}

/** A single audience, as text or as an array of one (RFC 7519 §4.1.3); anything else is for somebody else. */
export function checkAudience(claims: JsonObject, audience: Did): DcpProblem | null {
  const { aud } = claims;
  const single = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  return single === audience
    ? null
    : { kind: 'jwt.audience', detail: `The JWT must be meant for ${audience} alone.`, at: 'aud' };
}

/** Seconds since 1970, as JWT claims count time. */
export function numericDate(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
