import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addCounts, rateNames, ratesOf } from './index.js';

describe('rates', () => {
  test('are undefined, with the reason, where nothing can be counted', () => {
    const rates = ratesOf({ n: 2, tn: 2, fp: 0, fn: 0, tp: 0 }, 0.95);
    expect(rates.truePositiveRate).toEqual({ state: 'undefined', k: 0, n: 0, reason: 'no rows with a positive label' });
    expect(rates.falseDiscoveryRate).toMatchObject({ state: 'undefined', reason: 'no rows decided positive' });
    expect(rates.selectionRate).toMatchObject({ state: 'value', k: 0, n: 2, value: 0 });
  });

  test('are suppressed where a cell that they need was withheld, and never taken for 0', () => {
    const rates = ratesOf({ n: 118, tn: 100, fp: null, fn: null, tp: 18 }, 0.95);
    expect(rates.baseRate).toEqual({ state: 'suppressed', reason: 'small counts of rows were withheld' });
    expect(rates.falsePositiveRate.state).toBe('suppressed');
    expect(rates.accuracy).toMatchObject({ state: 'value', k: 118, n: 118 });
    const whole = { n: 10, tn: 1, fp: 2, fn: 3, tp: 4 };
    expect(addCounts([whole, { ...whole, fp: null }])).toEqual({ n: 20, tn: 2, fp: null, fn: 6, tp: 8 });
  });

  test('keep their bounds, complements and Bayes’ rule for any counts', () => {
    let undefinedRates = 0;
    const cell = fc.oneof({ arbitrary: fc.constant(0), weight: 1 }, { arbitrary: fc.nat(100_000), weight: 2 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (tn, fp, fn, tp) => {
        const rates = ratesOf({ n: tn + fp + fn + tp, tn, fp, fn, tp }, 0.95);
        for (const name of rateNames) {
          const rate = rates[name];
          if (rate.state === 'undefined') undefinedRates++;
          if (rate.state === 'value') {
            expect(rate.value).toBe(rate.k / rate.n);
            expect(rate.interval.lower).toBeLessThanOrEqual(rate.value);
            expect(rate.interval.upper).toBeGreaterThanOrEqual(rate.value);
          }
        }
        for (const [a, b] of [
          ['truePositiveRate', 'falseNegativeRate'],
          ['trueNegativeRate', 'falsePositiveRate'],
          ['positivePredictiveValue', 'falseDiscoveryRate'],
          ['negativePredictiveValue', 'falseOmissionRate'],
        ] as const) {
          const [x, y] = [rates[a], rates[b]];
          expect(x.state).toBe(y.state);
          if (x.state === 'value' && y.state === 'value') expect(x.value + y.value).toBeCloseTo(1, 12);
        }
      }),
    );
    expect(undefinedRates).toBeGreaterThan(50);
  });
});
