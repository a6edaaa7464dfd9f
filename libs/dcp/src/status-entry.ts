import { isJsonObject, type Json } from '@hansa/kernel';
import { listOf } from './lists.js';
import { type DcpResult, refused } from './problem.js';

/** What a set bit means. Other purposes of Bitstring Status List (`refresh`, `message`) are refused: fail closed. */
export type StatusPurpose = 'revocation' | 'suspension';

/** Where the status of one credential stands. */
export interface StatusEntry {
  readonly type: 'BitstringStatusListEntry' | 'StatusList2021Entry';
  readonly statusPurpose: StatusPurpose;
  /** Position of the bit, from 0. */
  readonly statusListIndex: number;
  /** URL of the signed list. */
  readonly statusListCredential: string;
}

const index = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * Reads `credentialStatus`, one entry or several. A credential whose status can't be understood is refused.
 * Problems: `status.unsupported`, `status.malformed`.
 */
export function parseStatusEntries(value: Json | undefined): DcpResult<readonly StatusEntry[]> {
  const list = listOf(value);
  if (list.length > 10) return refused('status.malformed', 'The credential has more than 10 status entries.');
  const entries: StatusEntry[] = [];
  for (const one of list) {
    const entry = parseStatusEntry(one);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return { ok: true, value: entries };
}

function parseStatusEntry(value: Json): DcpResult<StatusEntry> {
  if (!isJsonObject(value)) return refused('status.malformed', 'The status of the credential is not an object.');
  const { type, statusPurpose, statusListCredential, statusSize } = value;
  if (type !== 'BitstringStatusListEntry' && type !== 'StatusList2021Entry')
    return refused('status.unsupported', 'The status of the credential is of an unknown type.', '/credentialStatus');
  if (statusPurpose !== 'revocation' && statusPurpose !== 'suspension')
    return refused('status.unsupported', 'The status purpose must be "revocation" or "suspension".', '/statusPurpose');
  if (statusSize !== undefined && statusSize !== 1)
    return refused('status.unsupported', 'Only status lists with one bit an entry are supported.', '/statusSize');
  const position = String(value.statusListIndex);
  if (!index.test(position))
    return refused('status.malformed', 'The status list index must be a whole number from 0.', '/statusListIndex');
  if (typeof statusListCredential !== 'string' || !URL.canParse(statusListCredential))
    return refused('status.malformed', 'The status list is not a URL.', '/statusListCredential');
  return { ok: true, value: { type, statusPurpose, statusListIndex: Number(position), statusListCredential } };
}
