import { describe, expect, test } from '@jest/globals';
import { fitWithin, spreadOf, withoutNoise } from './gap-calibration.js';
import { normalQuantile } from './normal.js';

const alike = (k: number) => Array.from({ length: k }, () => ({ k: 500, n: 1000 }));
const spread = (groups: readonly { k: number; n: number }[], gap: number) =>
  spreadOf(fitWithin(withoutNoise(groups), gap));

describe('the spread of the largest gap', () => {
  // Quantiles of the studentised range with infinite degrees of freedom, by SciPy 1.17.1.
  test.each([
    [3, 3.314, 4.798],
    [6, 4.03, 5.375],
    [12, 4.622, 5.864],
    [30, 5.301, 6.44],
  ])('of %i groups that are alike has the quantiles of the studentised range', (k, atFive, atTwoTenths) => {
    const { pairs, below } = spread(alike(k), 0);
    expect(below).toBe(0);
    const rangeAt = (alpha: number) => -normalQuantile(alpha / pairs) * Math.SQRT2;
    expect(Math.abs(rangeAt(0.05) - atFive)).toBeLessThan(0.02);
    expect(Math.abs(rangeAt(0.002) - atTwoTenths)).toBeLessThan(0.12);
  });

  test('of two groups far apart is that of one pair, and of two groups that are alike that of its two directions', () => {
    const [low, high] = [
      { k: 100, n: 1000 },
      { k: 900, n: 1000 },
    ];
    const apart = spread([low, high], 0.75);
    expect(apart.pairs).toBeCloseTo(1, 12);
    expect(apart.below).toBeCloseTo(1, 12);
    const together = spread(alike(2), 0);
    expect(together.pairs).toBeCloseTo(2, 12);
    expect(together.below).toBe(0);
  });

  test('grows with the groups at its ends and not with those in between', () => {
    const [low, middle, high] = [100, 500, 900].map((k) => ({ k, n: 1000 }));
    if (!low || !middle || !high) throw new Error('three groups');
    const plain = spread([low, high], 0.75);
    expect(spread([low, middle, middle, middle, high], 0.75)).toEqual(plain);
    expect(spread([low, low, low, high], 0.75).pairs).toBeGreaterThan(1.5);
  });
});

describe('rates without noise', () => {
  test('are equal where groups differ by no more than chance makes them, and stay apart where they differ by more', () => {
    const near = [490, 500, 510].map((k) => ({ k, n: 1000 }));
    const far = { k: 900, n: 1000 };
    const { rates } = withoutNoise([...near, far]);
    expect(rates[0]).toBeCloseTo(0.5, 3);
    expect(rates[2]).toBeCloseTo(0.5, 3);
    expect(rates[3]).toBe(0.9);
  });
});
