import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  closeRound,
  countJoint,
  type JointCounts,
  joinSecureSum,
  jointCounts,
  mergeCounts,
  openSecureSum,
  readAuditCounts,
  type SecureTerms,
} from '../../index.js';
import { handedOut, jointOf, plainRow, sharedPlan } from '../../testing/federated-rows.js';
import { agreedColumns, complete, coordinatorName, deliver, startRun, turn } from '../../testing/secure-run.js';

const attributes = ['sex', 'race', 'age'];
const rowArbitrary = plainRow(['1', '2']);

/** What openly handed out counts of these cities add up to. */
function merged(joints: readonly JointCounts[]): JointCounts {
  const documents = joints.map((joint, i) => must(readAuditCounts(handedOut(joint, sharedPlan, `City ${i}`))));
  const { joint } = must(mergeCounts(documents));
  if (!joint) throw new Error('nothing is withheld');
  return joint;
}

/** Counts of one number in each cell of one column. */
function countsOf(cells: readonly number[], levels: readonly string[] = ['a']): JointCounts {
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
const problemOf = (result: ReturnType<typeof closeRound> | ReturnType<typeof joinSecureSum>) =>
  result.ok ? 'none' : result.problem.kind;

describe('a secure sum', () => {
  test('is to the bit what openly handed out counts add up to, of those who sent, whoever drops out and when', () => {
    const rounds = ['keys', 'shares', 'vectors', 'unmasking'] as const;
    // Nobody, one or two of five: in each round, and in each two rounds.
    const kinds = [[], ...rounds.map((a) => [a]), ...rounds.flatMap((a, i) => rounds.slice(i).map((b) => [a, b]))];
    const seen = new Set<string>();
    let run = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(rowArbitrary, { minLength: 1, maxLength: 30 }), { minLength: 5, maxLength: 5 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 2 }),
        (rows, who) => {
          const kind = kinds[run % kinds.length] ?? [];
          const joints = rows.map((own) => jointOf(own, attributes));
          const secure = startRun(joints, { quorum: 3, seed: ++run });
          const { cities } = secure.terms;
          const silent = (round: string) =>
            kind.flatMap((own, i) => (own === round ? [cities[who[i] ?? 0] ?? ''] : []));
          const done = complete(secure, Object.fromEntries(rounds.map((round) => [round, silent(round)])));
          const gone = rounds.slice(0, 3).flatMap(silent);
          const sent = joints.filter((_, i) => !gone.includes(cities[i] ?? ''));
          expect(done.cities).toEqual(cities.filter((city) => !gone.includes(city)));
          expect(done.pooled).toEqual(merged(sent));
          seen.add(`${kind.join()} ${gone.length}`);
        },
      ),
      { numRuns: 15, seed: 9, endOnFailure: true },
    );
    expect(seen.size).toBe(15);
    expect(new Set([...seen].map((kind) => kind.slice(-1)))).toEqual(new Set(['0', '1', '2']));
  });

  test('holds for more cities, and for as many dropping out as the quorum allows', () => {
    const rows = fc.sample(rowArbitrary, { numRuns: 90, seed: 2 });
    const joints = Array.from({ length: 9 }, (_, i) => jointOf(rows.slice(i * 10, i * 10 + 10), attributes));
    for (const dropped of [0, 2, 4]) {
      const run = startRun(joints, { quorum: 5, seed: 100 + dropped });
      const done = complete(run, { vectors: run.terms.cities.slice(0, dropped) });
      expect(done.cities).toEqual(run.terms.cities.slice(dropped));
      expect(done.pooled).toEqual(merged(joints.slice(dropped)));
    }
  });

  test('is exact up to the largest number of rows, and refused beyond', () => {
    const large = Number.MAX_SAFE_INTEGER;
    const sumOf = (cells: readonly number[]) =>
      startRun(
        cells.map((n) => countsOf([n])),
        { quorum: 3, columns: [{ attribute: 'x', levels: ['a'] }] },
      );
    const whole = complete(sumOf([large - 3, 1, 2]));
    expect(whole.pooled.cells[0]).toBe(large);
    const beyond = sumOf([large - 3, 1, 3]);
    for (const _ of [1, 2, 3]) {
      deliver(beyond);
      turn(beyond);
    }
    deliver(beyond);
    expect(problemOf(closeRound(beyond.coordinator, beyond.cryptoOf(coordinatorName)))).toBe('secure.too-large');
  });
});

