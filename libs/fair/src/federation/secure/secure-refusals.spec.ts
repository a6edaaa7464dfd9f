import { canonicalJson, digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  answerSecureSum,
  closeRound,
  hearSecureSum,
  type JointCounts,
  jointCounts,
  type SecureMessage,
} from '../../index.js';
import { complete, coordinatorName, deliver, type SecureRun, startRun, turn } from '../../testing/secure-run.js';
import { signed } from './secure-messages.js';

const joints = [1, 2, 3, 4].map(
  (n): JointCounts =>
    must(
      jointCounts({
        attributes: [{ attribute: 'x', values: ['a', 'b'] }],
        codes: Uint32Array.of(0, 1),
        label: Uint8Array.of(0, 1),
        decision: Uint8Array.of(1, 1),
        rows: Float64Array.of(n, n * n),
      }),
    ),
);
const rounds = ['keys', 'shares', 'vectors', 'unmasking'] as const;
/** A run in which a round is open and cities have their messages ready. */
function runAt(round: number, seed = 70): SecureRun {
  const run = startRun(joints, { quorum: 3, seed });
  for (let before = 0; before < round; before++) {
    deliver(run);
    turn(run);
  }
  return run;
}
const messageOf = (run: SecureRun, city: string) => run.outbox.get(city) as SecureMessage;
const heard = (run: SecureRun, message: unknown) => {
  const result = hearSecureSum(run.coordinator, message, run.cryptoOf(coordinatorName));
  return result.ok ? 'heard' : result.problem.kind;
};
/** What the coordinator would send to the first city at the end of the open round. */
function sentAfter(run: SecureRun): SecureMessage {
  deliver(run);
  const [first] = must(closeRound(run.coordinator, run.cryptoOf(coordinatorName))).messages;
  if (!first) throw new Error('a message is due');
  return first.message;
}
const answered = (run: SecureRun, message: unknown) => {
  const city = run.cities.get('city-00');
  const result = city && answerSecureSum(city, message, run.cryptoOf('city-00'));
  return result?.ok ? 'answered' : result?.problem.kind;
};
/** The same message with something else in it, signed again by whoever holds this cryptography. */
const forged = (message: SecureMessage, given: object, run: SecureRun, by: string) => {
  const { signature: _, ...body } = message;
  return signed({ ...body, ...given } as typeof body, run.cryptoOf(by));
};

/** Every message with one character of one text in it changed, wherever the text stands. */
function tampered(message: SecureMessage): readonly unknown[] {
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === 'string') places.push(path);
    else if (Array.isArray(value))
      value.forEach((one, i) => {
        walk(one, [...path, i]);
      });
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, [...path, name]);
  };
  walk(message, []);
  return places.map((path) => {
    const copy = JSON.parse(JSON.stringify(message));
    const parent = path.slice(0, -1).reduce((own, step) => own[step], copy);
    const last = path.at(-1) ?? '';
    const text: string = parent[last];
    parent[last] = `${text.slice(0, -1)}${text.endsWith('1') ? '2' : '1'}`;
    return copy;
  });
}

describe.each(rounds.map((name, round) => [name, round] as const))('in the round of %s the coordinator', (_, round) => {
  const run = runAt(round);
  const message = messageOf(run, 'city-01');

  test('hears what is right, once', () => {
    const opened = runAt(round);
    expect(heard(opened, messageOf(opened, 'city-01'))).toBe('heard');
    opened.coordinator = must(
      hearSecureSum(opened.coordinator, messageOf(opened, 'city-01'), opened.cryptoOf(coordinatorName)),
    );
    expect(heard(opened, messageOf(opened, 'city-01'))).toBe('secure.repeated');
  });

  test('refuses a message with any text in it changed', () => {
    const all = tampered(message);
    expect(all.length).toBeGreaterThan(5);
    for (const one of all)
      expect(heard(run, one)).toMatch(/^secure\.(malformed|other-session|unknown-sender|wrong-signature)$/);
  });

  test('refuses messages of another run, of another round, of strangers, and under the name of another city', () => {
    const other = messageOf(runAt(round, 71), 'city-01');
    expect(heard(run, other)).toBe('secure.other-session');
    for (const wrong of [0, 1, 2, 3].filter((own) => own !== round))
      expect(heard(run, messageOf(runAt(wrong), 'city-01'))).toBe('secure.unexpected');
    expect(heard(run, forged(message, { from: 'city-02' }, run, 'city-01'))).toBe('secure.wrong-signature');
    expect(heard(run, forged(message, { from: coordinatorName }, run, coordinatorName))).toBe('secure.unknown-sender');
    if (round > 0)
      expect(heard(run, forged(message, { roster: digestOf('other keys') }, run, 'city-01'))).toBe(
        'secure.other-roster',
      );
  });

  test('refuses what is no message', () => {
    for (const value of [null, 7, 'SecureKeys', {}, { ...message, note: 'hello' }, { ...message, from: 7 }])
      expect(heard(run, value)).toBe('secure.malformed');
  });
});

