import { describe, expect, test } from '@jest/globals';
import { spreadOf } from './gap-calibration.js';
import { fitWithin } from './gap-fit.js';
import { withoutNoise } from './noisy-rates.js';
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
    const { drawn: rates } = withoutNoise([...near, far]);
    expect(rates[0]).toBeCloseTo(0.5, 3);
    expect(rates[2]).toBeCloseTo(0.5, 3);
    expect(rates[3]).toBe(0.9);
  });
});

describe('groups fitted to a gap', () => {
  const rows = 1000;
  const at = (rates: readonly number[]) => rates.map((rate) => ({ k: Math.round(rate * rows), n: rows }));
  /** Mean rates of the groups, of which many are likely. */
  const fitted = (rates: readonly number[], gap: number) => {
    const { rates: all } = fitWithin(withoutNoise(at(rates)), gap);
    const each = all.length / rates.length;
    return rates.map((_, i) => all.subarray(i * each, (i + 1) * each).reduce((sum, rate) => sum + rate, 0) / each);
  };

  test('lie as far apart as it, and those in between stay there', () => {
    const rates = fitted([0.2, 0.4, 0.5, 0.6, 0.8], 0.5);
    expect(Math.max(...rates) - Math.min(...rates)).toBeCloseTo(0.5, 12);
    // Within a standard error.
    for (const [i, observed] of [0.4, 0.5, 0.6].entries())
      expect(Math.abs((rates[i + 1] ?? 0) - observed)).toBeLessThan(Math.sqrt(0.24 / rows));
  });

  test('lie on its ends where two halves were observed, although noise has spread each of them', () => {
    const half = [-0.02, -0.01, -0.005, 0.005, 0.01, 0.02];
    const rates = fitted([...half.map((noise) => 0.3 + noise), ...half.map((noise) => 0.6 + noise)], 0.3);
    for (const [i, rate] of rates.entries()) expect(Math.abs(rate - (i < 6 ? 0.3 : 0.6))).toBeLessThan(0.01);
  });

  test('make a larger observed gap likely with halves at its ends than evenly spread, and than with all but two in the middle', () => {
    const groups = Array.from({ length: 30 }, (_, i) => i);
    const gap = 0.06;
    // What noise makes of thirty groups: its middling places, in another order than their rates.
    const noise = (i: number) => 0.016 * normalQuantile((((i * 11) % 30) + 0.5) / 30);
    const pairsOf = (rateOf: (i: number) => number) => spread(at(groups.map((i) => 0.5 + rateOf(i) + noise(i))), gap);
    const halves = pairsOf((i) => (i < 15 ? 0 : gap)).pairs;
    const even = pairsOf((i) => (gap * i) / 29).pairs;
    const extremes = pairsOf((i) => (i === 0 ? 0 : i === 29 ? gap : gap / 2)).pairs;
    expect(halves).toBeGreaterThan(1.5 * even);
    expect(even).toBeGreaterThan(1.2 * extremes);
  });
});
