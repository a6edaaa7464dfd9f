import { type Did, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import type { Profile } from './credential.js';
import type { RelationshipPolicy, ResolveDid } from './did-document.js';
import { checkAudience, checkTimes, decodeJwt, verifySignature } from './jwt.js';
import { listOf, textList } from './lists.js';
import { type DcpResult, refused } from './problem.js';

/** The credentials of one presentation whose envelopes were verified; the credentials themselves were not. */
export interface OpenedPresentation {
  readonly profile: Profile;
  readonly credentials: readonly string[];
}

export interface EnvelopeCheck {
  /** Issuer of the Self-Issued ID Token that started the exchange; must have signed every layer. */
  readonly holder: Did;
  /** Our own DID. */
  readonly audience: Did;
  readonly now: Date;
  readonly resolveDid: ResolveDid;
  readonly relationshipPolicy?: RelationshipPolicy;
}

const presentationPrefix = 'data:application/vp+jwt,';
const credentialPrefix = 'data:application/vc+jwt,';
const maxPresentationLength = 1_048_576;

/**
 * Opens one entry of a presentation response in any of the forms in use: a VC 1.1 JWT with a `vp` claim, a VC 2.0
 * presentation JWT, EDC's JWT around such a JWT, or the W3C's enveloped object.
 */
export async function openPresentation(entry: Json, check: EnvelopeCheck): Promise<DcpResult<OpenedPresentation>> {
  if (typeof entry === 'string') return openJwt(entry, check, 'any');
  const inner = isJsonObject(entry) ? envelopedJwt(entry) : null;
  return inner === null
    ? refused('presentation.unsupported', 'The presentation is neither a JWT nor an enveloped JWT.')
    : openJwt(inner, check, 'vc20');
}

/** @param expected - `vc20` inside an envelope, where only a VC 2.0 presentation may stand */
async function openJwt(
  token: string,
  check: EnvelopeCheck,
  expected: 'any' | 'vc20',
): Promise<DcpResult<OpenedPresentation>> {
  const layer = await verifyLayer(token, check);
  if (!layer.ok) return layer;
  const claims = layer.value;
  if (expected === 'any' && isJsonObject(claims.vp)) return openVc11(claims, claims.vp, check);
  if (textList(claims.type).includes('VerifiablePresentation')) return openVc20(claims);
  const inner = expected === 'any' ? envelopedJwt(claims) : null;
  return inner === null
    ? refused('presentation.malformed', 'The JWT does not hold a verifiable presentation.', '/type')
    : openJwt(inner, check, 'vc20');
}

/** The checks that every layer must pass: signed by the holder, naming nobody else, for us, and in time. */
async function verifyLayer(token: string, check: EnvelopeCheck): Promise<DcpResult<JsonObject>> {
  const jwt = decodeJwt(token, ['vp+jwt'], maxPresentationLength);
  if (!jwt.ok) return jwt;
  const { claims } = jwt.value;
  const vp = isJsonObject(claims.vp) ? claims.vp : {};
  const named = [claims.iss, claims.sub, idOf(claims.holder), idOf(vp.holder)].filter((name) => name !== undefined);
  if (named.some((name) => name !== check.holder))
    return refused('presentation.foreign-holder', `The presentation names another holder than ${check.holder}.`);
  const problem =
    (claims.aud === undefined ? null : checkAudience(claims, check.audience)) ?? checkTimes(claims, check.now);
  if (problem) return { ok: false, problem };
  const signed = await verifySignature(jwt.value, { ...check, by: check.holder, relationship: 'authentication' });
  return signed.ok ? { ok: true, value: claims } : signed;
}

function idOf(value: Json | undefined): Json | undefined {
  return isJsonObject(value) ? value.id : value;
}

/** The JWT inside an `EnvelopedVerifiablePresentation`, or null. */
function envelopedJwt(value: JsonObject): string | null {
  const isEnvelope = textList(value.type).includes('EnvelopedVerifiablePresentation');
  return isEnvelope && typeof value.id === 'string' && value.id.startsWith(presentationPrefix)
    ? value.id.slice(presentationPrefix.length)
    : null;
}

function openVc11(claims: JsonObject, vp: JsonObject, check: EnvelopeCheck): DcpResult<OpenedPresentation> {
  const problem = checkAudience(claims, check.audience);
  if (problem) return { ok: false, problem };
  if (claims.iss === undefined || claims.exp === undefined)
    return refused('presentation.malformed', 'A VC 1.1 presentation needs the claims "iss" and "exp".');
  const credentials = listOf(vp.verifiableCredential);
  if (!textList(vp.type).includes('VerifiablePresentation') || !credentials.every((one) => typeof one === 'string'))
    return refused('presentation.malformed', 'The "vp" claim is not a presentation of credential JWTs.', '/vp');
  return { ok: true, value: { profile: 'vc11-sl2021/jwt', credentials } };
}

/** `aud` and the dates may be missing here: EDC puts them into neither layer. The holder binding makes up for it. */
function openVc20(claims: JsonObject): DcpResult<OpenedPresentation> {
  const credentials: string[] = [];
  for (const one of listOf(claims.verifiableCredential)) {
    const id = isJsonObject(one) && textList(one.type).includes('EnvelopedVerifiableCredential') ? one.id : null;
    if (typeof id !== 'string' || !id.startsWith(credentialPrefix))
      return refused('presentation.malformed', 'A VC 2.0 presentation must hold enveloped credential JWTs.');
    credentials.push(id.slice(credentialPrefix.length));
  }
  return { ok: true, value: { profile: 'vc20-bssl/jwt', credentials } };
}
