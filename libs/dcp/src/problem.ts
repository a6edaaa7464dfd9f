import { type Brand, type Problem, type Result, refuse } from '@hansa/kernel';

/**
 * Every reason for which this library refuses something. `did.unresolvable` and `status.unavailable` mean that the
 * answer could not be found out (try again later); all others are final for the same input.
 */
export type DcpProblemKind =
  | 'did.malformed'
  | 'did.unresolvable'
  | 'did-document.malformed'
  | 'did-document.no-service'
  | 'key.malformed'
  | 'key.unknown'
  | 'key.ambiguous'
  | 'key.wrong-relationship'
  | 'key.unusable'
  | 'jwt.malformed'
  | 'jwt.type'
  | 'jwt.algorithm'
  | 'jwt.foreign-key'
  | 'jwt.signature'
  | 'jwt.claim'
  | 'jwt.audience'
  | 'jwt.expired'
  | 'jwt.not-yet-valid'
  | 'token.lifetime'
  | 'token.replayed'
  | 'token.no-access-token'
  | 'access-token.foreign'
  | 'scope.malformed'
  | 'message.malformed'
  | 'presentation-query.ambiguous'
  | 'presentation-query.empty'
  | 'presentation-query.definition-unsupported'
  | 'presentation.malformed'
  | 'presentation.unsupported'
  | 'presentation.too-large'
  | 'presentation.mixed-profiles'
  | 'presentation.foreign-holder'
  | 'presentation.missing-credential'
  | 'credential.malformed'
  | 'credential.issuer-mismatch'
  | 'credential.untrusted-issuer'
  | 'credential.foreign-subject'
  | 'credential.expired'
  | 'credential.not-yet-valid'
  | 'credential.schema-unknown'
  | 'credential.not-requested'
  | 'status.malformed'
  | 'status.unsupported'
  | 'status.unavailable'
  | 'status.list-invalid'
  | 'status.revoked'
  | 'status.suspended'
  | 'data-integrity.malformed'
  | 'data-integrity.unsupported'
  | 'data-integrity.context-unknown'
  | 'data-integrity.unsignable'
  | 'data-integrity.proof-invalid';

export type DcpProblem = Problem<DcpProblemKind>;
export type DcpResult<T> = Result<T, DcpProblem>;

/**
 * A value that passed the checks of this library. Only the verifying functions here make one, so a function that asks
 * for `Verified<Presentation>` can't be called with unchecked data.
 */
export type Verified<T> = Brand<T, 'Verified'>;

/** `refuse` of the kernel, narrowed to the kinds of this library. */
export function refused(kind: DcpProblemKind, detail: string, at?: string): { ok: false; problem: DcpProblem } {
  return refuse(kind, detail, at);
}
