import { describe, expect, test } from '@jest/globals';
import { normalUpperTail } from './normal.js';
import { toldP } from './told-p.js';

describe('the upper tail of the normal distribution', () => {
  // SciPy 1.17.1, scipy.stats.norm.sf.
  test.each([
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1.96, 0.024997895148220435],
    [2.999, 0.0013543365337271057],
    [3.001, 0.0013454728250849653],
    [6, 9.865876450376946e-10],
    [20, 2.7536241186061556e-89],
    [37, 5.7255712225239266e-300],
  ])('at %d is that of SciPy', (z, p) => {
    expect(normalUpperTail(z) / p).toBeCloseTo(1, 12);
  });

  test('is told as 1e-300 where it is less, and never above 1', () => {
    expect(toldP(normalUpperTail(40))).toBe(1e-300);
    expect(toldP(1.5)).toBe(1);
    expect(toldP(0.25)).toBe(0.25);
  });
});
