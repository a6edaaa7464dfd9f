import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { labelRateChange, type PeriodLabels } from '../index.js';

const months = (rates: readonly (readonly [number, number])[]): readonly PeriodLabels[] =>
  rates.map(([positives, n], i) => ({ period: `2026-${String(i + 1).padStart(2, '0')}`, n, positives }));

describe('the change of the label rate', () => {
  // SciPy 1.17.1: chi2_contingency([[30, 70], [45, 55]], correction=False, lambda_='log-likelihood').
  test('between two periods is the likelihood ratio test of two shares', () => {
    expect(
      labelRateChange(
        months([
          [30, 100],
          [45, 100],
        ]),
      ),
    ).toEqual({
      state: 'value',
      firstAfter: '2026-02',
      before: { n: 100, positives: 30, rate: 0.3 },
      after: { n: 100, positives: 45, rate: 0.45 },
      statistic: expect.closeTo(4.824672109496449, 12),
      splits: 1,
      p: expect.closeTo(0.028055200955279684, 12),
      correction: 'bonferroni',
    });
  });

  test('is found where it was made, whatever the sizes of the periods', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 200, max: 900 }), { minLength: 4, maxLength: 24 }),
        fc.nat(),
        (sizes, draw) => {
          const at = 1 + (draw % (sizes.length - 1));
          const periods = sizes.map((n, i): readonly [number, number] => [Math.round(n * (i < at ? 0.3 : 0.7)), n]);
          const change = labelRateChange(months(periods));
          expect(change).toMatchObject({ firstAfter: months(periods)[at]?.period, splits: sizes.length - 1 });
          expect(change.state === 'value' && change.p).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test('in steady rates is not told apart from chance', () => {
    const change = labelRateChange(
      months([
        [30, 100],
        [29, 100],
        [31, 100],
        [30, 100],
      ]),
    );
    expect(change).toMatchObject({ state: 'value', p: 1 });
  });

  test('passes over periods without rows, and adds up what it has tried', () => {
    expect(
      labelRateChange(
        months([
          [1, 10],
          [0, 0],
          [9, 10],
        ]),
      ),
    ).toMatchObject({ firstAfter: '2026-03', splits: 1 });
  });

  test('never has a p of 0', () => {
    expect(
      labelRateChange(
        months([
          [0, 1e6],
          [1e6, 1e6],
        ]),
      ),
    ).toMatchObject({ p: 1e-300 });
  });

  test.each([
    [
      'fewer than two periods with rows',
      [
        [1, 2],
        [0, 0],
      ],
    ],
    [
      'all labels are the same',
      [
        [2, 2],
        [3, 3],
      ],
    ],
    [
      'all labels are the same',
      [
        [0, 2],
        [0, 3],
      ],
    ],
  ] as const)('is undefined when %s', (reason, periods) => {
    expect(labelRateChange(months(periods))).toEqual({ state: 'undefined', reason });
  });
});
