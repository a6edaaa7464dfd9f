import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newcombe } from './interval.js';
import { gapInterval, largestGap } from './largest-gap.js';

const options = { level: 0.95, replicates: 999, seed: 1 };

describe('the largest gap', () => {
  test('of groups that differ stands beside what noise would make, with its p and its provenance', () => {
    const groups = [
      { k: 805, n: 1795 },
      { k: 349, n: 1488 },
      { k: 87, n: 405 },
      { k: 36, n: 244 },
    ];
    const found = largestGap(groups, options);
    if (found.state !== 'value') throw new Error(found.reason);
    expect(found).toMatchObject({ groups: 4, replicates: 999, seed: 1, p: 0.001 });
    expect(found.generator).toContain('sfc32');
    expect(found.value).toBeCloseTo(805 / 1795 - 36 / 244, 12);
    expect(found.expected).toBeGreaterThan(0.02);
    expect(found.expected).toBeLessThan(0.07);
    expect(found.interval.lower).toBeGreaterThan(0.2);
    expect(found.interval.upper).toBeLessThan(0.37);
  });

  test('of groups that are too small to tell has an interval from 0 and no small p', () => {
    const groups = Array.from({ length: 12 }, (_, i) => ({ k: 5 + (i % 4), n: 25 }));
    const found = largestGap(groups, options);
    if (found.state !== 'value') throw new Error(found.reason);
    expect(found.interval.lower).toBe(0);
    expect(found.value).toBeLessThan(found.expected);
    expect(found.p).toBeGreaterThan(0.5);
  });

  test('passes over groups without rows, and is undefined with fewer than two others', () => {
    const [a, b, none] = [
      { k: 3, n: 20 },
      { k: 9, n: 20 },
      { k: 0, n: 0 },
    ];
    expect(largestGap([a, none, b], options)).toMatchObject({ state: 'value', groups: 2 });
    const reason = 'fewer than two groups have rows';
    expect(largestGap([a, none], options)).toEqual({ state: 'undefined', reason });
  });
});

describe('the interval of the largest gap', () => {
  const share = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));
  const gap = (groups: readonly { readonly k: number; readonly n: number }[]): number => {
    const rates = groups.map(({ k, n }) => k / n);
    return Math.max(...rates) - Math.min(...rates);
  };

  test('lies within 0 and 1, holds the observed gap, and does not depend on the order of groups or on their direction', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 8 }), (groups) => {
        const { lower, upper } = gapInterval(groups, 0.95);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(gap(groups));
        expect(upper).toBeGreaterThanOrEqual(gap(groups) - 1e-12);
        expect(gapInterval(groups.toReversed(), 0.95)).toEqual({ lower, upper, method: 'max-min', level: 0.95 });
        const turned = gapInterval(
          groups.map(({ k, n }) => ({ k: n - k, n })),
          0.95,
        );
        expect(turned.lower).toBeCloseTo(lower, 9);
        expect(turned.upper).toBeCloseTo(upper, 9);
      }),
    );
  });

  test("of two groups comes to Newcombe's, and is wider on its lower side the more alike groups there are", () => {
    const [a, b] = [
      { k: 600, n: 1000 },
      { k: 500, n: 1000 },
    ];
    const [two, pair] = [gapInterval([a, b], 0.95), newcombe(a, b, 0.95)];
    expect(two.lower).toBeCloseTo(pair.lower, 3);
    expect(two.upper).toBeCloseTo(pair.upper, 12);
    let lowest = two.lower;
    for (const more of [2, 5, 10]) {
      const { lower, upper } = gapInterval(
        [...Array.from({ length: more }, () => a), ...Array.from({ length: more }, () => b)],
        0.95,
      );
      expect(lower).toBeLessThan(lowest);
      expect(upper).toBeCloseTo(two.upper, 12);
      lowest = lower;
    }
  });

  test('of two extremes far from all others pays for no one else', () => {
    const middle = Array.from({ length: 20 }, () => ({ k: 5000, n: 10_000 }));
    const [low, high] = [
      { k: 1000, n: 10_000 },
      { k: 9000, n: 10_000 },
    ];
    expect(gapInterval([low, ...middle, high], 0.95)).toEqual(gapInterval([low, high], 0.95));
  });
});
