import { createHash } from 'node:crypto';

/** A SHA-256 value: 32 bytes. */
export type Hash = Uint8Array;

/** Bytes in a {@link Hash}. */
export const hashLength = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** The root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export const emptyRoot: Hash = createHash('sha256').digest();

/**
 * The hash of a leaf: SHA-256(0x00 ‖ bytes) (RFC 9162 §2.1.1). The prefix keeps a leaf from passing as an inner node.
 *
 * @example
 * leafHash(new TextEncoder().encode('an entry')); // 32 bytes
 */
export function leafHash(bytes: Uint8Array): Hash {
  return createHash('sha256').update(leafPrefix).update(bytes).digest();
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest();
}

/** True when both hashes hold the same bytes. The values are public, so no constant time is needed. */
export function sameHash(a: Hash, b: Hash): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
