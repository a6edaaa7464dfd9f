import type { Did } from '@hansa/kernel';
import { openCredential, type RawCredential } from './credential.js';
import { maxEntries, parseMessage } from './message.js';
import { openPresentation } from './open-presentation.js';
import { type DcpResult, refused, type Verified } from './problem.js';
import { type Scope, scopeMatches } from './scope.js';
import { type CredentialCheck, type VerifiedCredential, verifyOpened } from './verify-credential.js';

const maxPresentations = 20;

/** Who stands on the other side, and the asked-for credentials that prove it. */
export interface Presentation {
  readonly holder: Did;
  readonly credentials: readonly VerifiedCredential[];
}

export interface PresentationCheck extends CredentialCheck {
  /** Our own DID. */
  readonly audience: Did;
  readonly requestedScopes: readonly Scope[];
}

/**
 * Verifies the answer of a Credential Service (DCP 1.0 §5.4.3 and the rules it leaves to the verifier). `holder` must
 * be the issuer of the Self-Issued ID Token of this exchange, and the answer must come from the Credential Service in
 * that DID's document. Credentials that were not asked for are left aside unread; each that was asked for must be
 * valid, and every scope must be met.
 * Problems: `message.malformed`, `presentation.*`, `credential.*`, `status.*`, `jwt.*`, `key.*`, `did.unresolvable`.
 *
 * @example
 * const presentation = await verifyPresentations(body, {
 *   holder: token.issuer, audience: ownDid, requestedScopes, trustedIssuers, now, resolveDid, fetchStatusList,
 * });
 */
export async function verifyPresentations(
  response: unknown,
  check: PresentationCheck,
): Promise<DcpResult<Verified<Presentation>>> {
  const opened = await openAll(response, check);
  if (!opened.ok) return opened;
  const asked = opened.value.filter((one) => check.requestedScopes.some((scope) => scopeMatches(scope, one)));
  const missing = check.requestedScopes.find((scope) => !asked.some((one) => scopeMatches(scope, one)));
  if (missing)
    return refused(
      'presentation.missing-credential',
      missing.kind === 'type'
        ? `No credential of the type ${missing.value} was presented.`
        : `The credential ${missing.value} was not presented.`,
    );
  const credentials: VerifiedCredential[] = [];
  for (const result of await Promise.all(asked.map((one) => verifyOpened(one, check)))) {
    if (!result.ok) return result;
    credentials.push(result.value);
  }
  return { ok: true, value: { holder: check.holder, credentials } as unknown as Verified<Presentation> };
}

/** Verifies every envelope and opens the credentials inside, within fixed limits. */
async function openAll(response: unknown, check: PresentationCheck): Promise<DcpResult<readonly RawCredential[]>> {
  const body = parseMessage(response, 'PresentationResponseMessage');
  if (!body.ok) return body;
  const { presentation } = body.value;
  if (!Array.isArray(presentation))
    return refused('message.malformed', 'The member "presentation" must be a list.', '/presentation');
  if (presentation.length > maxPresentations)
    return refused('presentation.too-large', `At most ${maxPresentations} presentations are accepted.`);
  const credentials: RawCredential[] = [];
  for (const entry of presentation) {
    const opened = await openPresentation(entry, check);
    if (!opened.ok) return opened;
    if (credentials.length + opened.value.credentials.length > maxEntries)
      return refused('presentation.too-large', `At most ${maxEntries} credentials are accepted.`);
    for (const jwt of opened.value.credentials) {
      const credential = openCredential(jwt);
      if (!credential.ok) return credential;
      if (credential.value.profile !== opened.value.profile)
        return refused(
          'presentation.mixed-profiles',
          `A presentation of ${opened.value.profile} holds another profile.`,
        );
      credentials.push(credential.value);
    }
  }
  if (new Set(credentials.map((one) => one.jwt.token)).size !== credentials.length)
    return refused('presentation.malformed', 'The same credential is presented twice.');
  return { ok: true, value: credentials };
}
