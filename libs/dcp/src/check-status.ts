import { type Did, isJsonObject, type Result } from '@hansa/kernel';
import { checkDates } from './check-dates.js';
import { openCredential, readCredential } from './credential.js';
import type { RelationshipPolicy, ResolveDid } from './did-document.js';
import { verifySignature } from './jwt.js';
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

async function loadList(entry: StatusEntry, issuer: Did, check: StatusCheck): Promise<DcpResult<Uint8Array>> {
  const url = entry.statusListCredential;
  const fetched = await check.fetchStatusList(url);
  if (!fetched.ok)
    return refused('status.unavailable', `The status list could not be fetched: ${fetched.problem.detail}`);
  const raw = openCredential(fetched.value, maxListLength);
  if (!raw.ok) return refused('status.list-invalid', `The status list is no signed credential: ${raw.problem.detail}`);
  // EDC signs bitstring lists in the VC 1.1 form, so the data model of the list need not be that of the credential.
  const read = readCredential(raw.value);
  if (!read.ok) return refused('status.list-invalid', `The status list can't be read: ${read.problem.detail}`);
  const list = read.value;
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
  const signed = await verifySignature(raw.value.jwt, { ...check, by: issuer, relationship: 'assertionMethod' });
  return signed.ok ? decodeStatusList(subject.encodedList) : signed;
}
