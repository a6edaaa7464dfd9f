import { describe, expect, test } from '@jest/globals';
import { associationOf } from './index.js';

describe('how much a column tells of another', () => {
  test('is everything where each value has one group, and nothing where groups are spread alike', () => {
    const all = associationOf([
      [500, 0],
      [0, 300],
    ]);
    expect(all).toMatchObject({ state: 'value', blindGuess: 0.625, guess: 1 });
    expect(all.state === 'value' && all.cramersV).toBeGreaterThan(0.998);
    const none = associationOf([
      [100, 300],
      [50, 150],
    ]);
    expect(none).toMatchObject({ state: 'value', cramersV: 0, p: 1, blindGuess: 0.75, guess: 0.75 });
  });

  test("is Cramér's V without the part of chance", () => {
    // By SciPy 1.17.1: chi2_contingency(table, correction=False) gives 36; the rest by hand, with n 100 and df 1.
    const found = associationOf([
      [40, 10],
      [10, 40],
    ]);
    const phi = 36 / 100 - 1 / 99;
    expect(found.state === 'value' && found.cramersV).toBeCloseTo(Math.sqrt(phi / (2 - 1 / 99 - 1)), 12);
    expect(found).toMatchObject({ blindGuess: 0.5, guess: 0.8 });
  });

  test('is not inflated by many values with few rows each', () => {
    // 200 values of two rows, one of each group or both of one: as chance deals them.
    const table = Array.from(
      { length: 200 },
      (_, i) =>
        [
          [1, 1],
          [2, 0],
          [1, 1],
          [0, 2],
        ][i % 4] ?? [],
    );
    expect(associationOf(table)).toMatchObject({ cramersV: expect.closeTo(0, 1) });
  });

  test('is undefined with one group or one value', () => {
    const reason = 'fewer than two groups or two values';
    expect(associationOf([[5, 6]])).toEqual({ state: 'undefined', reason });
    expect(associationOf([[5], [6]])).toEqual({ state: 'undefined', reason });
    expect(associationOf([])).toEqual({ state: 'undefined', reason });
  });
});