describe('the coordinator refuses, with a right signature,', () => {
  test('shares that are not for each other city, vectors of another length or masked with others', () => {
    const shares = runAt(1);
    const sent = messageOf(shares, 'city-01');
    if (sent.type !== 'SecureShares') throw new Error('shares are due');
    expect(heard(shares, forged(sent, { shares: sent.shares.slice(1) }, shares, 'city-01'))).toBe(
      'secure.wrong-shares',
    );
    const vectors = runAt(2);
    const vector = messageOf(vectors, 'city-01');
    if (vector.type !== 'SecureVector') throw new Error('a vector is due');
    const again = (given: object) => heard(vectors, forged(vector, given, vectors, 'city-01'));
    expect(again({ words: vector.words.slice(16) })).toBe('secure.malformed');
    expect(again({ sharers: vector.sharers.slice(1) })).toBe('secure.other-sharers');
  });

  test('shares that were not asked for, and a sum from shares that do not give what was announced', () => {
    const run = runAt(3);
    const sent = messageOf(run, 'city-01');
    if (sent.type !== 'SecureUnmasking') throw new Error('shares are due');
    const again = (given: object) => forged(sent, given, run, 'city-01');
    expect(heard(run, again({ seeds: sent.seeds.slice(1) }))).toBe('secure.wrong-shares');
    expect(heard(run, again({ keys: sent.seeds }))).toBe('secure.wrong-shares');
    expect(heard(run, again({ masked: sent.masked.slice(1) }))).toBe('secure.wrong-shares');
    const [first, ...rest] = sent.seeds;
    run.outbox.set('city-01', again({ seeds: [{ of: first?.of, share: '0'.repeat(66) }, ...rest] }));
    deliver(run);
    const closed = closeRound(run.coordinator, run.cryptoOf(coordinatorName));
    expect(closed.ok ? 'none' : closed.problem).toMatchObject({ kind: 'secure.wrong-shares', at: 'city-00' });
  });

  test('anything when the sum is there', () => {
    const run = runAt(0);
    complete(run);
    expect(heard(run, run.seen[0])).toBe('secure.unexpected');
    expect(closeRound(run.coordinator, run.cryptoOf(coordinatorName)).ok).toBe(false);
  });
});

describe.each([0, 1, 2])('after round %i a city', (round) => {
  const run = runAt(round);
  const message = sentAfter(run);

  test('answers what is right, and refuses a message with any text in it changed', () => {
    expect(answered(run, message)).toBe('answered');
    const all = tampered(message);
    expect(all.length).toBeGreaterThan(5);
    for (const one of all)
      expect(answered(run, one)).toMatch(/^secure\.(malformed|other-session|unknown-sender|wrong-signature)$/);
  });

  test('refuses messages of another run, of another round, and of another city in the place of the coordinator', () => {
    expect(answered(run, sentAfter(runAt(round, 72)))).toBe('secure.other-session');
    for (const wrong of [0, 1, 2].filter((own) => own !== round))
      expect(answered(run, sentAfter(runAt(wrong)))).toBe('secure.unexpected');
    expect(answered(run, forged(message, { from: 'city-02' }, run, 'city-02'))).toBe('secure.unknown-sender');
    expect(answered(run, forged(message, {}, run, 'city-02'))).toBe('secure.wrong-signature');
  });
});

describe('a city refuses of its coordinator', () => {
  test('keys that it has put in the place of those of a city, left out, doubled, or too few', () => {
    const run = runAt(0);
    const list = sentAfter(run);
    if (list.type !== 'SecureKeyList') throw new Error('keys are due');
    const { keys } = list;
    const given = (other: readonly unknown[]) => answered(run, forged(list, { keys: other }, run, coordinatorName));
    const [own, second, ...rest] = keys;
    if (!own || !second) throw new Error('there are four keys');
    const { signature: _, ...body } = second;
    const mine = { ...body, masking: own.masking };
    expect(given([own, signed(mine, run.cryptoOf(coordinatorName)), ...rest])).toBe('secure.wrong-signature');
    expect(given([second, ...rest])).toBe('secure.wrong-keys');
    expect(given([own, second, second, ...rest])).toBe('secure.wrong-keys');
    expect(given([own, second])).toBe('secure.too-few');
    const weak = { ...body, encryption: '00'.repeat(32) };
    expect(given([own, signed(weak, run.cryptoOf('city-01')), ...rest])).toBe('secure.wrong-keys');
  });

  test('shares that were for another city, of another city, or too few', () => {
    const run = runAt(1);
    deliver(run);
    const crypto = run.cryptoOf(coordinatorName);
    const [list, other] = must(closeRound(run.coordinator, crypto)).messages.map(({ message }) => message);
    if (list?.type !== 'SecureShareList' || other?.type !== 'SecureShareList') throw new Error('shares are due');
    const given = (shares: readonly unknown[]) => answered(run, forged(list, { shares }, run, coordinatorName));
    expect(answered(run, other)).toBe('secure.wrong-shares');
    const [a, b, c] = list.shares;
    expect(given([{ ...a, sealed: b?.sealed }, b, c])).toBe('secure.wrong-shares');
    expect(given([{ ...a, sealed: '' }, b, c])).toBe('secure.wrong-shares');
    expect(given([{ ...a, sealed: other.shares.find(({ from }) => from === 'city-02')?.sealed }, b, c])).toBe(
      'secure.wrong-shares',
    );
    expect(given([b, a, c])).toBe('secure.wrong-shares');
    expect(given([a])).toBe('secure.too-few');
    expect(canonicalJson(list.shares).length).toBeGreaterThan(500);
  });
});
