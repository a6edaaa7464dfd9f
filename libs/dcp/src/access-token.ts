import type { Did } from '@hansa/kernel';
import type { DidDocument } from './did-document.js';
import { checkAudience, checkTimes, decodeJwt, numericDate, signJwt, verifySignature } from './jwt.js';
import type { Signer } from './keys.js';
import { type DcpResult, refused, type Verified } from './problem.js';
import { formatScope, parseScope, type Scope } from './scope.js';
import { tokenLifetime } from './self-issued-token.js';

/** What the bearer of an access token may read from our Credential Service. */
export interface AccessGrant {
  readonly verifier: Did;
  readonly scopes: readonly Scope[];
}

/**
 * The access token that a holder puts into the `token` claim: a grant to itself, bound to one verifier. Only the
 * holder reads it, so the form is free (DCP 1.0 §4.3.2); this is EDC's.
 */
export function issueAccessToken(request: {
  readonly signer: Signer;
  readonly holder: Did;
  readonly verifier: Did;
  readonly scopes: readonly Scope[];
  readonly now: Date;
  readonly jti: string;
  /** Seconds. @default 300 */
  readonly lifetime?: number;
}): Promise<string> {
  const { signer, holder, verifier, scopes, now, jti, lifetime = tokenLifetime } = request;
  const iat = numericDate(now);
  const scope = scopes.map(formatScope).join(' ');
  return signJwt(signer, 'at+jwt', { iss: holder, aud: holder, sub: verifier, scope, jti, iat, exp: iat + lifetime });
}

/**
 * Verifies an access token with our own key, never with one that its `kid` could lead to, and binds it to the sender
 * of the surrounding Self-Issued ID Token: a stolen access token is worthless without the verifier's key. It may be
 * used again until it expires, so that a query whose answer got lost can be repeated.
 * Problems: `jwt.*`, `key.*`, `access-token.foreign`, `scope.malformed`.
 */
export async function verifyAccessToken(
  token: unknown,
  check: {
    /** Our own DID document, as published now. */
    readonly document: DidDocument;
    /** Issuer of the Self-Issued ID Token that carried the access token. */
    readonly presenter: Did;
    readonly now: Date;
  },
): Promise<DcpResult<Verified<AccessGrant>>> {
  const { document, presenter, now } = check;
  const jwt = decodeJwt(token, ['at+jwt'], 16_384);
  if (!jwt.ok) return jwt;
  const signed = await verifySignature(jwt.value, {
    by: document.id,
    relationship: 'capabilityInvocation',
    resolveDid: async () => ({ ok: true, value: document }),
  });
  if (!signed.ok) return signed;
  const { claims } = jwt.value;
  const problem = checkAudience(claims, document.id) ?? checkTimes(claims, now);
  if (problem) return { ok: false, problem };
  if (claims.iss !== document.id || claims.sub !== presenter)
    return refused('access-token.foreign', `The access token was not issued to ${presenter}.`, 'sub');
  if (typeof claims.exp !== 'number' || typeof claims.scope !== 'string')
    return refused('jwt.claim', 'The access token has no "exp" or no "scope".');
  const scopes: Scope[] = [];
  for (const text of claims.scope.split(' ').filter((part) => part !== '')) {
    const scope = parseScope(text);
    if (!scope.ok) return scope;
    scopes.push(scope.value);
  }
  return { ok: true, value: { verifier: presenter, scopes } as unknown as Verified<AccessGrant> };
}
