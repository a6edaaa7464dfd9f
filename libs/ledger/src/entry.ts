import {
  canonicalJson,
  type Did,
  isDid,
  isJsonObject,
  type Json,
  ok,
  type Problem,
  type Result,
  refuse,
} from '@hansa/kernel';
import { type Hash, leafHash } from './hash.js';

/** One thing that happened, as the ledger keeps it. */
export interface LedgerEntry {
  /** What happened: a stable, dotted, past-tense name such as `negotiation.agreed`. */
  readonly kind: string;
  /** When, in UTC with milliseconds: `2026-11-23T04:05:06.789Z`. */
  readonly at: string;
  /** Who did it. */
  readonly actor: Did;
  /** The ids of what it is about (agreement, dataset, model, person's pseudonym), for finding entries again. */
  readonly subjects: readonly string[];
  /**
   * The facts behind it, with the inputs of the decision. A log cannot forget, so personal data goes in as a salted
   * digest only.
   */
  readonly data: Json;
}

const members = ['kind', 'at', 'actor', 'subjects', 'data'] as const;
const kindSyntax = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;

/**
 * The bytes that the ledger hashes: the canonical JSON of the entry (RFC 8785) in UTF-8.
 *
 * @example
 * leafHash(entryBytes(entry)) // the same as entryHash(entry)
 */
export function entryBytes(entry: LedgerEntry): Uint8Array {
  return new TextEncoder().encode(canonicalJson(entry));
}

/** The leaf hash of an entry. */
export function entryHash(entry: LedgerEntry): Hash {
  return leafHash(entryBytes(entry));
}

/**
 * Checks JSON from outside to be a ledger entry: exactly its five members, each well formed.
 *
 * @example
 * parseLedgerEntry({ kind: 'Agreed' }); // { ok: false, problem: { kind: 'ledger.malformed-entry', at: '/kind', … } }
 */
export function parseLedgerEntry(value: unknown): Result<LedgerEntry, Problem<'ledger.malformed-entry'>> {
  if (!isJsonObject(value)) return malformed('The entry is not a JSON object.');
  const extra = Object.keys(value).find((name) => !members.some((member) => member === name));
  if (extra !== undefined) return malformed(`The entry has an unknown member "${extra}".`, `/${extra}`);
  const { kind, at, actor, subjects, data } = value;
  if (typeof kind !== 'string' || !kindSyntax.test(kind))
    return malformed('The kind must be a dotted lower-case name such as "negotiation.agreed".', '/kind');
  if (typeof at !== 'string' || !isInstant(at))
    return malformed('The time must be in UTC with milliseconds, as 2026-11-23T04:05:06.789Z.', '/at');
  if (!isDid(actor)) return malformed('The actor must be a DID.', '/actor');
  if (!Array.isArray(subjects) || !subjects.every((id): id is string => typeof id === 'string'))
    return malformed('The subjects must be a list of ids.', '/subjects');
  if (data === undefined) return malformed('The entry has no data; null is allowed.', '/data');
  if (!isCanonical(value)) return malformed('The entry is nested too deeply or holds broken Unicode.');
  return ok({ kind, at, actor, subjects, data });
}

function isInstant(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

function isCanonical(value: unknown): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}

function malformed(detail: string, at?: string) {
  return refuse('ledger.malformed-entry', `${detail} Send the entry as the ledger exported it.`, at);
}
