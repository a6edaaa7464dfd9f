import type { Did } from '@hansa/kernel';
import { openCredential } from './credential.js';
import type { ResolveDid } from './did-document.js';
import type { CredentialContainer, CredentialDelivery } from './issuance-messages.js';
import { type DcpResult, refused } from './problem.js';
import { type VerifiedCredential, verifyIssuance } from './verify-credential.js';

/** The request that a delivery must answer. */
export interface PendingRequest {
  readonly holderPid: string;
  /** The issuer that was asked. */
  readonly issuer: Did;
  /** The credential types that were asked for. */
  readonly types: readonly string[];
}

export interface AcceptanceCheck {
  readonly request: PendingRequest;
  /** Issuer of the Self-Issued ID Token that came with the delivery. */
  readonly sender: Did;
  /** Our own DID. */
  readonly holder: Did;
  readonly now: Date;
  readonly resolveDid: ResolveDid;
}

const formats: ReadonlySet<string> = new Set(['vc20-bssl/jwt', 'vc11-sl2021/jwt', 'jwt']);

/**
 * Checks what an issuer delivered before it is stored: the answer to our own request, from the issuer that was asked,
 * of the types asked for, about us, signed by that issuer and valid now. Without this anybody could push credentials
 * into a Credential Service.
 * Problems: `credential.*`, `jwt.*`, `key.*`, `did.unresolvable`.
 */
export async function acceptCredentials(
  delivery: Extract<CredentialDelivery, { status: 'ISSUED' }>,
  check: AcceptanceCheck,
): Promise<DcpResult<readonly VerifiedCredential[]>> {
  const { request, sender } = check;
  if (delivery.holderPid !== request.holderPid || sender !== request.issuer)
    return refused('credential.not-requested', 'The delivery answers no request that was sent to this issuer.');
  const accepted: VerifiedCredential[] = [];
  for (const container of delivery.credentials) {
    const credential = await acceptOne(container, check);
    if (!credential.ok) return credential;
    accepted.push(credential.value);
  }
  return { ok: true, value: accepted };
}

async function acceptOne(
  { credentialType, payload, format }: CredentialContainer,
  { request, holder, now, resolveDid }: AcceptanceCheck,
): Promise<DcpResult<VerifiedCredential>> {
  if (!formats.has(format))
    return refused('credential.malformed', `The format must be one of ${[...formats].join(', ')}.`, 'format');
  const opened = openCredential(payload);
  if (!opened.ok) return opened;
  if (!request.types.includes(credentialType) || !opened.value.type.includes(credentialType))
    return refused('credential.not-requested', `A credential of type "${credentialType}" was not asked for.`);
  const trustedIssuers = [{ did: request.issuer, types: ['*'] }];
  return verifyIssuance(opened.value, { holder, now, resolveDid, trustedIssuers });
}