describe('too few cities', () => {
  const joints = [5, 6, 7, 8, 9].map((n) => countsOf([n, 1, 2, 3]));

  test('end the run in whatever round it happens', () => {
    for (const round of [0, 1, 2, 3]) {
      const run = startRun(joints, { quorum: 4 });
      for (let before = 0; before < round; before++) {
        deliver(run);
        turn(run);
      }
      deliver(run, run.terms.cities.slice(0, 2));
      const closed = closeRound(run.coordinator, run.cryptoOf(coordinatorName));
      expect(closed.ok ? 'none' : closed.problem).toMatchObject({
        kind: 'secure.too-few',
        detail: expect.stringMatching(/^3 of 5 cities .* fewer than 4 nothing is added up\.$/),
      });
    }
  });
});

describe('joining a secure sum', () => {
  const joint = countsOf([1, 2, 3, 4]);
  const { terms, cryptoOf } = startRun([joint, joint, joint, joint, joint], { quorum: 3 });
  const crypto = cryptoOf('city-00');
  const joined = (given: Partial<SecureTerms>, own = joint, city = 'city-00') =>
    problemOf(joinSecureSum({ terms: { ...terms, ...given }, city, joint: own, crypto }));

  test('is refused with levels that were not agreed, with weights, and with columns that are not there', () => {
    expect(joined({})).toBe('none');
    expect(joined({}, countsOf([1, 2, 3, 4, 5], ['a', 'b']))).toBe('secure.other-level');
    expect(joined({ columns: [{ attribute: 'y', levels: ['a'] }] })).toBe('joint.unknown-attribute');
    const one = { label: Uint8Array.of(1), decision: Uint8Array.of(1), weights: Float64Array.of(0.5) };
    const attribute = { attribute: 'x', levels: ['a'], codes: Uint16Array.of(0) };
    expect(joined({}, must(countJoint({ ...one, attributes: [attribute] })))).toBe('secure.weighted');
    expect(joined({}, joint, 'city-77')).toBe('secure.unknown-city');
    expect(joined({}, countsOf([2 ** 53 - 1, 1]))).toBe('secure.too-large');
    expect(joined({}, countsOf([0.5]))).toBe('secure.too-large');
    expect(joined({}, countsOf([-1]))).toBe('secure.too-large');
  });

  test('is refused under terms that protect nobody, by cities and by the coordinator', () => {
    const level = { attribute: 'x', levels: ['b', 'a'] };
    const many = { attribute: 'x', levels: agreedColumns([countsOf([1])])[0]?.levels ?? [] };
    const digits = Array.from({ length: 10 }, (_, i) => `${i}`);
    const wide = ['p', 'q', 'r', 's', 't'].map((attribute) => ({ attribute, levels: digits }));
    const wrong: readonly Partial<SecureTerms>[] = [
      { quorum: 2, cities: ['city-00', 'city-01', 'city-02'] },
      { quorum: 6 },
      { quorum: 3.5 },
      { quorum: 3, cities: [...terms.cities, 'city-05'] },
      { cities: [...terms.cities].reverse() },
      { cities: ['city-00', 'city-00', 'city-01', 'city-02'] },
      { coordinator: 'city-01' },
      { columns: [] },
      { columns: [many, many] },
      { columns: [level] },
      { columns: [{ attribute: 'x', levels: [] }] },
      { columns: wide },
    ];
    for (const given of wrong) {
      expect([given, joined(given)]).toEqual([given, 'secure.wrong-terms']);
      expect(openSecureSum({ ...terms, ...given }).ok).toBe(false);
    }
  });
});
