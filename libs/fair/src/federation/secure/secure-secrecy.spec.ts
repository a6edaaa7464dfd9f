import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { answerSecureSum, type CoordinatorMessage, closeRound, type JointCounts, jointCounts } from '../../index.js';
import { chiSquareUpperTail } from '../../statistics/gamma.js';
import { complete, coordinatorName, deliver, type SecureRun, startRun, turn } from '../../testing/secure-run.js';
import { bytesOf, fromHex, wordsOf } from './bytes.js';
import { flatTable } from './flat-table.js';
import { applyMask, pairMask, selfMask } from './masks.js';
import { combineShares } from './secret-shares.js';
import { type SecureVector, signed } from './secure-messages.js';

const levels = Array.from({ length: 200 }, (_, i) => `${i}`);
const columns = [{ attribute: 'x', levels }];
/** One city's table, number by number. */
function tableOf(number: (i: number) => number): JointCounts {
  const cells = Array.from({ length: levels.length * 4 }, (_, i) => number(i));
  return must(
    jointCounts({
      attributes: [{ attribute: 'x', values: levels }],
      codes: Uint32Array.from(cells, (_, i) => i >> 2),
      label: Uint8Array.from(cells, (_, i) => (i >> 1) & 1),
      decision: Uint8Array.from(cells, (_, i) => i & 1),
      rows: Float64Array.from(cells),
    }),
  );
}
const zeros = tableOf(() => 0);
const large = tableOf((i) => 7_654_321_098 + i * 104_729);
const others = [1, 2, 3, 4].map((k) => tableOf((i) => 1_234_567 * k + i * 7919));

/** How likely bytes as uneven as these are, if all 256 are equally likely. */
function evenness(bytes: Uint8Array): number {
  const seen = new Float64Array(256);
  for (const byte of bytes) seen[byte] = (seen[byte] ?? 0) + 1;
  const expected = bytes.length / 256;
  return chiSquareUpperTail(
    seen.reduce((sum, n) => sum + ((n - expected) * (n - expected)) / expected, 0),
    255,
  );
}
const isVector = (message: object): message is SecureVector => 'type' in message && message.type === 'SecureVector';
const vectorsOf = ({ seen }: SecureRun) => new Map(seen.filter(isVector).map(({ from, words }) => [from, words]));
const wordsOfHex = (hex: string | undefined) => wordsOf(fromHex(hex ?? ''));

