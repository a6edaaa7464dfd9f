import { digestOf, ok, type Result, refuse } from '@hansa/kernel';
import { fromHex, toHex, wordsOf } from './bytes.js';
import { applyMask, pairMask, type Roster, selfMask } from './masks.js';
import { combineShares } from './secret-shares.js';
import type { SecureCrypto } from './secure-crypto.port.js';
import type { SecureKeys, SecureUnmasking, SecureVector } from './secure-messages.js';
import { combinationsOfTerms, type SecureProblem, type SecureTerms } from './secure-terms.js';

interface Sent {
  readonly terms: SecureTerms;
  readonly roster: Roster;
  readonly sharers: readonly string[];
  readonly vectors: readonly SecureVector[];
  /** At least as many as the quorum. */
  readonly answers: readonly SecureUnmasking[];
  readonly crypto: SecureCrypto;
}

/**
 * The sum of the numbers of all who sent theirs. Masks of pairs that both sent have cancelled; those with cities that
 * dropped out are taken off with their masking keys, and own masks with the seeds of those who sent.
 */
export function unmask({
  terms,
  roster,
  sharers,
  vectors,
  answers,
  crypto,
}: Sent): Result<BigUint64Array, SecureProblem> {
  const length = combinationsOfTerms(terms) * 4;
  const sum = new BigUint64Array(length);
  for (const { words } of vectors) applyMask(sum, wordsOf(fromHex(words)), 1n);
  const masked = vectors.map(({ from }) => from);
  const keyOf = (name: string) => roster.keys.find(({ from }) => from === name);
  for (const name of masked) {
    const seed = secretOf(name, 'seeds', answers, terms);
    if (!seed || digestOf(seed) !== keyOf(name)?.commitment) return wrongShares(name);
    applyMask(sum, selfMask(seed, name, length, roster, crypto), -1n);
  }
  for (const name of sharers.filter((sharer) => !masked.includes(sharer))) {
    const key = secretOf(name, 'keys', answers, terms);
    if (!key || toHex(crypto.publicKey(key)) !== keyOf(name)?.masking) return wrongShares(name);
    for (const other of masked) {
      const pair = crypto.agree(key, fromHex(keyOf(other)?.masking ?? ''));
      if (!pair) return wrongShares(other);
      applyMask(sum, pairMask(pair, [name, other], length, roster, crypto), other < name ? -1n : 1n);
    }
  }
  return ok(sum);
}

function secretOf(
  name: string,
  kind: 'seeds' | 'keys',
  answers: readonly SecureUnmasking[],
  { cities, quorum }: SecureTerms,
): Uint8Array | undefined {
  const shares = answers.slice(0, quorum).flatMap((answer) => {
    const own = answer[kind].find(({ of }) => of === name);
    return own ? [{ place: cities.indexOf(answer.from) + 1, share: fromHex(own.share) }] : [];
  });
  return combineShares(shares);
}

function wrongShares(name: SecureKeys['from']) {
  return refuse(
    'secure.wrong-shares',
    `The shares of ${name} do not give what it announced; nothing is added up.`,
    name,
  );
}
