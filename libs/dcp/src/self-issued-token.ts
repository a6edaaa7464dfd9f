import { type Did, isDid } from '@hansa/kernel';
import type { RelationshipPolicy, ResolveDid } from './did-document.js';
import {
  checkAudience,
  checkTimes,
  clockSkew,
  decodeJwt,
  numericDate,
  signJwt,
  textClaim,
  verifySignature,
} from './jwt.js';
import type { Signer } from './keys.js';
import { type DcpResult, refused, type Verified } from './problem.js';

/** Seconds that our own tokens live. */
export const tokenLifetime = 300;
/** The longest life accepted in seconds; the DCP kit issues tokens of 10 minutes. */
const maxTokenLifetime = 900;
const maxTokenLength = 16_384;

/** What a verified Self-Issued ID Token says (DCP 1.0 §4.3.1). */
export interface SelfIssuedToken {
  /** The participant that sent the request, proven by its key. */
  readonly issuer: Did;
  readonly jti: string;
  readonly expiresAt: Date;
  /** The `token` claim: opaque to everybody but its issuer. */
  readonly accessToken?: string;
  readonly preAuthorizedCode?: string;
}

/**
 * Remembers the token and tells whether it was there before, in one atomic step (a unique index, `SET NX`). Entries may
 * be dropped after `until`.
 */
export type SeenBefore = (issuer: Did, jti: string, until: Date) => Promise<boolean>;

export interface TokenRequest {
  readonly signer: Signer;
  readonly did: Did;
  /** The DID of the receiver of this very request. */
  readonly audience: Did;
  readonly accessToken?: string;
  readonly now: Date;
  readonly jti: string;
  /** Seconds. @default 300 */
  readonly lifetime?: number;
}

/**
 * A token by which a participant proves who sends a request; goes into `Authorization: Bearer …`.
 *
 * @example
 * await issueSelfIssuedToken({ signer, did: 'did:web:a.example', audience: 'did:web:b.example', now, jti });
 */
export function issueSelfIssuedToken(request: TokenRequest): Promise<string> {
  const { signer, did, audience, accessToken, now, jti, lifetime = tokenLifetime } = request;
  const iat = numericDate(now);
  const claims = { iss: did, sub: did, aud: audience, jti, iat, exp: iat + lifetime };
  return signJwt(signer, 'JWT', accessToken === undefined ? claims : { ...claims, token: accessToken });
}

export interface TokenCheck {
  /** Our own DID. */
  readonly audience: Did;
  readonly now: Date;
  readonly resolveDid: ResolveDid;
  readonly seenBefore: SeenBefore;
  readonly relationshipPolicy?: RelationshipPolicy;
  /** A verifier that will ask for credentials needs the `token` claim (DCP kit 4.3.1). @default 'optional' */
  readonly accessToken?: 'required' | 'optional';
}

/**
 * Verifies a Self-Issued ID Token (DCP 1.0 §4.3.3): form, `iss` = `sub`, single audience, dates, key of this very DID
 * listed under `capabilityInvocation`, signature, and last of all that it was not used before.
 * Problems: `jwt.*`, `key.*`, `did.unresolvable`, `token.*`.
 *
 * @example
 * const token = await verifySelfIssuedToken(bearer, { audience: ownDid, now, resolveDid, seenBefore });
 * if (token.ok) token.value.issuer; // who is calling
 */
export async function verifySelfIssuedToken(
  token: unknown,
  check: TokenCheck,
): Promise<DcpResult<Verified<SelfIssuedToken>>> {
  const jwt = decodeJwt(token, ['JWT'], maxTokenLength);
  if (!jwt.ok) return jwt;
  const { claims } = jwt.value;
  const { iss, sub, exp, iat, token: accessToken, 'pre-authorized_code': code } = claims;
  if (!isDid(iss) || iss !== sub)
    return refused('jwt.claim', 'The claims "iss" and "sub" must be the same DID.', 'iss');
  const problem = checkAudience(claims, check.audience) ?? checkTimes(claims, check.now);
  if (problem) return { ok: false, problem };
  const foreign = ['vc', 'vp', 'sub_jwk'].find((name) => claims[name] !== undefined);
  if (foreign) return refused('jwt.claim', `The claim "${foreign}" has no place in a Self-Issued ID Token.`, foreign);
  if (typeof exp !== 'number' || typeof iat !== 'number')
    return refused('jwt.claim', 'The claims "exp" and "iat" are required.', typeof exp === 'number' ? 'iat' : 'exp');
  if (exp - iat > maxTokenLifetime)
    return refused('token.lifetime', `The token lives longer than ${maxTokenLifetime} seconds.`, 'exp');
  const jti = textClaim(claims, 'jti');
  if (!jti.ok) return jti;
  if (accessToken !== undefined && typeof accessToken !== 'string')
    return refused('jwt.claim', 'The claim "token" must be text.', 'token');
  if (accessToken === undefined && check.accessToken === 'required')
    return refused('token.no-access-token', 'The token carries no access token for the Credential Service.', 'token');
  const signed = await verifySignature(jwt.value, { ...check, by: iss, relationship: 'capabilityInvocation' });
  if (!signed.ok) return signed;
  const expiresAt = new Date(exp * 1000);
  if (await check.seenBefore(iss, jti.value, new Date(expiresAt.getTime() + clockSkew * 1000)))
    return refused('token.replayed', 'The token was used before; every request needs a fresh one.', 'jti');
  const verified = {
    issuer: iss,
    jti: jti.value,
    expiresAt,
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(typeof code === 'string' ? { preAuthorizedCode: code } : {}),
  };
  return { ok: true, value: verified as Verified<SelfIssuedToken> };
}
