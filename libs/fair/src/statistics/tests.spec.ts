import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chiSquare } from './chi-square.js';
import { fisherExact } from './fisher.js';
import type { Share } from './interval.js';
import { breslowDay, mantelHaenszel } from './mantel-haenszel.js';
import { mcnemar } from './mcnemar.js';
import { permutationGap } from './permutation.js';
import type { Reference } from './reference.fixtures.js';

const reference: Reference = JSON.parse(readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'));

const nothing = { k: 0, n: 0 };
const share = (most: number) =>
  fc.integer({ min: 1, max: most }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));
const close = (ours: number, theirs: number): void => expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-9);

describe("Fisher's exact test", () => {
  test.each(reference.fisher)('of %i/%i and %i/%i is that of SciPy', (k1, n1, k2, n2, p) => {
    const found = fisherExact({ k: k1, n: n1 }, { k: k2, n: n2 });
    if (found.state !== 'value') throw new Error(found.reason);
    close(found.p, p);
  });

  test('of ten million rows on each side takes no time and does not overflow', () => {
    const [a, b] = [
      { k: 3_000_000, n: 10_000_000 },
      { k: 3_002_000, n: 10_000_000 },
    ];
    const found = fisherExact(a, b);
    // The z test, which is as good as exact for so many rows, gives 0.329.
    expect(found.state === 'value' && found.p).toBeCloseTo(0.329, 3);
    const far = fisherExact(a, { ...b, k: 3_020_000 });
    expect(far.state === 'value' && far.p).toBeLessThan(1e-20);
    expect(far.state === 'value' && far.p).toBeGreaterThan(0);
  });

  test('is undefined where only one table is possible, and its odds ratio where it would be infinite', () => {
    expect(fisherExact({ k: 0, n: 5 }, { k: 0, n: 9 })).toEqual({ state: 'undefined', reason: 'all rows fail' });
    expect(fisherExact({ k: 5, n: 5 }, { k: 9, n: 9 })).toEqual({ state: 'undefined', reason: 'all rows succeed' });
    expect(fisherExact(nothing, { k: 1, n: 9 })).toEqual({ state: 'undefined', reason: 'one side has no rows' });
    expect(fisherExact({ k: 5, n: 5 }, { k: 1, n: 9 })).toMatchObject({ oddsRatio: { state: 'undefined' } });
    expect(fisherExact({ k: 4, n: 5 }, { k: 1, n: 9 })).toMatchObject({ oddsRatio: { state: 'value', value: 32 } });
  });

  test('is the same turned round or upside down, and a chance', () => {
    const mirrored = ({ k, n }: Share): Share => ({ k: n - k, n });
    let defined = 0;
    fc.assert(
      fc.property(share(400), share(400), (a, b) => {
        const found = fisherExact(a, b);
        if (found.state !== 'value') return;
        defined++;
        expect(found.p).toBeGreaterThan(0);
        expect(found.p).toBeLessThanOrEqual(1);
        for (const other of [fisherExact(b, a), fisherExact(mirrored(a), mirrored(b))])
          expect(other.state === 'value' && Math.abs(other.p / found.p - 1)).toBeLessThan(1e-9);
      }),
    );
    expect(defined).toBeGreaterThan(50);
  });
});

describe("Pearson's chi-square test", () => {
  test.each(reference.chiSquare)('of $table is that of SciPy', ({ table, ...expected }) => {
    const found = chiSquare(table);
    if (found.state !== 'value') throw new Error(found.reason);
    close(found.statistic, expected.statistic);
    close(found.p, expected.p);
    close(found.leastExpected, expected.leastExpected);
    expect(found).toMatchObject({ df: expected.df, sparseCells: expected.sparseCells });
  });

  test('leaves out rows and columns that hold nothing, and is undefined when too little is left', () => {
    const empty = [
      [10, 0, 20],
      [0, 0, 0],
      [20, 0, 20],
    ];
    const filled = [
      [10, 20],
      [20, 20],
    ];
    expect(chiSquare(empty)).toEqual(chiSquare(filled));
    const reason = 'fewer than two rows or columns hold anything';
    for (const table of [
      [],
      [[1, 2]],
      [
        [0, 0],
        [3, 4],
      ],
    ])
      expect(chiSquare(table)).toEqual({ state: 'undefined', reason });
  });
});

