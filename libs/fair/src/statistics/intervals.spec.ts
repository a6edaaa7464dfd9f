import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differenceScore, miettinenNurminen } from './difference-interval.js';
import { clopperPearson, jeffreys } from './exact-interval.js';
import { type Interval, newcombe, wilson } from './interval.js';
import { logRatioInterval } from './log-ratio.js';
import type { Reference } from './reference.fixtures.js';

const reference: Reference = JSON.parse(readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'));

function expectBounds({ lower, upper }: Interval, expected: readonly [number, number], digits: number): void {
  expect(lower).toBeCloseTo(expected[0], digits);
  expect(upper).toBeCloseTo(expected[1], digits);
}

describe('intervals for a share', () => {
  test.each(reference.shares)('of $k in $n at $level are those of statsmodels', ({ k, n, level, ...expected }) => {
    expectBounds(wilson(k, n, level), expected.wilson, 12);
    expectBounds(clopperPearson(k, n, level), expected['clopper-pearson'], 11);
    // statsmodels leaves the ends of Jeffreys' interval open.
    const [lower, upper] = expected.jeffreys;
    expectBounds(jeffreys(k, n, level), [k === 0 ? 0 : lower, k === n ? 1 : upper], 11);
  });

  // A COMPAS group of ten, the false negatives: recomputed independently.
  test('of 1 in 10 is the published one of Clopper and Pearson', () => {
    expectBounds(clopperPearson(1, 10, 0.95), [0.002529, 0.445016], 6);
    expectBounds(clopperPearson(805, 1795, 0.95), [0.425282, 0.471822], 6);
  });

  test('stay within 0 and 1, hold the estimate, mirror, and rise with k', () => {
    const counts = fc.integer({ min: 1, max: 20_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    for (const interval of [clopperPearson, jeffreys, wilson])
      fc.assert(
        fc.property(counts, ([k, n]) => {
          const { lower, upper } = interval(k, n, 0.95);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
          expect(k / n).toBeGreaterThanOrEqual(lower);
          expect(k / n).toBeLessThanOrEqual(upper);
          expect(interval(n - k, n, 0.95).upper).toBeCloseTo(1 - lower, 11);
          if (k < n) expect(interval(k + 1, n, 0.95).lower).toBeGreaterThan(lower);
        }),
        { numRuns: 60 },
      );
  });

  test('nest: Jeffreys within Clopper-Pearson, and a lower level within a higher one', () => {
    for (const [k, n] of [
      [1, 10],
      [15, 148],
      [500, 999],
    ] as const) {
      const [inner, outer] = [jeffreys(k, n, 0.95), clopperPearson(k, n, 0.95)];
      expect(inner.lower).toBeGreaterThan(outer.lower);
      expect(inner.upper).toBeLessThan(outer.upper);
      expect(clopperPearson(k, n, 0.99).lower).toBeLessThan(outer.lower);
    }
  });
});

describe('intervals for two shares', () => {
  test.each(reference.pairs)(
    'of $pair are those of statsmodels and SciPy',
    ({ pair: [k1, n1, k2, n2], ...expected }) => {
      const [a, b] = [
        { k: k1, n: n1 },
        { k: k2, n: n2 },
      ];
      if (expected.newcombe) expectBounds(newcombe(a, b, 0.95), expected.newcombe, 12);
      const score = expected['miettinen-nurminen'];
      // The oracle maximises the likelihood numerically, to about eight digits.
      if (score) expectBounds(miettinenNurminen(a, b, 0.95), score, 7);
      const ratio = expected['log-ratio'];
      const ours = logRatioInterval(a, b, 0.95);
      expect(ours.state).toBe(k1 > 0 && k2 > 0 ? 'value' : 'undefined');
      if (ours.state === 'value' && ratio) expectBounds(ours, ratio, 11);
    },
  );

  // Newcombe 1998, Statistics in Medicine 17, 873-890, table II, Miettinen and Nurminen's method.
  test('by score of 56/70 and 48/80 is the published one', () => {
    expectBounds(miettinenNurminen({ k: 56, n: 70 }, { k: 48, n: 80 }, 0.95), [0.0528, 0.3382], 4);
  });

  test('the oracle has every kind of pair', () => {
    for (const kind of ['newcombe', 'miettinen-nurminen', 'log-ratio'] as const)
      expect(reference.pairs.filter((pair) => pair[kind]).length).toBeGreaterThan(4);
  });

  test('a ratio with a share of 0 has no logarithm, and says so', () => {
    const reason = 'a share of 0 has no logarithm';
    expect(logRatioInterval({ k: 0, n: 10 }, { k: 3, n: 10 }, 0.95)).toEqual({ state: 'undefined', reason });
    expect(logRatioInterval({ k: 3, n: 10 }, { k: 0, n: 10 }, 0.95)).toEqual({ state: 'undefined', reason });
  });

  test('score intervals turn round with their pair, stay within −1 and 1, and end where the score is z', () => {
    const share = fc.integer({ min: 1, max: 3000 }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));
    let inner = 0;
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [ab, ba] = [miettinenNurminen(a, b, 0.95), miettinenNurminen(b, a, 0.95)];
        expectBounds(ab, [-ba.upper, -ba.lower], 9);
        expect(ab.lower).toBeGreaterThanOrEqual(-1);
        expect(ab.upper).toBeLessThanOrEqual(1);
        if (a.k === 0 || a.k === a.n || b.k === 0 || b.k === b.n) return;
        inner++;
        expect(differenceScore(a, b, ab.lower)).toBeCloseTo(1.959963984540054, 6);
        expect(differenceScore(a, b, ab.upper)).toBeCloseTo(-1.959963984540054, 6);
      }),
      { numRuns: 60 },
    );
    expect(inner).toBeGreaterThan(20);
  });
});