describe('what the coordinator of a secure sum sees', () => {
  const runs = [zeros, large].map((own, i) => startRun([own, ...others], { quorum: 3, seed: 40 + i, columns }));
  for (const run of runs) complete(run, { vectors: ['city-04'] });
  const plain = [large, ...others].map((joint) => must(flatTable(joint, columns)));

  test('is bytes without a pattern, for a table of zeros and for one of large numbers', () => {
    for (const run of runs)
      for (const [, words] of vectorsOf(run)) {
        expect(words).toHaveLength(levels.length * 4 * 16);
        expect(evenness(fromHex(words))).toBeGreaterThan(0.001);
      }
    // The measure would have found what is not masked, or masked twice alike.
    expect(evenness(bytesOf(plain[0] ?? new BigUint64Array()))).toBeLessThan(1e-9);
    const [a, b] = runs.map((run) => wordsOfHex(vectorsOf(run).get('city-00')));
    const apart = BigUint64Array.from(a ?? [], (word, i) => word - (b?.[i] ?? 0n));
    expect(evenness(bytesOf(apart))).toBeGreaterThan(0.001);
  });

  test('holds no number of a table, in digits, in bytes of either order, or as the difference of two cities', () => {
    const [, run] = runs;
    if (!run) throw new Error('there are two runs');
    const numbers = plain.flatMap((words) => [...words]);
    expect(new Set(numbers).size).toBeGreaterThan(3000);
    const text = run.seen.map((message) => JSON.stringify(message)).join('\n');
    const found = numbers.filter((number) => {
      const low = Buffer.from(bytesOf(BigUint64Array.of(number))).toString('hex');
      const high = number.toString(16).padStart(16, '0');
      // Seven digits in a row are somewhere in masked bytes by chance: a number in digits does not stand inside of those.
      const digits = new RegExp(`(?<![0-9a-f])${number}(?![0-9a-f])`);
      return text.includes(low) || text.includes(high) || digits.test(text);
    });
    expect(found).toEqual([]);
    // The search would have found one.
    expect(`"words":[${numbers[0]},${numbers[1]}]`).toMatch(new RegExp(`(?<![0-9a-f])${numbers[1]}(?![0-9a-f])`));
    const sent = [...vectorsOf(run)].map(([city, words]) => [Number(city.slice(-2)), wordsOfHex(words)] as const);
    const differences = sent.flatMap(([a, own]) =>
      sent.flatMap(([b, other]) =>
        a === b
          ? []
          : Array.from(own, (word, i) => [
              BigInt.asUintN(64, word - (other[i] ?? 0n)),
              BigInt.asUintN(64, (plain[a]?.[i] ?? 0n) - (plain[b]?.[i] ?? 0n)),
            ]),
      ),
    );
    expect(differences).toHaveLength(4 * 3 * levels.length * 4);
    expect(differences.filter(([masked, open]) => masked === open)).toEqual([]);
  });

  test('holds no secret of a city that is not given away on purpose', () => {
    const run = startRun([large, ...others], { quorum: 3, seed: 50, columns });
    const secrets = [...run.cities.values()].flatMap((city) =>
      city.state === 'advertised'
        ? Object.values(city.secrets).map((secret) => Buffer.from(secret).toString('hex'))
        : [],
    );
    expect(secrets).toHaveLength(15);
    complete(run, { vectors: ['city-01'] });
    const text = run.seen.map((message) => JSON.stringify(message)).join('\n');
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test('never is both shares of one peer from one city, in runs where some drop out', () => {
    for (const run of runs) {
      const answers = run.seen.filter((message) => 'seeds' in message && 'keys' in message) as {
        seeds: { of: string }[];
        keys: { of: string }[];
      }[];
      expect(answers).toHaveLength(4);
      for (const { seeds, keys } of answers) {
        expect(seeds.map(({ of }) => of)).toEqual(['city-00', 'city-01', 'city-02', 'city-03']);
        expect(keys.map(({ of }) => of)).toEqual(['city-04']);
      }
    }
  });
});

describe('a coordinator that does not keep to the rules', () => {
  /** A city that has sent its numbers, and what the coordinator would ask honestly. */
  function masked() {
    const run = startRun([large, ...others], { quorum: 3, seed: 60, columns });
    for (const silent of [[], [], ['city-04']]) {
      deliver(run, silent);
      if (run.coordinator.round !== 'vectors') turn(run);
    }
    const crypto = run.cryptoOf(coordinatorName);
    const [first] = must(closeRound(run.coordinator, crypto)).messages;
    const city = run.cities.get('city-00');
    if (!first || !city || first.message.type !== 'SecureSurvivors') throw new Error('survivors are due');
    return { city, survivors: first.message, crypto, own: run.cryptoOf('city-00') };
  }
  const { city, survivors, crypto, own } = masked();
  const { signature: _, ...honest } = survivors;
  const ask = (given: Partial<typeof honest>, of = city) => {
    const message: CoordinatorMessage = signed({ ...honest, ...given }, crypto);
    const answer = answerSecureSum(of, message, own);
    return answer.ok ? 'answered' : answer.problem.kind;
  };

  test('gets one share of each peer from a city, and never the other one', () => {
    expect(ask({})).toBe('answered');
    expect(ask({ dropped: ['city-03', 'city-04'] })).toBe('secure.both-shares');
    expect(ask({ masked: [...honest.masked, 'city-04'] })).toBe('secure.both-shares');
    expect(ask({ masked: ['city-00', 'city-01', 'city-01', 'city-02'], dropped: ['city-04'] })).toBe(
      'secure.other-sharers',
    );
    const after = must(answerSecureSum(city, survivors, own)).city;
    const turned = { masked: ['city-00', 'city-01', 'city-02', 'city-04'], dropped: ['city-03'] };
    expect(ask(turned)).toBe('answered');
    expect(ask(turned, after)).toBe('secure.unexpected');
    expect(Object.keys(after).sort()).toEqual(['city', 'session', 'state', 'terms']);
  });

  test('gets nothing for a sum of fewer than the quorum, or without the city itself', () => {
    expect(ask({ masked: ['city-00', 'city-01'], dropped: ['city-02', 'city-03', 'city-04'] })).toBe('secure.too-few');
    expect(ask({ masked: ['city-01', 'city-02', 'city-03', 'city-04'], dropped: ['city-00'] })).toBe(
      'secure.other-sharers',
    );
    expect(ask({ dropped: [] })).toBe('secure.other-sharers');
    expect(ask({ dropped: ['city-99'] })).toBe('secure.other-sharers');
  });

  test('learns nothing from numbers that come after it has asked for the masking key of their sender', () => {
    const run = startRun([large, ...others], { quorum: 3, seed: 61, columns });
    const joined = run.cities.get('city-00');
    for (const _ of [1, 2]) {
      deliver(run);
      turn(run);
    }
    const late = run.outbox.get('city-00');
    const state = run.cities.get('city-00');
    if (!late || !isVector(late) || state?.state !== 'masked' || joined?.state !== 'advertised')
      throw new Error('numbers are due');
    deliver(run, ['city-00']);
    turn(run);
    const answers = [...run.outbox.entries()] as unknown as [string, { keys: { of: string; share: string }[] }][];
    const shares = answers.slice(0, 3).map(([from, { keys }]) => {
      return { place: run.terms.cities.indexOf(from) + 1, share: fromHex(keys[0]?.share ?? '') };
    });
    const key = combineShares(shares);
    if (!key) throw new Error('the key is given away on purpose');
    const words = wordsOfHex(late.words);
    for (const { from, masking } of state.roster.keys.slice(1)) {
      const pair = crypto.agree(key, fromHex(masking));
      if (!pair) throw new Error('the keys agree');
      applyMask(words, pairMask(pair, ['city-00', from], words.length, state.roster, crypto), -1n);
    }
    expect(evenness(bytesOf(words))).toBeGreaterThan(0.001);
    const open = must(flatTable(large, columns));
    expect([...words].filter((word, i) => word === open[i])).toEqual([]);
    // Its own mask is all that was left.
    applyMask(words, selfMask(joined.secrets.seed, 'city-00', words.length, state.roster, crypto), -1n);
    expect(words).toEqual(open);
  });
});
