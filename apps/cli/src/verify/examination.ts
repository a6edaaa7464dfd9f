import type { FetchStatusList, ResolveDid } from '@hansa/dcp';
import type { Did } from '@hansa/kernel';
import type { Evidence } from './recognise.js';

/** One thing that was looked at. `unchecked` is said where something could not be looked at and is not counted. */
export interface Check {
  readonly check: string;
  readonly outcome: 'holds' | 'fails' | 'unchecked';
  /** What was found, in one sentence. */
  readonly detail: string;
}

/** What was found out about one file. It is valid when no check fails. */
export interface Examination {
  readonly file: string;
  readonly kind: Evidence['kind'];
  /** Whose signature it needs, as the file itself says. */
  readonly signer: string | null;
  readonly checks: readonly Check[];
}

/** What verifying needs from outside the files. */
export interface VerifyPorts {
  readonly resolveDid: ResolveDid;
  /** Absent offline: then revocation is not checked, and every result says so. */
  readonly statusListsOf?: (issuer: Did) => FetchStatusList;
  readonly now: Date;
  /** The only signer that is acceptable. */
  readonly signer?: Did;
}

/** A check that holds. */
export const holds = (check: string, detail: string): Check => ({ check, outcome: 'holds', detail });
/** A check that fails. */
export const fails = (check: string, detail: string): Check => ({ check, outcome: 'fails', detail });
/** A check that was not made. */
export const unchecked = (check: string, detail: string): Check => ({ check, outcome: 'unchecked', detail });

export function isValid({ checks }: Examination): boolean {
  return checks.every(({ outcome }) => outcome !== 'fails');
}
