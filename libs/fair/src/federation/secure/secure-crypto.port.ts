/**
 * The cryptography of a secure sum, given from outside so that its rules stay pure. Keys and seeds are 32 bytes. An
 * adapter that is not sure of its work throws; a wrong key, seal or signature of somebody else is an answer.
 */
export interface SecureCrypto {
  /** Unpredictable bytes, for keys, seeds, nonces and shares. */
  randomBytes(length: number): Uint8Array;
  /** The X25519 public key of a private one (RFC 7748). */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /** The X25519 secret of two keys; undefined for a public key of low order, with which all secrets are alike. */
  agree(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /** A key for one use only, by HKDF with SHA-256 (RFC 5869); other contexts give unrelated keys. */
  deriveKey(secret: Uint8Array, context: string): Uint8Array;
  /** The first bytes of a stream that nobody can tell from random ones without its key, the same on every machine. */
  stream(key: Uint8Array, length: number): Uint8Array;
  /** Encrypts so that a change of the bytes or of the context is noticed. A key may be used for several messages. */
  seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array;
  /** Undefined where key, bytes or context are not those of `seal`. */
  open(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array | undefined;
  /** A signature of whoever holds this adapter. */
  sign(bytes: Uint8Array): Uint8Array;
  /** Whether the city or coordinator of this name signed; false for names that are not known. */
  verify(name: string, bytes: Uint8Array, signature: Uint8Array): boolean;
}
