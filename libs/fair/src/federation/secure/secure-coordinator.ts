import { assertNever, canonicalJson, type Digest, ok, type Result, refuse } from '@hansa/kernel';
import type { JointCounts } from '../../counting/joint-counts.js';
import { tableOfWords } from './flat-table.js';
import { namesIn, type Roster, rosterOf } from './masks.js';
import type { SecureCrypto } from './secure-crypto.port.js';
import {
  type CityMessage,
  type CoordinatorMessage,
  openMessage,
  type SecureKeys,
  type SecureShares,
  type SecureUnmasking,
  type SecureVector,
  signed,
} from './secure-messages.js';
import { combinationsOfTerms, type SecureProblem, type SecureTerms, sessionOf, termsProblem } from './secure-terms.js';
import { unmask } from './unmask.js';

interface Run {
  readonly terms: SecureTerms;
  readonly session: Digest;
}

/** The coordinator of a secure sum, with what cities have sent in the round that is open. */
export type SecureCoordinator =
  | (Run & { readonly round: 'keys'; readonly heard: readonly SecureKeys[] })
  | (Run & { readonly round: 'shares'; readonly roster: Roster; readonly heard: readonly SecureShares[] })
  | (Run & Shared & { readonly round: 'vectors'; readonly heard: readonly SecureVector[] })
  | (Run &
      Shared & {
        readonly round: 'unmasking';
        readonly vectors: readonly SecureVector[];
        readonly heard: readonly SecureUnmasking[];
      })
  | (Run & { readonly round: 'done'; readonly cities: readonly string[]; readonly pooled: JointCounts });

interface Shared {
  readonly roster: Roster;
  /** Whose shares were handed on: all others count as never there. */
  readonly sharers: readonly string[];
}

type In<R extends SecureCoordinator['round']> = Extract<SecureCoordinator, { round: R }>;

/** The next round, and what to send: to one city, or the same to all that are still there. */
export interface CoordinatorStep {
  readonly coordinator: SecureCoordinator;
  readonly messages: readonly { readonly to: string; readonly message: CoordinatorMessage }[];
}

/**
 * A coordinator waits for the keys of cities. It relays and adds; of a city's counts it sees nothing but uniform noise.
 *
 * @example
 * let coordinator = must(openSecureSum(terms));
 * coordinator = must(hearSecureSum(coordinator, message, crypto)); // for each message that comes
 * const step = must(closeRound(coordinator, crypto)); // when all have come, or when it has waited long enough
 */
export function openSecureSum(terms: SecureTerms): Result<SecureCoordinator, SecureProblem> {
  return termsProblem(terms) ?? ok({ round: 'keys', terms, session: sessionOf(terms), heard: [] });
}

/** Takes in a city's message, or refuses it and stays as it is. */
export function hearSecureSum(
  coordinator: SecureCoordinator,
  message: unknown,
  crypto: SecureCrypto,
): Result<SecureCoordinator, SecureProblem> {
  const { round, session, terms } = coordinator;
  switch (round) {
    case 'keys':
      return add(openMessage(message, { type: 'SecureKeys', session, senders: terms.cities }, crypto), coordinator);
    case 'shares':
      return add(openShares(coordinator, message, crypto), coordinator);
    case 'vectors':
      return add(openVector(coordinator, message, crypto), coordinator);
    case 'unmasking':
      return add(openUnmasking(coordinator, message, crypto), coordinator);
    case 'done':
      return refuse('secure.unexpected', 'The sum is there; nothing is due any more.');
    default:
      return assertNever(round);
  }
}

function openShares({ session, roster }: In<'shares'>, message: unknown, crypto: SecureCrypto) {
  const senders = namesIn(roster);
  const opened = openMessage(message, { type: 'SecureShares', session, senders, roster: roster.digest }, crypto);
  if (!opened.ok) return opened;
  const { from, shares } = opened.value;
  const others = senders.filter((name) => name !== from);
  if (
    isSame(
      shares.map(({ to }) => to),
      others,
    )
  )
    return opened;
  return refuse('secure.wrong-shares', `${from} has not sent one share for each other city.`, from);
}

function openVector({ session, roster, sharers, terms }: In<'vectors'>, message: unknown, crypto: SecureCrypto) {
  const expected = { type: 'SecureVector', session, senders: sharers, roster: roster.digest } as const;
  const opened = openMessage(message, expected, crypto);
  if (!opened.ok) return opened;
  const { from, sharers: told, words } = opened.value;
  if (!isSame(told, sharers))
    return refuse('secure.other-sharers', `${from} has masked its numbers with other cities.`, from);
  // A word is 16 digits, and a combination four words.
  if (words.length === combinationsOfTerms(terms) * 64) return opened;
  return refuse('secure.malformed', `${from} has sent another number of words.`, 'words');
}

