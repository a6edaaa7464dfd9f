import { must, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addJoint,
  type Combinations,
  compareLevels,
  countJoint,
  groupsOf,
  type JointCounts,
  type JointRows,
  jointCounts,
  marginal,
  notStated,
  stratum,
  totalOf,
} from '../index.js';

interface Row {
  readonly y: number;
  readonly d: number;
  readonly sex: number;
  readonly race: number;
  readonly weight: number;
}

const sexes = ['f', 'm', notStated];
const races = ['10', '9', 'b', 'A'];

const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  y: fc.nat(1),
  d: fc.nat(1),
  sex: fc.nat(2),
  race: fc.nat(3),
  weight: fc.oneof(fc.double({ min: 0, max: 2 ** 30, noNaN: true }), fc.constantFrom(0.1, 1 / 3, 1e-9, 0)),
});

function rowsOf(rows: readonly Row[], weighted = true): JointRows {
  const base = {
    label: Uint8Array.from(rows, ({ y }) => y),
    decision: Uint8Array.from(rows, ({ d }) => d),
    attributes: [
      { attribute: 'sex', levels: sexes, codes: Uint16Array.from(rows, ({ sex }) => sex) },
      { attribute: 'race', levels: races, codes: Uint32Array.from(rows, ({ race }) => race) },
    ],
  };
  return weighted ? { ...base, weights: Float64Array.from(rows, ({ weight }) => weight) } : base;
}

const counted = (rows: readonly Row[]): JointCounts => must(countJoint(rowsOf(rows)));

/** Every row as a combination of its own, with levels of its own order. */
function asCombinations(rows: readonly Row[]): Combinations {
  return {
    attributes: [
      { attribute: 'sex', values: [null, 'm', 'f'] },
      { attribute: 'race', values: races },
    ],
    codes: Uint32Array.from(rows.flatMap(({ sex, race }) => [2 - sex, race])),
    label: Uint8Array.from(rows, ({ y }) => y),
    decision: Uint8Array.from(rows, ({ d }) => d),
    rows: new Float64Array(rows.length).fill(1),
  };
}

