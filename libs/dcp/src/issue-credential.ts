import type { Did, JsonObject } from '@hansa/kernel';
import { credentialsV2 } from './credential.js';
import { numericDate, signJwt } from './jwt.js';
import type { Signer } from './keys.js';
import type { StatusEntry, StatusPurpose } from './status-entry.js';
import { encodeStatusList } from './status-list.js';

export interface CredentialDraft {
  readonly signer: Signer;
  readonly issuer: Did;
  readonly subject: Did;
  /** The specific type, for instance `MembershipCredential`. */
  readonly type: string;
  /** Claims about the subject; its `id` is added. */
  readonly claims: JsonObject;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly status?: StatusEntry;
  /** A URI for the credential. */
  readonly id: string;
}

/**
 * Issues a VC 2.0 credential as a JWT (W3C VC-JOSE-COSE: the payload is the credential, no `vc` claim). EDC can read it:
 * `issuer` is text, the status has an `id`, the `kid` is absolute.
 *
 * @example
 * await issueCredential({ signer, issuer, subject, type: 'MembershipCredential', claims, validFrom, validUntil, id });
 */
export function issueCredential(draft: CredentialDraft): Promise<string> {
  const { signer, issuer, subject, type, claims, validFrom, validUntil, status, id } = draft;
  return signJwt(signer, 'vc+jwt', {
    '@context': [credentialsV2],
    id,
    type: ['VerifiableCredential', type],
    issuer,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil.toISOString(),
    credentialSubject: { ...claims, id: subject },
    ...(status === undefined ? {} : { credentialStatus: statusMember(status) }),
    iss: issuer,
    sub: subject,
    jti: id,
    nbf: numericDate(validFrom),
    exp: numericDate(validUntil),
  });
}

/** The `credentialStatus` member in the form of its specification; also for Data Integrity credentials. */
export function statusMember(status: StatusEntry): JsonObject {
  const { type, statusPurpose, statusListIndex, statusListCredential } = status;
  return {
    id: `${statusListCredential}#${statusListIndex}`,
    type,
    statusPurpose,
    statusListIndex: String(statusListIndex),
    statusListCredential,
  };
}

/**
 * Issues a status list as a signed VC 2.0 credential, to be served at `url` as `application/vc+jwt`.
 * Give it a short life and issue it again in time: `validUntil` is how long a peer may trust its copy.
 */
export function issueStatusList(list: {
  readonly signer: Signer;
  readonly issuer: Did;
  readonly url: string;
  readonly purpose: StatusPurpose;
  readonly bits: Uint8Array;
  readonly validFrom: Date;
  readonly validUntil: Date;
}): Promise<string> {
  const { signer, issuer, url, purpose, bits, validFrom, validUntil } = list;
  return signJwt(signer, 'vc+jwt', {
    '@context': [credentialsV2],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil.toISOString(),
    credentialSubject: {
      id: `${url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: encodeStatusList(bits),
    },
    iss: issuer,
    nbf: numericDate(validFrom),
    exp: numericDate(validUntil),
  });
}
