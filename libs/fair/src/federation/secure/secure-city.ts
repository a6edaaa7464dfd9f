import { canonicalJson, type Digest, digestOf, ok, type Result, refuse } from '@hansa/kernel';
import type { JointCounts } from '../../counting/joint-counts.js';
import { bytesOf, fromHex, toHex } from './bytes.js';
import { flatTable } from './flat-table.js';
import { applyMask, contextOf, namesIn, pairMask, type Roster, rosterOf, selfMask } from './masks.js';
import { shareLength, splitSecret } from './secret-shares.js';
import type { SecureCrypto } from './secure-crypto.port.js';
import {
  type CityMessage,
  openMessage,
  type SecureKeyList,
  type SecureKeys,
  type SecureShareList,
  type SecureSurvivors,
  signed,
} from './secure-messages.js';
import { type SecureProblem, type SecureTerms, sessionOf, termsProblem } from './secure-terms.js';

interface Secrets {
  readonly encryption: Uint8Array;
  readonly masking: Uint8Array;
  readonly seed: Uint8Array;
}

/** What a city keeps for another, or for itself. */
interface KeptShares {
  readonly key: string;
  readonly seed: string;
}

interface Member {
  readonly terms: SecureTerms;
  readonly session: Digest;
  readonly city: string;
}

interface Counting extends Member {
  readonly words: BigUint64Array;
  readonly secrets: Secrets;
}

/**
 * A city in a secure sum. It holds secrets until its numbers are sent, and after that only shares. Whoever keeps a state
 * must keep the new one before its message leaves, and never go back to an old one: answering twice from one state could
 * give away both shares of a peer.
 */
export type SecureCity =
  | (Counting & { readonly state: 'advertised'; readonly keys: SecureKeys })
  | (Counting & { readonly state: 'shared'; readonly roster: Roster; readonly own: KeptShares })
  | (Member & { readonly state: 'masked'; readonly roster: Roster; readonly kept: ReadonlyMap<string, KeptShares> })
  | (Member & { readonly state: 'finished' });

type CityIn<S extends SecureCity['state']> = Extract<SecureCity, { state: S }>;

/** The next state, and what to send to the coordinator. */
export interface CityStep {
  readonly city: SecureCity;
  readonly message: CityMessage;
}

/**
 * A city joins a secure sum with its counts: K. Bonawitz and others, Practical secure aggregation for privacy-preserving
 * machine learning, CCS 2017. Its numbers never leave it without masks.
 *
 * @example
 * const joined = joinSecureSum({ terms, city: 'Ghent', joint, crypto });
 */
export function joinSecureSum(input: {
  readonly terms: SecureTerms;
  readonly city: string;
  /** By the terms' columns at least; further ones are summed over. */
  readonly joint: JointCounts;
  readonly crypto: SecureCrypto;
}): Result<CityStep, SecureProblem> {
  const { terms, city, joint, crypto } = input;
  const problem = termsProblem(terms);
  if (problem) return problem;
  if (!terms.cities.includes(city)) return refuse('secure.unknown-city', `${city} is none of the cities.`, city);
  const words = flatTable(joint, terms.columns);
  if (!words.ok) return words;
  const session = sessionOf(terms);
  const [encryption, masking, seed] = [crypto.randomBytes(32), crypto.randomBytes(32), crypto.randomBytes(32)];
  const keys = signed(
    {
      type: 'SecureKeys' as const,
      session,
      from: city,
      encryption: toHex(crypto.publicKey(encryption)),
      masking: toHex(crypto.publicKey(masking)),
      commitment: digestOf(seed),
    },
    crypto,
  );
  const secrets = { encryption, masking, seed };
  return ok({
    city: { state: 'advertised', terms, session, city, words: words.value, secrets, keys },
    message: keys,
  });
}

/** A city answers a message of the coordinator, or refuses it and stays as it is. */
export function answerSecureSum(
  city: SecureCity,
  message: unknown,
  crypto: SecureCrypto,
): Result<CityStep, SecureProblem> {
  const expected = { session: city.session, senders: [city.terms.coordinator] };
  if (city.state === 'finished') return refuse('secure.unexpected', `${city.city} has sent all that it will send.`);
  if (city.state === 'advertised') {
    const list = openMessage(message, { type: 'SecureKeyList', ...expected }, crypto);
    return list.ok ? shareSecrets(city, list.value, crypto) : list;
  }
  const roster = city.roster.digest;
  if (city.state === 'shared') {
    const list = openMessage(message, { type: 'SecureShareList', ...expected, roster }, crypto);
    return list.ok ? maskNumbers(city, list.value, crypto) : list;
  }
  const survivors = openMessage(message, { type: 'SecureSurvivors', ...expected, roster }, crypto);
  return survivors.ok ? handShares(city, survivors.value, crypto) : survivors;
}

