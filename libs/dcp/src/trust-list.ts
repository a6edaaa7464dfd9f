import type { Did } from '@hansa/kernel';

/** An issuer that the data space trusts for certain credential types. */
export interface TrustedIssuer {
  readonly did: Did;
  /** Credential types; `*` stands for every type. */
  readonly types: readonly string[];
  readonly validFrom?: Date;
  readonly validUntil?: Date;
}

/**
 * Whether the issuer may issue a credential with all of these types. DIDs and types are compared whole and exactly.
 * Every type counts: an issuer trusted for one type could otherwise add a second type to its credentials.
 */
export function isTrustedIssuer(
  trusted: readonly TrustedIssuer[],
  credential: { readonly issuer: Did; readonly type: readonly string[] },
  now: Date,
): boolean {
  const entries = trusted.filter(
    ({ did, validFrom, validUntil }) =>
      did === credential.issuer && !(validFrom && now < validFrom) && !(validUntil && now >= validUntil),
  );
  const types = new Set(entries.flatMap((entry) => entry.types));
  const specific = credential.type.filter((type) => type !== 'VerifiableCredential');
  return specific.length > 0 && (types.has('*') || specific.every((type) => types.has(type)));
}
