import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { SecureCrypto } from '../index.js';

const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const nonceLength = 12;
const tagLength = 16;

function privateOf(key: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, key]), format: 'der', type: 'pkcs8' });
}

/** Who signs, and whose signatures can be checked. */
export interface NodeCryptoKeys {
  readonly own: KeyObject;
  /** Ed25519 keys by name. */
  readonly known: ReadonlyMap<string, KeyObject>;
  /** Where bytes come from; a seeded stream makes a run repeatable. @default the system's generator */
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** The cryptography of a secure sum by node:crypto: X25519, HKDF-SHA-256, AES-256 (CTR and GCM), Ed25519. */
export function nodeCrypto({ own, known, randomBytes: random = randomBytes }: NodeCryptoKeys): SecureCrypto {
  return {
    randomBytes: random,
    publicKey: (key) => createPublicKey(privateOf(key)).export({ format: 'der', type: 'spki' }).subarray(-32),
    agree: (privateKey, publicKey) => {
      const other = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' });
      try {
        return diffieHellman({ privateKey: privateOf(privateKey), publicKey: other });
      } catch {
        // OpenSSL refuses the secret of only zeros that a key of low order gives.
        return undefined;
      }
    },
    deriveKey: (secret, context) => new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), context, 32)),
    stream: aesStream,
    seal: (key, plain, context) => {
      const nonce = random(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (key, sealed, context) => {
      if (sealed.length < nonceLength + tagLength) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagLength));
      const plain = decipher.update(sealed.subarray(nonceLength, -tagLength));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch {
        return undefined;
      }
    },
    sign: (bytes) => sign(null, bytes, own),
    verify: (name, bytes, signature) => {
      const key = known.get(name);
      return key !== undefined && verify(null, bytes, key, signature);
    },
  };
}

/** The key stream of AES-256 in counter mode. Each key makes one stream, so the counter begins at 0. */
function aesStream(key: Uint8Array, length: number): Uint8Array {
  return createCipheriv('aes-256-ctr', key, new Uint8Array(16)).update(new Uint8Array(length));
}

/** Bytes that look random and are the same each time. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  const cipher = createCipheriv(
    'aes-256-ctr',
    new Uint8Array(32).fill(seed & 255).fill(seed >>> 8, 1, 2),
    new Uint8Array(16),
  );
  return (length) => cipher.update(new Uint8Array(length));
}
