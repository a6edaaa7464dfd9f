import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { isJsonObject } from '@hansa/kernel';
import { type DcpResult, refused } from './problem.js';

export interface EcPublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface OkpPublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}
export type PublicJwk = EcPublicJwk | OkpPublicJwk;

/**
 * What a key may be used for; one key, one purpose.
 * - `participant`: self-issued tokens, access tokens and presentations (ES256, what every DCP peer reads)
 * - `credential`: credentials and status lists as JWT (EdDSA)
 * - `report`: Data Integrity proofs (Ed25519, published as Multikey)
 */
export type KeyPurpose = 'participant' | 'credential' | 'report';

/** The public half of a key, as published in a DID document. */
export interface PublicKey {
  /** Absolute DID URL, for instance `did:web:city.example#participant-1`. */
  readonly id: string;
  readonly purpose: KeyPurpose;
  readonly publicJwk: PublicJwk;
  /** Multibase form (`z6Mk…`) of an Ed25519 key. */
  readonly publicKeyMultibase?: string;
}

/** A key with its private half: plain data, so that a key store can encrypt and keep it. */
export interface KeyPair extends PublicKey {
  readonly privateJwk: PublicJwk & { readonly d: string };
}

/** JWS algorithms we sign with. `EdDSA` and not `Ed25519` (RFC 9864), which EDC does not read. */
export type SigningAlgorithm = 'ES256' | 'EdDSA';

/**
 * Signs bytes with a key that may live elsewhere (a file, a vault, a hardware module).
 */
export interface Signer {
  /** Absolute DID URL of the verification method; becomes the `kid`. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  /** The raw signature of 64 bytes: `r || s` for ES256 (RFC 7518 §3.4), RFC 8032 for EdDSA. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

const algorithmOf: Readonly<Record<KeyPurpose, SigningAlgorithm>> = {
  participant: 'ES256',
  credential: 'EdDSA',
  report: 'EdDSA',
};

/**
 * Makes a fresh key with the operating system's randomness.
 *
 * @example
 * const key = await generateKeyPair('participant', 'did:web:city.example#participant-1');
 */
export async function generateKeyPair(purpose: KeyPurpose, id: string): Promise<KeyPair> {
  const { privateKey } =
    algorithmOf[purpose] === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  return keyPairOf(purpose, id, privateKey);
}

/**
 * Reads a stored {@link KeyPair} back; the public half is derived anew from the private one.
 * Problems: `key.malformed`.
 */
export async function importKeyPair(stored: unknown): Promise<DcpResult<KeyPair>> {
  if (!isJsonObject(stored) || typeof stored.id !== 'string' || !isPurpose(stored.purpose))
    return refused('key.malformed', 'A stored key needs "id", "purpose" and "privateJwk".');
  try {
    const privateKey = createPrivateKey({ key: { ...(stored.privateJwk as object) }, format: 'jwk' });
    const expected = algorithmOf[stored.purpose] === 'ES256' ? 'P-256' : 'Ed25519';
    if (privateKey.export({ format: 'jwk' }).crv !== expected)
      return refused('key.malformed', `The key "${stored.id}" is not on the curve ${expected} of its purpose.`);
    return { ok: true, value: await keyPairOf(stored.purpose, stored.id, privateKey) };
  } catch {
    return refused('key.malformed', `The private JWK of the key "${stored.id}" can't be read.`);
  }
}

function isPurpose(value: unknown): value is KeyPurpose {
  return value === 'participant' || value === 'credential' || value === 'report';
}

async function keyPairOf(purpose: KeyPurpose, id: string, privateKey: KeyObject): Promise<KeyPair> {
  const { crv, x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  if (crv === 'P-256') {
    const publicJwk = { kty: 'EC', crv, x, y } as const;
    return { id, purpose, publicJwk, privateJwk: { ...publicJwk, d } };
  }
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  const { publicKeyMultibase } = await ed25519Multikey.fromJwk({ jwk: publicJwk });
  return { id, purpose, publicJwk, publicKeyMultibase, privateJwk: { ...publicJwk, d } };
}

/** A signer that holds the private key in this process. */
export function localSigner(pair: KeyPair): Signer {
  const key = createPrivateKey({ key: { ...pair.privateJwk }, format: 'jwk' });
  const algorithm = algorithmOf[pair.purpose];
  return {
    id: pair.id,
    algorithm,
    sign: async (data) =>
      algorithm === 'ES256' ? sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }) : sign(null, data, key),
  };
}

/** The publishable half of a key pair. */
export function publicKeyOf({ privateJwk: _, ...publicHalf }: KeyPair): PublicKey {
  return publicHalf;
}
