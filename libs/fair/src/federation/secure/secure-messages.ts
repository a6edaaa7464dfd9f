import { canonicalJson, type Digest, ok, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import { fromHex, toHex, utf8 } from './bytes.js';
import { shareLength } from './secret-shares.js';
import type { SecureCrypto } from './secure-crypto.port.js';
import type { SecureProblem } from './secure-terms.js';

const Name = z.string().min(1).max(1000);
const Names = z.array(Name).max(1000).readonly();
const Hex = z.string().regex(/^[0-9a-f]*$/);
const Key = z.string().regex(/^[0-9a-f]{64}$/);
const Share = z
  .string()
  .length(shareLength * 2)
  .regex(/^[0-9a-f]*$/);
const Sha256 = z.custom<Digest>((value) => typeof value === 'string' && /^sha-256:[0-9a-f]{64}$/.test(value));
const head = { session: Sha256, from: Name, signature: Hex.max(1024) };
const later = { ...head, roster: Sha256 };
const ShareOf = z.strictObject({ of: Name, share: Share }).readonly();

const SecureKeys = z.strictObject({
  type: z.literal('SecureKeys'),
  ...head,
  encryption: Key.describe('The public key to which shares are encrypted'),
  masking: Key.describe('The public key from which masks of pairs are made'),
  commitment: Sha256.describe('The digest of the seed of the own mask'),
});
const messages = z.discriminatedUnion('type', [
  SecureKeys,
  z.strictObject({ type: z.literal('SecureKeyList'), ...head, keys: z.array(SecureKeys).max(1000) }),
  z.strictObject({
    type: z.literal('SecureShares'),
    ...later,
    shares: z.array(z.strictObject({ to: Name, sealed: Hex.max(1024) }).readonly()).max(1000),
  }),
  z.strictObject({
    type: z.literal('SecureShareList'),
    ...later,
    to: Name,
    shares: z.array(z.strictObject({ from: Name, sealed: Hex.max(1024) }).readonly()).max(1000),
  }),
  z.strictObject({ type: z.literal('SecureVector'), ...later, sharers: Names, words: Hex }),
  z.strictObject({ type: z.literal('SecureSurvivors'), ...later, masked: Names, dropped: Names }),
  z.strictObject({
    type: z.literal('SecureUnmasking'),
    ...later,
    masked: Names,
    seeds: z.array(ShareOf).max(1000),
    keys: z.array(ShareOf).max(1000),
  }),
]);

/** A message of a secure sum. Bytes are hexadecimal; each is signed by its sender. */
export type SecureMessage = z.infer<typeof messages>;
type MessageOf<T extends SecureMessage['type']> = Readonly<Extract<SecureMessage, { type: T }>>;

/** Round 0: a city's public keys for this run. */
export type SecureKeys = MessageOf<'SecureKeys'>;
/** The coordinator hands the keys of all to all. */
export type SecureKeyList = MessageOf<'SecureKeyList'>;
/** Round 1: shares of a city's secrets, each encrypted to the city that keeps it. */
export type SecureShares = MessageOf<'SecureShares'>;
/** The coordinator hands each city the shares that are for it. */
export type SecureShareList = MessageOf<'SecureShareList'>;
/** Round 2: a city's counts under its own mask and the masks of all pairs that it is in. */
export type SecureVector = MessageOf<'SecureVector'>;
/** The coordinator says whose numbers have come, and whose masks of pairs are left over. */
export type SecureSurvivors = MessageOf<'SecureSurvivors'>;
/** Round 3: shares of the seeds of those who sent numbers, and of the masking keys of those who did not. */
export type SecureUnmasking = MessageOf<'SecureUnmasking'>;

/** What a city sends. */
export type CityMessage = SecureKeys | SecureShares | SecureVector | SecureUnmasking;
/** What a coordinator sends. */
export type CoordinatorMessage = SecureKeyList | SecureShareList | SecureSurvivors;

type Unsigned<M> = M extends { readonly signature: string } ? Omit<M, 'signature'> : never;

/** A message with the signature of whoever holds the cryptography. */
export function signed<M extends Unsigned<SecureMessage>>(body: M, crypto: SecureCrypto) {
  return { ...body, signature: toHex(crypto.sign(utf8(canonicalJson(body)))) };
}

/** What a message must be to be looked at. */
export interface Expected<T extends SecureMessage['type']> {
  readonly type: T;
  readonly session: Digest;
  readonly senders: readonly string[];
  /** After round 0: the digest of the keys of all. */
  readonly roster?: Digest;
}

/**
 * Reads a message from elsewhere. Refused are, in this order: what is no message, one of another round, of another run,
 * of somebody else, one that was changed, and one that builds on other keys.
 */
export function openMessage<T extends SecureMessage['type']>(
  value: unknown,
  { type, session, senders, roster }: Expected<T>,
  crypto: SecureCrypto,
): Result<MessageOf<T>, SecureProblem> {
  const form = messages.safeParse(value);
  if (!form.success) {
    const [issue] = form.error.issues;
    return refuse('secure.malformed', `It is no message of a secure sum: ${issue?.message}`, issue?.path.join('/'));
  }
  const message = form.data;
  const { from, signature, ...rest } = message;
  if (!isOf(message, type)) return refuse('secure.unexpected', `${type} is due, not ${message.type}.`, from);
  if (message.session !== session) return refuse('secure.other-session', 'It belongs to another run.', from);
  if (!senders.includes(from)) return refuse('secure.unknown-sender', `${from} may not send this.`, from);
  if (!crypto.verify(from, utf8(canonicalJson({ from, ...rest })), fromHex(signature)))
    return refuse('secure.wrong-signature', `The signature is not that of ${from} over this message.`, from);
  if (roster !== undefined && (!('roster' in message) || message.roster !== roster))
    return refuse('secure.other-roster', `${from} has seen other keys than were seen here.`, from);
  return ok(message);
}

function isOf<T extends SecureMessage['type']>(message: SecureMessage, type: T): message is MessageOf<T> {
  return message.type === type;
}
