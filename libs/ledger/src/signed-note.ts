import { createHash, createPublicKey, verify } from 'node:crypto';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** Who signs notes, as a verifier knows it. */
export interface NoteKey {
  /** The key's name: no white space, no `+`. A log uses its origin, for instance the node's DID. */
  readonly name: string;
  /** The raw Ed25519 public key: 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Signs notes; the private key stays behind this port. */
export interface NoteSigner extends NoteKey {
  /** The Ed25519 signature (64 bytes, RFC 8032) of these bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export type NoteProblem = Problem<'note.malformed' | 'note.unsigned' | 'note.forged'>;

/** C2SP signed-note: signature type 0x01 is Ed25519. */
const ed25519 = Uint8Array.of(1);
const keyIdLength = 4;
const signatureLength = 64;
/** C2SP signed-note lets verifiers bound the number of signatures; Go's reference refuses more than 100. */
const mostSignatures = 100;
const nameSyntax = /^[^\s+]+$/u;
const signatureLine = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key) (C2SP signed-note). */
export function noteKeyId(key: NoteKey): Uint8Array {
  return createHash('sha256').update(`${key.name}\n`).update(ed25519).update(key.publicKey).digest().subarray(0, 4);
}

/**
 * Signs text in the form of C2SP signed-note: the text, an empty line, and one signature line.
 *
 * @param text ends with a line break, as the format demands.
 * @throws Error for a text or a key name that the format cannot carry.
 */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  if (!nameSyntax.test(signer.name)) throw new Error(`"${signer.name}" cannot name a note key`);
  if (!isNoteText(text)) throw new Error('a note ends with a line break and has no control characters');
  const signature = await signer.sign(new TextEncoder().encode(text));
  if (signature.length !== signatureLength) throw new Error('an Ed25519 signature has 64 bytes');
  const blob = Buffer.concat([noteKeyId(signer), signature]).toString('base64');
  return `${text}\n— ${signer.name} ${blob}\n`;
}

/**
 * The text of a signed note, when this key signed it. Signatures by other keys (witnesses) are passed over.
 *
 * @example
 * openNote(note, { name: 'did:web:berlin.example', publicKey }); // { ok: true, value: 'did:web:berlin.example\n3\n…' }
 */
export function openNote(note: string, key: NoteKey): Result<string, NoteProblem> {
  const parts = partsOf(note);
  if (!parts.ok) return parts;
  const { text, signatures } = parts.value;
  const id = noteKeyId(key);
  const ours = signatures.filter(({ name, blob }) => name === key.name && blob.subarray(0, keyIdLength).equals(id));
  if (ours.length === 0)
    return refuse('note.unsigned', `The note carries no signature of "${key.name}" by the given key.`);
  // Several lines of one key must all hold: accepting any would let a forged line travel with a good one.
  const message = Buffer.from(text, 'utf8');
  if (!ours.every(({ blob }) => isSignature(blob.subarray(keyIdLength), message, key.publicKey)))
    return refuse(
      'note.forged',
      `The signature of "${key.name}" does not belong to this text: one of them was changed.`,
    );
  return ok(text);
}

interface NoteSignature {
  readonly name: string;
  readonly blob: Buffer;
}

function partsOf(note: string): Result<{ text: string; signatures: readonly NoteSignature[] }, NoteProblem> {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n'))
    return refuse('note.malformed', 'The note has no signature lines after an empty line.');
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (!isNoteText(text) || lines.length > mostSignatures)
    return refuse('note.malformed', 'The note has control characters or too many signatures.');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = signatureLine.exec(line) ?? [];
    const blob = encoded === undefined ? undefined : decodeBase64(encoded);
    if (name === undefined || blob === undefined || blob.length <= keyIdLength)
      return refuse('note.malformed', `The signature line "${line.slice(0, 80)}" is not readable.`);
    signatures.push({ name, blob });
  }
  return ok({ text, signatures });
}

/** Bytes of strict base64: the one spelling that encodes them, or undefined. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function isNoteText(text: string): boolean {
  // C2SP signed-note: no ASCII control characters below U+0020 other than the line break.
  return text.endsWith('\n') && ![...text].some((c) => c < ' ' && c !== '\n') && text.isWellFormed();
}

function isSignature(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== signatureLength || publicKey.length !== 32) return false;
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, createPublicKey({ key, format: 'jwk' }), signature);
}
