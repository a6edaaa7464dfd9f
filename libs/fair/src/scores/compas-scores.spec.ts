import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  atThreshold,
  aucOf,
  calibrationOf,
  countScores,
  labelRateChange,
  reliabilityOf,
  type ScoreHistogram,
  valuesGrid,
} from '../index.js';
import { coded, compasColumn, compasPresent } from '../testing/compas-rows.js';
import { everybody, groupOf } from '../testing/labelled-scores.js';

if (!compasPresent) test.skip('skipped: the scores of COMPAS, because ../shared/data is not there', () => {});

(compasPresent ? describe : describe.skip)('the deciles of COMPAS', () => {
  const grid = must(valuesGrid([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  let own: ScoreHistogram | undefined;
  function histogram(): ScoreHistogram {
    own ??= must(
      countScores({
        label: Uint8Array.from(compasColumn('two_year_recid'), Number),
        score: Float32Array.from(compasColumn('decile_score'), Number),
        groups: [coded('race', compasColumn('race'))],
        grid,
      }),
    )[0];
    if (own === undefined) throw new Error('no histogram');
    return own;
  }

  // Recomputed from ProPublica's file with scikit-learn.
  test.each([
    ['all', 0.702166],
    ['African-American', 0.691834],
    ['Caucasian', 0.693146],
    ['Hispanic', 0.637926],
  ])('have for %s an area under the curve of %d', (group, area) => {
    const rows = group === 'all' ? everybody(histogram()) : groupOf(histogram(), group);
    expect(aucOf(rows, grid)).toMatchObject({ value: expect.closeTo(area, 6), errorBound: 0, inverted: false });
  });

  test.each([
    ['African-American', [0.2286, 0.3028, 0.4191, 0.4597, 0.4822, 0.5599, 0.5925, 0.6825, 0.7079, 0.7937]],
    ['Caucasian', [0.2085, 0.313, 0.3407, 0.3965, 0.4606, 0.5722, 0.6154, 0.7193, 0.6939, 0.7031]],
  ])('mean for %s about what they mean for others', (group, rates) => {
    const bins = reliabilityOf(groupOf(histogram(), group), grid, { kind: 'grid' });
    expect(bins.map(({ score }) => score)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    bins.forEach(({ rate }, i) => {
      expect(rate).toBeCloseTo(rates[i] ?? Number.NaN, 4);
    });
  });

  test('are no probabilities, so that their calibration error is undefined', () => {
    const { expectedError } = calibrationOf(everybody(histogram()), grid, { kind: 'grid' });
    expect(expectedError).toEqual({ state: 'undefined', reason: 'the scores are not probabilities' });
  });

  test('give from 5 upwards the truth table of ProPublica', () => {
    const { groups } = atThreshold(histogram(), 5);
    expect(groups.find(({ group }) => group === 'African-American')?.counts).toEqual({
      n: 3696,
      tn: 990,
      fp: 805,
      fn: 532,
      tp: 1369,
    });
    expect(groups.find(({ group }) => group === 'Caucasian')?.counts).toEqual({
      n: 2454,
      tn: 1139,
      fp: 349,
      fn: 461,
      tp: 505,
    });
  });
});

(compasPresent ? describe : describe.skip)('the labels of COMPAS', () => {
  // M. Barenstein, ProPublica's COMPAS Data Revisited (2019).
  test('jump in April 2014: everybody screened from then on is a recidivist', () => {
    const months = compasColumn('compas_screening_date').map((date) => date.slice(0, 7));
    const label = compasColumn('two_year_recid').map(Number);
    const periods = [...new Set(months)].sort().map((period) => {
      const own = label.filter((_, row) => months[row] === period);
      return { period, n: own.length, positives: own.reduce((sum, y) => sum + y, 0) };
    });
    const change = labelRateChange(periods);
    expect(change).toMatchObject({ firstAfter: '2014-04', correction: 'bonferroni' });
    if (change.state === 'undefined') return;
    expect(change.before.n + change.after.n).toBe(7214);
    expect(change.before.rate).toBeLessThan(0.37);
    expect(change.after.rate).toBeGreaterThan(0.98);
    expect(change.p).toBeLessThan(1e-200);
  });
});
