import type { Did, Ids, JsonObject } from '@hansa/kernel';
import { credentialsV1, credentialsV2, openCredential, type Profile } from './credential.js';
import { numericDate, signJwt } from './jwt.js';
import type { Signer } from './keys.js';
import type { DcpResult } from './problem.js';

export interface PresentationRequest {
  /** Credential JWTs as they were issued. */
  readonly credentials: readonly string[];
  readonly holder: Did;
  readonly signer: Signer;
  /** The verifier that asked. */
  readonly audience: Did;
  readonly now: Date;
  readonly ids: Ids;
  /** Seconds. @default 300 */
  readonly lifetime?: number;
}

/**
 * Wraps credentials for one verifier: one presentation for each profile among them, since a presentation must not mix
 * data models (DCP 1.0, "profiles": homogeneity). VC 2.0 comes in two envelopes, a JWT around the JWT of the
 * presentation, because EDC reads only that form; unlike EDC we put `iss`, `aud`, `iat`, `exp` and `jti` into both.
 * Problems: `jwt.*`, `credential.malformed` for a text that is no credential.
 *
 * @example
 * const presentations = await buildPresentations({ credentials, holder, signer, audience, now, ids });
 * if (presentations.ok) send(presentationResponse(presentations.value));
 */
export async function buildPresentations(request: PresentationRequest): Promise<DcpResult<readonly string[]>> {
  const groups = new Map<Profile, string[]>();
  for (const jwt of request.credentials) {
    const opened = openCredential(jwt);
    if (!opened.ok) return opened;
    const { profile } = opened.value;
    groups.set(profile, [...(groups.get(profile) ?? []), jwt]);
  }
  const presentations: string[] = [];
  for (const [profile, jwts] of groups)
    presentations.push(await (profile === 'vc20-bssl/jwt' ? presentVc20(jwts, request) : presentVc11(jwts, request)));
  return { ok: true, value: presentations };
}

function envelopeClaims({ holder, audience, now, ids, lifetime = 300 }: PresentationRequest): JsonObject {
  const iat = numericDate(now);
  return { iss: holder, sub: holder, aud: audience, jti: ids.next(), iat, exp: iat + lifetime };
}

async function presentVc20(jwts: readonly string[], request: PresentationRequest): Promise<string> {
  const inner = await signJwt(request.signer, 'vp+jwt', {
    '@context': [credentialsV2],
    type: 'VerifiablePresentation',
    holder: request.holder,
    verifiableCredential: jwts.map((jwt) => ({
      '@context': credentialsV2,
      id: `data:application/vc+jwt,${jwt}`,
      type: 'EnvelopedVerifiableCredential',
    })),
    ...envelopeClaims(request),
  });
  return signJwt(request.signer, 'vp+jwt', {
    '@context': [credentialsV2],
    type: 'EnvelopedVerifiablePresentation',
    id: `data:application/vp+jwt,${inner}`,
    ...envelopeClaims(request),
  });
}

function presentVc11(jwts: readonly string[], request: PresentationRequest): Promise<string> {
  const vp = { '@context': [credentialsV1], type: 'VerifiablePresentation', verifiableCredential: jwts };
  const claims = envelopeClaims(request);
  return signJwt(request.signer, 'JWT', { ...claims, nbf: claims.iat ?? 0, vp });
}