describe('tests within strata', () => {
  const strataOf = (rows: readonly (readonly [number, number, number, number])[]) =>
    rows.map(([k1, n1, k2, n2]) => ({ a: { k: k1, n: n1 }, b: { k: k2, n: n2 } }));

  test.each(reference.strata)('of $strata are those of statsmodels', ({ strata, ...expected }) => {
    const common = mantelHaenszel(strataOf(strata), 0.95);
    const even = breslowDay(strataOf(strata));
    if (common.state !== 'value' || even.state !== 'value' || common.oddsRatio.state !== 'value')
      throw new Error('undefined');
    close(common.oddsRatio.value, expected.oddsRatio);
    close(common.oddsRatio.interval.lower, expected.interval[0]);
    close(common.oddsRatio.interval.upper, expected.interval[1]);
    for (const [ours, theirs] of [
      [common, expected.cmh],
      [common.corrected, expected.cmhCorrected],
      [even.uncorrected, expected.breslowDay],
      [even, expected.tarone],
    ] as const) {
      expect(ours.statistic).toBeCloseTo(theirs[0], 8);
      expect(ours.p).toBeCloseTo(theirs[1], 9);
    }
  });

  test('pass over strata that say nothing, and are undefined without any other', () => {
    const [first] = reference.strata;
    const strata = strataOf(first?.strata ?? []);
    const silent = strataOf([
      [0, 5, 0, 9],
      [0, 0, 3, 9],
      [4, 4, 7, 7],
    ]);
    expect(mantelHaenszel([...silent, ...strata], 0.95)).toEqual(mantelHaenszel(strata, 0.95));
    expect(breslowDay([...silent, ...strata])).toEqual(breslowDay(strata));
    expect(mantelHaenszel(silent, 0.95).state).toBe('undefined');
    expect(breslowDay(strata.slice(0, 1)).state).toBe('undefined');
    const oneSided = mantelHaenszel(strataOf([[5, 5, 3, 9]]), 0.95);
    expect(oneSided).toMatchObject({ state: 'value', oddsRatio: { state: 'undefined' } });
    expect(
      breslowDay(
        strataOf([
          [5, 5, 3, 9],
          [6, 6, 1, 8],
        ]),
      ).state,
    ).toBe('undefined');
  });
});

describe("McNemar's test", () => {
  test.each(reference.mcnemar)('of %i and %i discordant pairs is that of statsmodels', (b, c, p, statistic) => {
    const found = mcnemar(b, c);
    if (found.state !== 'value') throw new Error(found.reason);
    close(found.p, p[0]);
    close(found.asymptotic.p, p[1]);
    expect(found.asymptotic.statistic).toBeCloseTo(statistic[0], 10);
    // statsmodels corrects also where nothing is apart, which makes a difference of none one of one.
    if (b === c) expect(found.corrected).toEqual({ p: 1, statistic: 0 });
    else expect(found.corrected.statistic).toBeCloseTo(statistic[1], 10);
  });

  test('is undefined when the models differ nowhere', () => {
    expect(mcnemar(0, 0)).toEqual({ state: 'undefined', reason: 'no discordant pairs' });
  });
});

describe('the permutation test of the largest gap', () => {
  const options = { replicates: 1999, seed: 1 };

  test("of two groups comes to Fisher's p", () => {
    const [a, b] = [
      { k: 12, n: 40 },
      { k: 21, n: 40 },
    ];
    const [ours, exact] = [permutationGap([[a, b]], options), fisherExact(a, b)];
    if (ours.state !== 'value' || exact.state !== 'value') throw new Error('undefined');
    // Two standard errors of 2000 draws are 0.012.
    expect(Math.abs(ours.p - exact.p)).toBeLessThan(0.02);
    expect(ours.statistic).toBeCloseTo(0.225, 12);
  });

  test('states the gap that noise alone makes', () => {
    const groups = Array.from({ length: 10 }, () => ({ k: 20, n: 100 }));
    const found = permutationGap([groups], options);
    // The mean range of ten normal variables is 3.078 standard deviations of 0.04 (times √0.999 for the fixed total).
    expect(found.state === 'value' && found.expected).toBeCloseTo(0.123, 2);
    expect(found).toMatchObject({ p: 1, statistic: 0 });
  });

  test('stays within strata, so that a gap made by them is none', () => {
    const strata = [
      [
        { k: 90, n: 100 },
        { k: 9, n: 10 },
      ],
      [
        { k: 1, n: 10 },
        { k: 10, n: 100 },
      ],
    ];
    const together = [
      { k: 91, n: 110 },
      { k: 19, n: 110 },
    ];
    const [within, across] = [permutationGap(strata, options), permutationGap([together], options)];
    expect(within.state === 'value' && within.p).toBeGreaterThan(0.3);
    expect(across.state === 'value' && across.p).toBe(1 / 2000);
  });

  test('repeats for a seed, and is undefined with fewer than two groups', () => {
    const groups = [share5(3), share5(1), share5(4)];
    expect(permutationGap([groups], options)).toEqual(permutationGap([groups], options));
    const reason = 'fewer than two groups have rows';
    expect(permutationGap([[share5(3), nothing]], options)).toEqual({ state: 'undefined', reason });
    expect(permutationGap([], options)).toEqual({ state: 'undefined', reason });
  });
});

function share5(k: number): Share {
  return { k, n: 5 };
}
