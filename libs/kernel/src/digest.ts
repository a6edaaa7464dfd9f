import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** SHA-256 in lower-case hexadecimal behind its algorithm: `sha-256:9f86d0…`. */
export type Digest = `sha-256:${string}`;

const digestSyntax = /^sha-256:[0-9a-f]{64}$/;

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestSyntax.test(value);
}

/** The digest of bytes, or of text in UTF-8. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest of a JSON value by its canonical form, so that formatting and member order do not matter. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}
