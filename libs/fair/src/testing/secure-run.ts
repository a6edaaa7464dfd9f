import { createPrivateKey, createPublicKey } from 'node:crypto';
import { digestOf, must } from '@hansa/kernel';
import {
  answerSecureSum,
  closeRound,
  compareLevels,
  hearSecureSum,
  type JointCounts,
  joinSecureSum,
  openSecureSum,
  type SecureCity,
  type SecureCoordinator,
  type SecureCrypto,
  type SecureTerms,
} from '../index.js';
import { nodeCrypto, seededBytes } from './node-crypto.js';

export const coordinatorName = 'did:web:auditor.example';

/** Cities with their counts and keys, and a coordinator, that speak to each other here. */
export interface SecureRun {
  readonly terms: SecureTerms;
  readonly cryptoOf: (name: string) => SecureCrypto;
  readonly cities: Map<string, SecureCity>;
  coordinator: SecureCoordinator;
  /** What cities have sent and the coordinator has not yet been given, by sender. */
  readonly outbox: Map<string, object>;
  /** Every message that the coordinator has been given. */
  readonly seen: object[];
}

/** Every level of some tables, sorted, as cities would agree on it. */
export function agreedColumns(joints: readonly JointCounts[]): SecureTerms['columns'] {
  return (joints[0]?.attributes ?? []).map(({ attribute }, k) => {
    const levels = new Set(joints.flatMap((joint) => joint.attributes[k]?.levels ?? []));
    return { attribute, levels: [...levels].sort(compareLevels) };
  });
}

const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function signingKey(seed: number) {
  const key = Buffer.concat([ed25519Prefix, seededBytes(seed)(32)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** All cities have joined, and their keys are in the outbox. */
export function startRun(
  joints: readonly JointCounts[],
  { quorum, seed = 1, ...others }: Partial<SecureTerms> & { readonly quorum: number; readonly seed?: number },
): SecureRun {
  const names = joints.map((_, i) => `city-${String(i).padStart(2, '0')}`);
  // Every run of a seed is the same to the bit: what is found in its bytes is found each time, or never.
  const keys = new Map([...names, coordinatorName].map((name, i) => [name, signingKey(seed * 64 + 32 + i)]));
  const known = new Map([...keys].map(([name, key]) => [name, createPublicKey(key)]));
  const cryptos = new Map(
    [...keys].map(([name, own], i) => {
      return [name, nodeCrypto({ own, known, randomBytes: seededBytes(seed * 64 + i) })];
    }),
  );
  const cryptoOf = (name: string): SecureCrypto => {
    const crypto = cryptos.get(name);
    if (!crypto) throw new Error(`${name} has no keys`);
    return crypto;
  };
  const terms: SecureTerms = {
    id: `run ${seed}`,
    agreed: digestOf('plan'),
    columns: agreedColumns(joints),
    coordinator: coordinatorName,
    cities: names,
    quorum,
    ...others,
  };
  const cities = new Map<string, SecureCity>();
  const outbox = new Map<string, object>();
  for (const [i, joint] of joints.entries()) {
    const city = names[i] ?? '';
    const step = must(joinSecureSum({ terms, city, joint, crypto: cryptoOf(city) }));
    cities.set(city, step.city);
    outbox.set(city, step.message);
  }
  return { terms, cryptoOf, cities, coordinator: must(openSecureSum(terms)), outbox, seen: [] };
}

/** The coordinator hears those who are not silent; what the others had to say is lost. */
export function deliver(run: SecureRun, silent: readonly string[] = []): void {
  for (const [from, message] of run.outbox) {
    if (silent.includes(from)) continue;
    run.seen.push(message);
    run.coordinator = must(hearSecureSum(run.coordinator, message, run.cryptoOf(coordinatorName)));
  }
  run.outbox.clear();
}

/** The round ends, and cities answer what the coordinator sends. */
export function turn(run: SecureRun): void {
  const step = must(closeRound(run.coordinator, run.cryptoOf(coordinatorName)));
  run.coordinator = step.coordinator;
  for (const { to, message } of step.messages) {
    const city = run.cities.get(to);
    if (!city) throw new Error(`${to} is no city`);
    // A message that travels is text.
    const answer = must(answerSecureSum(city, JSON.parse(JSON.stringify(message)), run.cryptoOf(to)));
    run.cities.set(to, answer.city);
    run.outbox.set(to, JSON.parse(JSON.stringify(answer.message)));
  }
}

/** Who falls silent in each round, for good. */
export type Silences = Readonly<Partial<Record<'keys' | 'shares' | 'vectors' | 'unmasking', readonly string[]>>>;

/** A whole run; whoever has fallen silent stays so, because nobody asks it any more. */
export function complete(run: SecureRun, { keys, shares, vectors, unmasking }: Silences = {}) {
  for (const silent of [keys, shares, vectors, unmasking]) {
    deliver(run, silent);
    turn(run);
  }
  if (run.coordinator.round !== 'done') throw new Error('the run has not come to its end');
  return run.coordinator;
}
