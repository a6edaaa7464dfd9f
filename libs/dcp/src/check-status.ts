import { type Did, isJsonObject, type Result } from '@hansa/kernel';
import { checkDates } from './check-dates.js';
import { type Credential, openCredential, readCredential } from './credential.js';
import type { DidDocument, RelationshipPolicy, ResolveDid } from './did-document.js';
import { type UnverifiedJwt, verifySignature } from './jwt.js';
import { textList } from './lists.js';
import { type DcpResult, refused } from './problem.js';
import type { StatusEntry } from './status-entry.js';
import { decodeStatusList, statusAt } from './status-list.js';

/**
 * Fetches a status list by its URL and returns the body, a JWT (port). Guarding the address, limiting time and size,
 * and caching (the issuer should not learn who asks when) are the adapter's part.
 */
export type FetchStatusList = (url: string) => Promise<Result<string>>;

export interface StatusCheck {
  readonly now: Date;
  readonly resolveDid: ResolveDid;
  readonly fetchStatusList: FetchStatusList;
  /** @default 'strict' */
  readonly relationshipPolicy?: RelationshipPolicy;
}

/** Characters of a signed list. */
const maxListLength = 1_048_576;

const listTypes: Readonly<Record<StatusEntry['type'], readonly [credential: string, subject: string]>> = {
  BitstringStatusListEntry: ['BitstringStatusListCredential', 'BitstringStatusList'],
  StatusList2021Entry: ['StatusList2021Credential', 'StatusList2021'],
};

/**
 * Checks every status entry of a credential against the signed list of the same issuer. Fails closed: a list that
 * can't be fetched, read or trusted makes the credential unusable.
 * Problems: `status.*`, and `did.unresolvable`, `jwt.*`, `key.*` of the list.
 */
export async function checkStatus(
  credential: { readonly issuer: Did; readonly credentialStatus: readonly StatusEntry[] },
  check: StatusCheck,
): Promise<DcpResult<null>> {
  for (const entry of credential.credentialStatus) {
    const list = await loadList(entry, credential.issuer, check);
    if (!list.ok) return list;
    const set = statusAt(list.value, entry.statusListIndex);
    if (set === undefined)
      return refused('status.malformed', `The index ${entry.statusListIndex} lies outside the status list.`);
    if (set && entry.statusPurpose === 'suspension')
      return refused('status.suspended', `${credential.issuer} has suspended the credential.`);
    if (set) return refused('status.revoked', `${credential.issuer} has revoked the credential.`);
  }
  return { ok: true, value: null };
}

/** A list as it was read, and for which DID documents of its issuer its signature is good. */
interface OpenedList {
  readonly jwt: UnverifiedJwt;
  readonly credential: Credential;
  readonly signedFor: WeakSet<DidDocument>;
  bits?: DcpResult<Uint8Array>;
}

/**
 * What was read of a list, as long as whoever fetches lists gives the same answer: every message asks for the same list,
 * and reading it takes a millisecond.
 */
const opened = new WeakMap<object, DcpResult<OpenedList>>();

function openList(fetched: Result<string> & { ok: true }): DcpResult<OpenedList> {
  const known = opened.get(fetched);
  if (known) return known;
  const list = readList(fetched.value);
  opened.set(fetched, list);
  return list;
}

function readList(text: string): DcpResult<OpenedList> {
  const raw = openCredential(text, maxListLength);
  if (!raw.ok) return refused('status.list-invalid', `The status list is no signed credential: ${raw.problem.detail}`);
  // EDC signs bitstring lists in the VC 1.1 form, so the data model of the list need not be that of the credential.
  const read = readCredential(raw.value);
  if (!read.ok) return refused('status.list-invalid', `The status list can't be read: ${read.problem.detail}`);
  return { ok: true, value: { jwt: raw.value.jwt, credential: read.value, signedFor: new WeakSet() } };
}

async function loadList(entry: StatusEntry, issuer: Did, check: StatusCheck): Promise<DcpResult<Uint8Array>> {
  const url = entry.statusListCredential;
  const fetched = await check.fetchStatusList(url);
  if (!fetched.ok)
    return refused('status.unavailable', `The status list could not be fetched: ${fetched.problem.detail}`);
  const found = openList(fetched);
  if (!found.ok) return found;
  const list = found.value.credential;
  const [credentialType, subjectType] = listTypes[entry.type];
  const subject = list.credentialSubject[0];
  if (list.issuer !== issuer) return refused('status.list-invalid', `The status list was not issued by ${issuer}.`);
  if (list.id !== url || !list.type.includes(credentialType) || list.credentialSubject.length !== 1)
    return refused('status.list-invalid', `The document at ${url} is another credential than this status list.`);
  if (!isJsonObject(subject) || subject.type !== subjectType)
    return refused('status.list-invalid', `The status list must have a subject of type ${subjectType}.`);
  if (!textList(subject.statusPurpose).includes(entry.statusPurpose))
    return refused('status.list-invalid', `The status list is not meant for ${entry.statusPurpose}.`);
  const dates = checkDates(list, check.now);
  if (dates) return refused('status.list-invalid', `The status list is out of date: ${dates.detail}`);
  const signed = await verifyList(found.value, issuer, check);
  if (!signed.ok) return signed;
  found.value.bits ??= decodeStatusList(subject.encodedList);
  return found.value.bits;
}

/** The same bytes under the same document have the same signature: it is verified once for each document. */
async function verifyList({ jwt, signedFor }: OpenedList, issuer: Did, check: StatusCheck): Promise<DcpResult<null>> {
  const document = await check.resolveDid(issuer, { refresh: false });
  if (document.ok && signedFor.has(document.value)) return { ok: true, value: null };
  const signed = await verifySignature(jwt, { ...check, by: issuer, relationship: 'assertionMethod' });
  if (signed.ok && document.ok) signedFor.add(document.value);
  return signed;
}