describe('countJoint', () => {
  test('counts four outcomes for each combination that occurs, levels sorted, numbers before text', () => {
    const rows: readonly Row[] = [
      { y: 1, d: 1, sex: 1, race: 0, weight: 1 },
      { y: 1, d: 0, sex: 1, race: 0, weight: 1 },
      { y: 0, d: 1, sex: 0, race: 1, weight: 1 },
      { y: 0, d: 0, sex: 2, race: 3, weight: 1 },
      { y: 0, d: 0, sex: 2, race: 3, weight: 1 },
    ];
    const joint = must(countJoint(rowsOf(rows, false)));
    expect(joint).toEqual({
      attributes: [
        { attribute: 'sex', levels: ['f', 'm', 'not stated'] },
        { attribute: 'race', levels: ['9', '10', 'A'] },
      ],
      codes: Uint32Array.of(0, 0, 1, 1, 2, 2),
      cells: Float64Array.of(0, 1, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0),
    });
    expect(groupsOf(joint)[1]).toEqual({ levels: ['m', '10'], counts: { n: 2, tn: 0, fp: 0, fn: 1, tp: 1 } });
    expect(totalOf(joint)).toEqual({ n: 5, tn: 2, fp: 1, fn: 1, tp: 1 });
  });

  test('without attributes there is one combination, without rows there is none', () => {
    const [label, decision] = [Uint8Array.of(1, 0, 1), Uint8Array.of(1, 0, 0)];
    expect(must(countJoint({ label, decision, attributes: [] })).cells).toEqual(Float64Array.of(1, 0, 1, 1));
    expect(counted([]).cells).toHaveLength(0);
    expect(counted([]).attributes).toEqual([
      { attribute: 'sex', levels: [] },
      { attribute: 'race', levels: [] },
    ]);
  });

  test('agrees with filtering rows one by one, in any order of rows', () => {
    let combinations = 0;
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 80 }), (rows) => {
        const joint = counted(rows);
        const groups = groupsOf(joint);
        combinations = Math.max(combinations, groups.length);
        for (const { levels, counts } of groups) {
          const own = rows.filter(({ sex, race }) => sexes[sex] === levels[0] && races[race] === levels[1]);
          const of = (y: number, d: number) => own.filter((row) => row.y === y && row.d === d).length;
          expect(counts).toEqual({ n: own.length, tn: of(0, 0), fp: of(0, 1), fn: of(1, 0), tp: of(1, 1) });
        }
        expect(totalOf(joint).n).toBe(rows.length);
        expect(counted([...rows].reverse())).toEqual(joint);
        expect(must(jointCounts(asCombinations(rows)))).toEqual(must(countJoint(rowsOf(rows, false))));
      }),
    );
    expect(combinations).toBeGreaterThan(6);
  });

  test('counts blocks of rows the same as single rows, also when combinations are found by hashing', () => {
    const random = seededRandom(3);
    const rows = 20_003;
    const draw = (below: number) => Uint32Array.from({ length: rows }, () => Math.floor(random() * below));
    const [a, b, c] = [draw(40), draw(50), draw(3)];
    const [label, decision] = [Uint8Array.from(draw(2)), Uint8Array.from(draw(2))];
    const names = (count: number) => Array.from({ length: count }, (_, i) => `l${i}`);
    const weights = Float64Array.from({ length: rows }, () => random());
    const count = (spare: number) =>
      must(
        countJoint({
          label,
          decision,
          weights,
          attributes: [
            { attribute: 'a', levels: names(40 + spare), codes: a },
            { attribute: 'b', levels: names(50 + spare), codes: b },
            { attribute: 'c', levels: names(3), codes: Uint16Array.from(c) },
          ],
        }),
      );
    const direct = count(0);
    expect(direct.cells.length).toBeGreaterThan(20_000);
    // 1,040 * 1,050 * 3 places are too many to have one each.
    expect(count(1_000)).toEqual(direct);
    const naive = new Map<string, number>();
    for (let i = 0; i < rows; i++) {
      const key = `l${a[i]} l${b[i]} l${c[i]} ${label[i]}${decision[i]}`;
      naive.set(key, (naive.get(key) ?? 0) + 1);
    }
    for (const { levels, counts } of groupsOf(direct))
      expect([counts.tn, counts.fp, counts.fn, counts.tp]).toEqual(
        ['00', '01', '10', '11'].map((outcome) => naive.get(`${levels.join(' ')} ${outcome}`) ?? 0),
      );
  });

  test.each([
    ['joint.length', 'decision', { decision: Uint8Array.of(1) }, 'has 1 rows, the label 2'],
    ['joint.length', 'weight', { weights: Float64Array.of(1) }, 'has 1 rows'],
    ['joint.not-binary', 'label', { label: Uint8Array.of(0, 2) }, 'Row 2 of the label is 2'],
    ['joint.not-binary', 'decision', { decision: Uint8Array.of(255, 0) }, 'Row 1 of the decision is 255'],
    [
      'joint.unknown-code',
      'kind',
      { attributes: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0, 7) }] },
      'Row 2 of "kind"',
    ],
    [
      'joint.unknown-code',
      'kind',
      { attributes: [{ attribute: 'kind', levels: [], codes: Uint32Array.of(0, 0) }] },
      'Row 1 of "kind"',
    ],
    [
      'joint.repeated-attribute',
      'a',
      { attributes: ['a', 'a'].map((attribute) => ({ attribute, levels: ['x'], codes: new Uint16Array(2) })) },
      'given twice',
    ],
    [
      'joint.too-many-levels',
      'id',
      { attributes: [{ attribute: 'id', levels: new Array<string>(2 ** 21 + 1), codes: new Uint32Array(2) }] },
      '2097152 levels',
    ],
    ['joint.wrong-weight', 'weight', { weights: Float64Array.of(1, -1) }, 'row 2 is -1'],
    ['joint.wrong-weight', 'weight', { weights: Float64Array.of(Number.NaN, 1) }, 'row 1 is NaN'],
    ['joint.wrong-weight', 'weight', { weights: Float64Array.of(1, 2 ** 31) }, 'row 2 is 2147483648'],
  ])('refuses with %s and names %s and the row', (kind, at, change, detail) => {
    const rows: JointRows = { label: Uint8Array.of(0, 1), decision: Uint8Array.of(0, 1), attributes: [] };
    expect(countJoint({ ...rows, ...change })).toMatchObject({
      problem: { kind, at, detail: expect.stringContaining(detail) },
    });
  });
});

describe('jointCounts', () => {
  test('a missing value and the text "not stated" are one level', () => {
    const joint = must(
      jointCounts({
        attributes: [{ attribute: 'sex', values: [null, notStated, 'f'] }],
        codes: Uint32Array.of(0, 1, 2),
        label: Uint8Array.of(1, 1, 0),
        decision: Uint8Array.of(1, 1, 0),
        rows: Float64Array.of(2, 3, 0),
      }),
    );
    expect(groupsOf(joint)).toEqual([{ levels: ['not stated'], counts: { n: 5, tn: 0, fp: 0, fn: 0, tp: 5 } }]);
  });

  test.each([
    ['joint.length', { codes: Uint32Array.of(0) }],
    ['joint.length', { label: Uint8Array.of(0) }],
    ['joint.length', { weights: { sums: [1n], squares: [1n, 1n] } }],
    ['joint.not-binary', { label: Uint8Array.of(0, 2) }],
    ['joint.unknown-code', { codes: Uint32Array.of(0, 5) }],
  ])('refuses with %s', (kind, change) => {
    const good: Combinations = {
      attributes: [{ attribute: 'sex', values: ['f', 'm'] }],
      codes: Uint32Array.of(0, 1),
      label: Uint8Array.of(0, 1),
      decision: Uint8Array.of(0, 1),
      rows: Float64Array.of(1, 1),
    };
    expect(jointCounts(good).ok).toBe(true);
    expect(jointCounts({ ...good, ...change })).toMatchObject({ problem: { kind } });
  });
});

