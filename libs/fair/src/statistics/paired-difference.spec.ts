import { describe, expect, test } from '@jest/globals';
import { binomialMass } from './binomial.js';
import { pairedDifference } from './paired-difference.js';

/** How often the interval holds the true difference, summed over every outcome of n rows. */
function coverage(n: number, onlyFirst: number, onlySecond: number): number {
  let covered = 0;
  for (let a = 0; a <= n; a++)
    for (let b = 0; b <= n - a; b++) {
      const { lower, upper } = pairedDifference(a, b, n, 0.95).interval;
      const truth = onlyFirst - onlySecond;
      if (truth >= lower && truth <= upper)
        covered += binomialMass(a, n, onlyFirst) * binomialMass(b, n - a, onlySecond / (1 - onlyFirst));
    }
  return covered;
}

describe('pairedDifference', () => {
  test('gives the interval of the formula for the ratings of a prime minister (Agresti 2002, table 10.1)', () => {
    const { value, interval } = pairedDifference(150, 86, 1600, 0.95);
    expect([value, interval.lower, interval.upper].map((x) => x.toFixed(5))).toEqual(['0.04000', '0.02118', '0.05872']);
  });

  test('covers about as often as it says, for few rows and for rare differences', () => {
    const covered = [
      coverage(10, 0.1, 0.2),
      coverage(30, 0.05, 0.05),
      coverage(30, 0.3, 0.1),
      coverage(60, 0.02, 0.1),
      coverage(60, 0.4, 0.4),
    ];
    for (const share of covered) expect(share).toBeGreaterThan(0.935);
    expect(Math.min(...covered)).toBeLessThan(0.97);
  });

  test('turns round with its sides, and stays within its bounds', () => {
    for (const [a, b, n] of [
      [0, 0, 1],
      [1, 0, 1],
      [7, 2, 9],
      [0, 500, 500],
    ] as const) {
      const [one, other] = [pairedDifference(a, b, n, 0.95), pairedDifference(b, a, n, 0.95)];
      expect(one.value + other.value).toBe(0);
      expect(one.interval.lower).toBeCloseTo(-other.interval.upper, 12);
      expect(one.interval.lower).toBeGreaterThanOrEqual(-1);
      expect(one.interval.lower).toBeLessThanOrEqual(one.value);
      expect(one.interval.upper).toBeGreaterThanOrEqual(one.value);
    }
  });
});