function shareSecrets(
  city: CityIn<'advertised'>,
  { keys }: SecureKeyList,
  crypto: SecureCrypto,
): Result<CityStep, SecureProblem> {
  const { terms, session, secrets } = city;
  for (const own of keys) {
    const opened = openMessage(own, { type: 'SecureKeys', session, senders: terms.cities }, crypto);
    if (!opened.ok) return opened;
  }
  const roster = rosterOf(session, keys);
  const names = namesIn(roster);
  if (!isOrdered(names) || !keys.some((own) => canonicalJson(own) === canonicalJson(city.keys)))
    return refuse('secure.wrong-keys', 'Keys must be those of each city once, sorted, the own ones among them.');
  if (names.length < terms.quorum) return tooFew(names.length, terms);
  const places = names.map((name) => terms.cities.indexOf(name) + 1);
  const split = (secret: Uint8Array) => splitSecret(secret, places, terms.quorum, crypto.randomBytes);
  const [ofKey, ofSeed] = [split(secrets.masking), split(secrets.seed)];
  const shares: { to: string; sealed: string }[] = [];
  let own: KeptShares | undefined;
  for (const [i, to] of names.entries()) {
    const both = Uint8Array.of(...(ofKey[i]?.share ?? []), ...(ofSeed[i]?.share ?? []));
    if (to === city.city) own = keptOf(both);
    else {
      const channel = channelKey(city, to, roster, crypto);
      if (!channel) return refuse('secure.wrong-keys', `With the key of ${to} nothing can be kept secret.`, to);
      const sealed = crypto.seal(channel, both, contextOf(roster, 'shares', city.city, to));
      shares.push({ to, sealed: toHex(sealed) });
    }
  }
  if (!own) throw new Error('the own keys are in the list');
  const body = { type: 'SecureShares' as const, session, from: city.city, roster: roster.digest, shares };
  const { keys: _, ...counting } = city;
  return ok({ city: { ...counting, state: 'shared', roster, own }, message: signed(body, crypto) });
}

function maskNumbers(
  city: CityIn<'shared'>,
  { to, shares }: SecureShareList,
  crypto: SecureCrypto,
): Result<CityStep, SecureProblem> {
  const { terms, session, roster, secrets, own } = city;
  const names = namesIn(roster);
  const peers = shares.map(({ from }) => from);
  if (to !== city.city || !isOrdered(peers) || peers.some((name) => name === city.city || !names.includes(name)))
    return refuse('secure.wrong-shares', `The shares are not those for ${city.city}, of each other city once, sorted.`);
  if (shares.length + 1 < terms.quorum) return tooFew(shares.length + 1, terms);
  const kept = new Map([[city.city, own]]);
  const words = city.words.slice();
  applyMask(words, selfMask(secrets.seed, city.city, words.length, roster, crypto), 1n);
  for (const { from, sealed } of shares) {
    const channel = channelKey(city, from, roster, crypto);
    const both = channel && crypto.open(channel, fromHex(sealed), contextOf(roster, 'shares', from, city.city));
    const pair = crypto.agree(secrets.masking, keyOf(roster, from, 'masking'));
    if (both?.length !== 2 * shareLength || !pair)
      return refuse('secure.wrong-shares', `The shares of ${from} were not encrypted by it for this run.`, from);
    kept.set(from, keptOf(both));
    const mask = pairMask(pair, [city.city, from], words.length, roster, crypto);
    applyMask(words, mask, city.city < from ? 1n : -1n);
  }
  const sharers = names.filter((name) => kept.has(name));
  const body = { type: 'SecureVector' as const, session, from: city.city, roster: roster.digest, sharers };
  return ok({
    city: { state: 'masked', terms, session, city: city.city, roster, kept },
    message: signed({ ...body, words: toHex(bytesOf(words)) }, crypto),
  });
}

function handShares(
  city: CityIn<'masked'>,
  { masked, dropped }: SecureSurvivors,
  crypto: SecureCrypto,
): Result<CityStep, SecureProblem> {
  const { terms, session, roster, kept } = city;
  const both = masked.find((name) => dropped.includes(name));
  if (both) return refuse('secure.both-shares', `Both shares of ${both} together would unmask its numbers.`, both);
  const all = [...masked, ...dropped];
  if (!isOrdered(masked) || !isOrdered(dropped) || all.length !== kept.size || all.some((name) => !kept.has(name)))
    return refuse('secure.other-sharers', 'Everybody who has shared must have sent numbers or not, sorted.');
  if (!masked.includes(city.city))
    return refuse('secure.other-sharers', `${city.city} has sent its numbers, and is not among those who did.`);
  if (masked.length < terms.quorum) return tooFew(masked.length, terms);
  const sharesOf = (names: readonly string[], kind: keyof KeptShares) =>
    names.map((of) => ({ of, share: kept.get(of)?.[kind] ?? '' }));
  const body = { type: 'SecureUnmasking' as const, session, from: city.city, roster: roster.digest, masked };
  return ok({
    city: { state: 'finished', terms, session, city: city.city },
    message: signed({ ...body, seeds: sharesOf(masked, 'seed'), keys: sharesOf(dropped, 'key') }, crypto),
  });
}

function keptOf(both: Uint8Array): KeptShares {
  return { key: toHex(both.subarray(0, shareLength)), seed: toHex(both.subarray(shareLength)) };
}

/** The key of the two cities for shares in both directions; undefined for a public key that keeps no secret. */
function channelKey({ city, secrets }: Counting, other: string, roster: Roster, crypto: SecureCrypto) {
  const secret = crypto.agree(secrets.encryption, keyOf(roster, other, 'encryption'));
  const [a, b] = city < other ? [city, other] : [other, city];
  return secret && crypto.deriveKey(secret, contextOf(roster, 'shares', a, b));
}

function keyOf({ keys }: Roster, name: string, use: 'encryption' | 'masking'): Uint8Array {
  return fromHex(keys.find(({ from }) => from === name)?.[use] ?? '');
}

/** Whether names ascend, none twice. */
function isOrdered(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name);
}

function tooFew(count: number, { quorum }: SecureTerms) {
  return refuse('secure.too-few', `${count} cities are left; with fewer than ${quorum} nothing is added up.`);
}
