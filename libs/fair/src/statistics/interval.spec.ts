import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, newcombe, normalQuantile, ratioInterval, wilson } from '../index.js';

function expectBounds({ lower, upper }: Interval, expected: readonly [number, number], digits: number): void {
  expect(lower).toBeCloseTo(expected[0], digits);
  expect(upper).toBeCloseTo(expected[1], digits);
}

describe('normalQuantile', () => {
  // SciPy 1.17.1, scipy.stats.norm.ppf.
  test.each([
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.9995, 3.2905267314919255],
    [1e-10, -6.361340902404056],
  ])('of %d is that of SciPy', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 13);
  });

  test('is antisymmetric and rises', () => {
    let previous = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < 4096; i++) {
      const z = normalQuantile(i / 4096);
      expect(z).toBeGreaterThan(previous);
      expect(z).toBe(-normalQuantile(1 - i / 4096) || 0);
      previous = z;
    }
  });

  test.each([0, 1, -1, Number.NaN])('of %p does not exist', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe('wilson', () => {
  // Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
  test.each([
    [81, 263, [0.2553, 0.3662]],
    [15, 148, [0.0624, 0.1605]],
    [0, 20, [0, 0.1611]],
    [1, 29, [0.0061, 0.1718]],
  ] as const)('of %i in %i is the published one', (k, n, expected) => {
    expectBounds(wilson(k, n, 0.95), expected, 4);
  });

  // statsmodels 0.15.0, proportion_confint(method='wilson').
  test.each([
    [805, 1795, [0.42559496162893107, 0.4715610667176223]],
    [1, 10, [0.017876213095072924, 0.40415002679523854]],
  ] as const)('of %i in %i is that of statsmodels', (k, n, expected) => {
    expectBounds(wilson(k, n, 0.95), expected, 12);
  });

  test('stays within 0 and 1, holds the estimate, mirrors, and narrows with n', () => {
    const seen = { zero: 0, all: 0, between: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.oneof(
          fc.constantFrom(0, 1),
          fc.oneof(
            fc.constantFrom(0, 1),
            fc.nat(1000).map((thousandths) => thousandths / 1000),
          ),
        ),
        (n, share) => {
          const k = Math.round(n * share);
          seen[k === 0 ? 'zero' : k === n ? 'all' : 'between']++;
          const { lower, upper } = wilson(k, n, 0.95);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
          expect(lower).toBeLessThanOrEqual(k / n);
          expect(upper).toBeGreaterThanOrEqual(k / n);
          expect(wilson(n - k, n, 0.95).upper).toBeCloseTo(1 - lower, 12);
          const more = wilson(4 * k, 4 * n, 0.95);
          expect(more.upper - more.lower).toBeLessThan(upper - lower);
        },
      ),
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  test('covers the true share about as often as it says, also for small n', () => {
    for (const [n, p] of [
      [20, 0.05],
      [20, 0.5],
      [50, 0.02],
      [200, 0.3],
      [1000, 0.01],
    ] as const) {
      let covered = 0;
      let mass = (1 - p) ** n;
      for (let k = 0; k <= n; k++) {
        const { lower, upper } = wilson(k, n, 0.95);
        if (lower <= p && p <= upper) covered += mass;
        mass *= ((n - k) / (k + 1)) * (p / (1 - p));
      }
      expect(covered).toBeGreaterThan(0.9);
      expect(covered).toBeLessThan(0.99);
    }
  });
});

describe('newcombe', () => {
  // Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10.
  test.each([
    [56, 70, 48, 80, [0.0524, 0.3339]],
    [9, 10, 3, 10, [0.1705, 0.809]],
    [6, 7, 2, 7, [0.0582, 0.8062]],
    [5, 56, 0, 29, [-0.0381, 0.1926]],
    [0, 10, 0, 20, [-0.1611, 0.2775]],
    [0, 10, 0, 10, [-0.2775, 0.2775]],
    [10, 10, 0, 20, [0.6791, 1]],
    [10, 10, 0, 10, [0.6075, 1]],
  ] as const)('of %i/%i and %i/%i is the published one', (k1, n1, k2, n2, expected) => {
    expectBounds(newcombe({ k: k1, n: n1 }, { k: k2, n: n2 }, 0.95), expected, 4);
  });

  test('of the COMPAS false positive rates is that of statsmodels 0.15.0', () => {
    const interval = newcombe({ k: 805, n: 1795 }, { k: 349, n: 1488 }, 0.95);
    expectBounds(interval, [0.18205318232698947, 0.24502334032690656], 12);
  });
});

describe('ratioInterval', () => {
  // statsmodels 0.15.0, confint_proportions_2indep(compare='ratio', method='score', correction=False).
  test.each([
    [805, 1795, 349, 1488, [1.7225683087389208, 2.125550262193093]],
    [1, 31, 66, 100, [0.008631483675492851, 0.24701274902633338]],
    [9, 10, 3, 10, [1.3532371938667245, 8.46766868670978]],
    [0, 20, 5, 29, [0, 1.000326965610536]],
    [10, 10, 3, 10, [1.6577648767052764, 9.277189368510427]],
  ] as const)('of %i/%i and %i/%i is that of statsmodels', (k1, n1, k2, n2, expected) => {
    expectBounds(ratioInterval({ k: k1, n: n1 }, { k: k2, n: n2 }, 0.95), expected, 7);
  });
});

test('turning a pair round turns its difference and its ratio round', () => {
  const share = fc
    .integer({ min: 1, max: 5000 })
    .chain((n) => fc.record({ k: fc.integer({ min: 1, max: n }), n: fc.constant(n) }));
  let different = 0;
  fc.assert(
    fc.property(share, share, (a, b) => {
      if (a.k * b.n !== b.k * a.n) different++;
      const [ab, ba] = [newcombe(a, b, 0.9), newcombe(b, a, 0.9)];
      expectBounds(ab, [-ba.upper, -ba.lower], 12);
      expect(ab.lower).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(ab.upper).toBeLessThanOrEqual(1 + 1e-12);
      const [over, under] = [ratioInterval(a, b, 0.9), ratioInterval(b, a, 0.9)];
      expect(over.lower * under.upper).toBeCloseTo(1, 6);
      expect(over.upper * under.lower).toBeCloseTo(1, 6);
    }),
  );
  expect(different).toBeGreaterThan(50);
});
