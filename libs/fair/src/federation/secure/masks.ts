import { canonicalJson, type Digest, digestOfJson } from '@hansa/kernel';
import { wordsOf } from './bytes.js';
import type { SecureCrypto } from './secure-crypto.port.js';
import type { SecureKeys } from './secure-messages.js';

/** The keys of all who take part, and what stands for them in every later message. */
export interface Roster {
  readonly session: Digest;
  readonly digest: Digest;
  /** In the order of the terms' cities. */
  readonly keys: readonly SecureKeys[];
}

export function rosterOf(session: Digest, keys: readonly SecureKeys[]): Roster {
  return { session, digest: digestOfJson(keys), keys };
}

/** Names in the roster. */
export function namesIn({ keys }: Roster): readonly string[] {
  return keys.map(({ from }) => from);
}

/** For what a key is derived: one run, one roster, one use, one ordered list of cities. */
export function contextOf({ session, digest }: Roster, use: 'pair' | 'self' | 'shares', ...cities: readonly string[]) {
  return canonicalJson(['hansa secure sum', session, digest, use, ...cities]);
}

/** The mask that a city's own seed gives. */
export function selfMask(seed: Uint8Array, city: string, length: number, roster: Roster, crypto: SecureCrypto) {
  return maskOf(crypto.deriveKey(seed, contextOf(roster, 'self', city)), length, crypto);
}

/** The mask that two cities have in common: the first by name adds it, the other subtracts it. */
export function pairMask(
  secret: Uint8Array,
  [a, b]: readonly [string, string],
  length: number,
  roster: Roster,
  crypto: SecureCrypto,
): BigUint64Array {
  const [first, second] = a < b ? [a, b] : [b, a];
  return maskOf(crypto.deriveKey(secret, contextOf(roster, 'pair', first, second)), length, crypto);
}

/** Adds a mask, or takes it off, modulo 2^64. */
export function applyMask(words: BigUint64Array, mask: BigUint64Array, sign: 1n | -1n): void {
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0n) + sign * (mask[i] ?? 0n);
}

function maskOf(key: Uint8Array, length: number, crypto: SecureCrypto): BigUint64Array {
  return wordsOf(crypto.stream(key, length * 8));
}
