import { type Did, isDid, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { decodeJwt, type UnverifiedJwt } from './jwt.js';
import { listOf, textList } from './lists.js';
import { type DcpResult, refused } from './problem.js';
import { parseStatusEntries, type StatusEntry } from './status-entry.js';

/** The profiles of DCP 1.0: data model, revocation mechanism and proof in one name. */
export type Profile = 'vc20-bssl/jwt' | 'vc11-sl2021/jwt';

export const credentialsV2 = 'https://www.w3.org/ns/credentials/v2';
export const credentialsV1 = 'https://www.w3.org/2018/credentials/v1';

const maxCredentialLength = 262_144;

/** A credential in one shape for both data models; dates are the narrower window of JWT and data model. */
export interface Credential {
  readonly profile: Profile;
  readonly id?: string;
  readonly type: readonly string[];
  readonly context: readonly string[];
  readonly issuer: Did;
  /** One entry a subject, with its `id` and its claims. */
  readonly credentialSubject: readonly JsonObject[];
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  readonly credentialStatus: readonly StatusEntry[];
  readonly credentialSchema: readonly JsonObject[];
  /** The credential as it was issued. */
  readonly jwt: string;
}

/** A credential whose envelope was opened, and nothing more. */
export interface RawCredential {
  readonly profile: Profile;
  readonly jwt: UnverifiedJwt;
  /** The payload itself (VC 2.0) or its `vc` claim (VC 1.1). */
  readonly body: JsonObject;
  readonly id?: string;
  readonly type: readonly string[];
  readonly context: readonly string[];
}

/** Opens a credential JWT far enough to tell what it claims to be. */
export function openCredential(token: unknown, maxLength = maxCredentialLength): DcpResult<RawCredential> {
  const jwt = decodeJwt(token, ['vc+jwt'], maxLength);
  if (!jwt.ok) return jwt;
  const { claims } = jwt.value;
  const profile: Profile = claims.vc === undefined ? 'vc20-bssl/jwt' : 'vc11-sl2021/jwt';
  const body = claims.vc ?? claims;
  if (!isJsonObject(body) || claims.vp !== undefined)
    return refused('credential.malformed', 'The JWT is not a credential.');
  const id = body.id ?? claims.jti;
  const opened = { profile, jwt: jwt.value, body, type: textList(body.type), context: textList(body['@context']) };
  return { ok: true, value: typeof id === 'string' ? { ...opened, id } : opened };
}

/**
 * Reads the members of an opened credential. Everything that contradicts itself is refused: JWT `iss` against
 * `issuer`, JWT `sub` against the subject.
 */
export function readCredential(raw: RawCredential): DcpResult<Credential> {
  const { profile, jwt, body, type, context } = raw;
  const base = profile === 'vc20-bssl/jwt' ? credentialsV2 : credentialsV1;
  if (context[0] !== base || !type.includes('VerifiableCredential'))
    return refused(
      'credential.malformed',
      `A credential has the context ${base} first and a VerifiableCredential type.`,
    );
  const issuer = isJsonObject(body.issuer) ? body.issuer.id : (body.issuer ?? jwt.claims.iss);
  if (!isDid(issuer)) return refused('credential.malformed', 'The issuer of the credential is not a DID.', '/issuer');
  if (jwt.claims.iss !== undefined && jwt.claims.iss !== issuer)
    return refused('credential.issuer-mismatch', 'The JWT and the credential name different issuers.', '/issuer');
  const credentialSubject = readSubjects(body.credentialSubject, jwt.claims.sub);
  if (!credentialSubject)
    return refused('credential.malformed', 'The subjects of the credential are missing or contradict the JWT.');
  const window = validity(raw);
  if (!window) return refused('credential.malformed', 'A date of the credential is not an XML Schema dateTime.');
  const status = parseStatusEntries(body.credentialStatus);
  if (!status.ok) return status;
  return {
    ok: true,
    value: {
      profile,
      ...(raw.id === undefined ? {} : { id: raw.id }),
      type,
      context,
      issuer,
      credentialSubject,
      ...window,
      credentialStatus: status.value,
      credentialSchema: listOf(body.credentialSchema).map((schema) => (isJsonObject(schema) ? schema : {})),
      jwt: jwt.token,
    },
  };
}

/** VC 1.1 lets `sub` stand for the id of the subject (VC-DM 1.1 §6.3.1). */
function readSubjects(value: Json | undefined, sub: Json | undefined): readonly JsonObject[] | null {
  const subjects = listOf(value);
  if (subjects.length === 0 || !subjects.every(isJsonObject)) return null;
  const named = subjects.map((subject) =>
    subject.id === undefined && sub !== undefined ? { id: sub, ...subject } : subject,
  );
  return sub === undefined || named.every((subject) => subject.id === sub) ? named : null;
}

/** The later start and the earlier end of what the JWT and the data model say; null when a date can't be read. */
function validity({ profile, body, jwt }: RawCredential): { validFrom?: Date; validUntil?: Date } | null {
  const [from, until] = profile === 'vc20-bssl/jwt' ? ['validFrom', 'validUntil'] : ['issuanceDate', 'expirationDate'];
  const starts = [parseDateTime(body[from]), parseNumericDate(jwt.claims.nbf)];
  const ends = [parseDateTime(body[until]), parseNumericDate(jwt.claims.exp)];
  if (starts.includes(null) || ends.includes(null)) return null;
  const start = Math.max(...starts.filter((date) => date !== undefined).map(Number));
  const end = Math.min(...ends.filter((date) => date !== undefined).map(Number));
  return {
    ...(Number.isFinite(start) ? { validFrom: new Date(start) } : {}),
    ...(Number.isFinite(end) ? { validUntil: new Date(end) } : {}),
  };
}

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970 of an XML Schema dateTimeStamp, with up to nanoseconds as Java writes them. */
export function parseDateTime(value: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !dateTime.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

function parseNumericDate(value: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'number' && value >= 0 && value <= 1e11 ? value * 1000 : null;
}