function openUnmasking(coordinator: In<'unmasking'>, message: unknown, crypto: SecureCrypto) {
  const { session, roster, sharers, vectors } = coordinator;
  const masked = namesOf(vectors);
  const expected = { type: 'SecureUnmasking', session, senders: masked, roster: roster.digest } as const;
  const opened = openMessage(message, expected, crypto);
  if (!opened.ok) return opened;
  const { from, masked: told, seeds, keys } = opened.value;
  const dropped = sharers.filter((name) => !masked.includes(name));
  const given = [told, seeds.map(({ of }) => of), keys.map(({ of }) => of)];
  if (isSame(given, [masked, masked, dropped])) return opened;
  return refuse('secure.wrong-shares', `${from} has not sent the shares that were asked for.`, from);
}

/** Ends a round without those who have not sent anything; refuses when too few have. */
export function closeRound(
  coordinator: SecureCoordinator,
  crypto: SecureCrypto,
): Result<CoordinatorStep, SecureProblem> {
  const { round, terms } = coordinator;
  if (round === 'done') return refuse('secure.unexpected', 'The sum is there; no round is open.');
  const here = namesOf(coordinator.heard);
  if (here.length < terms.quorum)
    return refuse(
      'secure.too-few',
      `${here.length} of ${terms.cities.length} cities have answered in the round of ${round}; with fewer than ${terms.quorum} nothing is added up.`,
    );
  switch (round) {
    case 'keys':
      return ok(handKeys(coordinator, here, crypto));
    case 'shares':
      return ok(handShares(coordinator, here, crypto));
    case 'vectors':
      return ok(askForShares(coordinator, here, crypto));
    case 'unmasking':
      return finish(coordinator, crypto);
    default:
      return assertNever(round);
  }
}

function handKeys(
  { terms, session, heard }: In<'keys'>,
  here: readonly string[],
  crypto: SecureCrypto,
): CoordinatorStep {
  const keys = [...heard].sort((a, b) => (a.from < b.from ? -1 : 1));
  const message = signed({ type: 'SecureKeyList' as const, session, from: terms.coordinator, keys }, crypto);
  return {
    coordinator: { round: 'shares', terms, session, roster: rosterOf(session, keys), heard: [] },
    messages: here.map((to) => ({ to, message })),
  };
}

function handShares(
  { terms, session, roster, heard }: In<'shares'>,
  here: readonly string[],
  crypto: SecureCrypto,
): CoordinatorStep {
  const head = { type: 'SecureShareList' as const, session, from: terms.coordinator, roster: roster.digest };
  const messages = here.map((to) => {
    const shares = here.flatMap((from) => {
      const sent = heard.find((own) => own.from === from)?.shares.find((one) => one.to === to);
      return sent ? [{ from, sealed: sent.sealed }] : [];
    });
    return { to, message: signed({ ...head, to, shares }, crypto) };
  });
  return { coordinator: { round: 'vectors', terms, session, roster, sharers: here, heard: [] }, messages };
}

function askForShares(
  { terms, session, roster, sharers, heard }: In<'vectors'>,
  here: readonly string[],
  crypto: SecureCrypto,
): CoordinatorStep {
  const head = { type: 'SecureSurvivors' as const, session, from: terms.coordinator, roster: roster.digest };
  const dropped = sharers.filter((name) => !here.includes(name));
  const message = signed({ ...head, masked: here, dropped }, crypto);
  return {
    coordinator: { round: 'unmasking', terms, session, roster, sharers, vectors: heard, heard: [] },
    messages: here.map((to) => ({ to, message })),
  };
}

function finish(coordinator: In<'unmasking'>, crypto: SecureCrypto): Result<CoordinatorStep, SecureProblem> {
  const { terms, session, vectors, heard } = coordinator;
  const words = unmask({ ...coordinator, answers: heard, crypto });
  if (!words.ok) return words;
  const pooled = tableOfWords(words.value, terms.columns);
  if (!pooled.ok) return pooled;
  const done = { round: 'done', terms, session, cities: namesOf(vectors), pooled: pooled.value } as const;
  return ok({ coordinator: done, messages: [] });
}

/** Puts a message that was found right to those that were heard. */
function add(
  opened: Result<CityMessage, SecureProblem>,
  coordinator: In<'keys' | 'shares' | 'vectors' | 'unmasking'>,
): Result<SecureCoordinator, SecureProblem> {
  if (!opened.ok) return opened;
  const { from } = opened.value;
  if (coordinator.heard.some((one) => one.from === from))
    return refuse('secure.repeated', `${from} has answered in this round; one answer counts.`, from);
  // The round says which type of message was opened.
  return ok({ ...coordinator, heard: [...coordinator.heard, opened.value] } as SecureCoordinator);
}

/** Senders by name. */
function namesOf(messages: readonly { readonly from: string }[]): readonly string[] {
  return messages.map(({ from }) => from).sort((a, b) => (a < b ? -1 : 1));
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
