import type { DidDocument } from '@hansa/dcp';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Multicodec of an Ed25519 public key, as a varint. */
const prefix = 'ed01';
const keyHexLength = 64;

/**
 * The raw public key (32 bytes) in a Multikey (W3C Controlled Identifiers 1.0 §2.2.2): base58btc behind a `z`.
 * Null for keys of any other sort.
 */
export function ed25519KeyOf(publicKeyMultibase: string): Uint8Array | null {
  if (!/^z6Mk[1-9A-HJ-NP-Za-km-z]{40,50}$/.test(publicKeyMultibase)) return null;
  let value = 0n;
  for (const letter of publicKeyMultibase.slice(1)) value = value * 58n + BigInt(alphabet.indexOf(letter));
  const hex = value.toString(16);
  return hex.length === prefix.length + keyHexLength && hex.startsWith(prefix)
    ? Buffer.from(hex.slice(prefix.length), 'hex')
    : null;
}

/** The keys by which somebody signs reports and checkpoints: Ed25519 Multikeys listed for assertions. */
export function reportKeysOf(
  document: DidDocument,
): readonly { readonly id: string; readonly publicKey: Uint8Array }[] {
  return document.methods.flatMap(({ id, publicKeyMultibase }) => {
    if (publicKeyMultibase === undefined || !document.relationships.assertionMethod.includes(id)) return [];
    const publicKey = ed25519KeyOf(publicKeyMultibase);
    return publicKey === null ? [] : [{ id, publicKey }];
  });
}