describe('adding tables', () => {
  test('any split of the rows into 2 to 20 tables adds up to the same bytes, weights too', () => {
    let [tables, missingLevels] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rowArbitrary, fc.nat(19)), { maxLength: 60 }),
        fc.integer({ min: 2, max: 20 }),
        (rows, cities) => {
          const parts = Array.from({ length: cities }, (_, city) =>
            counted(rows.filter(([, own]) => own % cities === city).map(([row]) => row)),
          );
          tables = Math.max(tables, parts.length);
          const pooled = counted(rows.map(([row]) => row));
          if (parts.some(({ attributes }) => attributes[0]?.levels.length !== pooled.attributes[0]?.levels.length))
            missingLevels++;
          expect(must(addJoint(parts))).toEqual(pooled);
          expect(must(addJoint([...parts].reverse()))).toEqual(pooled);
          const [first, ...others] = parts;
          const rest = must(addJoint(others));
          expect(first && must(addJoint([rest, first]))).toEqual(pooled);
        },
      ),
    );
    expect(tables).toBe(20);
    expect(missingLevels).toBeGreaterThan(10);
  });

  test('doubles that cannot be added in any order are added in any order', () => {
    const row = (weight: number): Row => ({ y: 0, d: 0, sex: 0, race: 0, weight });
    const weights = [2 ** 30, 2 ** -40, 2 ** -40, 0.1, 0.2, 0.3];
    const joint = counted(weights.map(row));
    const exact = (2 ** 30 * 2 ** 20 + 2 ** -20 * 2 + 0.6 * 2 ** 20) / 2 ** 20;
    expect(joint.weighted?.sums[0]).toBe(exact);
    expect(joint.weighted?.exact.sums[0]).toBe(
      weights.reduce((sum, weight) => {
        const whole = Math.floor(weight);
        return sum + (BigInt(whole) << 90n) + BigInt(Math.floor((weight - whole) * 2 ** 90));
      }, 0n),
    );
    expect(joint.weighted?.squares[0]).toBe(2 ** 60);
  });

  test('tables of other attributes, or only partly weighted, are refused', () => {
    const row: Row = { y: 0, d: 0, sex: 0, race: 0, weight: 1 };
    const joint = counted([row]);
    expect(addJoint([joint, must(marginal(joint, ['race', 'sex']))])).toMatchObject({
      problem: { kind: 'joint.other-attributes', detail: expect.stringContaining('"race", "sex"') },
    });
    expect(addJoint([joint, must(countJoint(rowsOf([row], false)))])).toMatchObject({
      problem: { kind: 'joint.mixed-weights' },
    });
    expect(must(addJoint([])).cells).toHaveLength(0);
  });
});

describe('marginal and stratum', () => {
  test('a marginal of a marginal is the marginal, and keeps the total', () => {
    let levels = 0;
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 60 }), (rows) => {
        const joint = counted(rows);
        const sex = must(marginal(joint, ['sex']));
        levels = Math.max(levels, sex.attributes[0]?.levels.length ?? 0);
        expect(must(marginal(must(marginal(joint, ['race', 'sex'])), ['sex']))).toEqual(sex);
        expect(must(marginal(joint, ['sex', 'race']))).toEqual(joint);
        const all = must(marginal(joint, []));
        expect(must(marginal(sex, []))).toEqual(all);
        for (const table of [joint, sex, all]) expect(totalOf(table)).toEqual(totalOf(joint));
      }),
    );
    expect(levels).toBe(3);
  });

  test('the strata of an attribute are a split of the rows', () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary, { minLength: 1, maxLength: 60 }), (rows) => {
        const joint = counted(rows);
        const strata = (joint.attributes[1]?.levels ?? []).map((race) => must(stratum(joint, 'race', race)));
        expect(must(addJoint(strata))).toEqual(must(marginal(joint, ['sex'])));
        for (const { attributes } of strata) expect(attributes.map(({ attribute }) => attribute)).toEqual(['sex']);
      }),
    );
  });

  test('what is not there is refused by name', () => {
    const joint = counted([{ y: 0, d: 0, sex: 0, race: 0, weight: 1 }]);
    expect(marginal(joint, ['age'])).toMatchObject({ problem: { kind: 'joint.unknown-attribute', at: 'age' } });
    expect(marginal(joint, ['sex', 'sex'])).toMatchObject({ problem: { kind: 'joint.repeated-attribute' } });
    expect(stratum(joint, 'age', 'f')).toMatchObject({ problem: { kind: 'joint.unknown-attribute' } });
    expect(stratum(joint, 'sex', 'x')).toMatchObject({
      problem: { kind: 'joint.unknown-level', detail: expect.stringContaining('it has f') },
    });
  });
});

test('levels are ordered: numbers by size, text by code unit, what is not stated last', () => {
  const levels = ['a', notStated, '10', 'B', '9', '-1', '25 - 45', '1e2', 'zz', '1.5', 'true'];
  const sorted = ['-1', '1.5', '9', '10', '1e2', '25 - 45', 'B', 'a', 'true', 'zz', notStated];
  expect([...levels].sort(compareLevels)).toEqual(sorted);
  expect([...levels].reverse().sort(compareLevels)).toEqual(sorted);
});
