import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  calibrationOf,
  edgesGrid,
  equalWidthGrid,
  type Figure,
  recalibrationOf,
  reliabilityOf,
  valuesGrid,
} from '../index.js';
import { everybody, groupOf, histogramOf, type LabelledScores } from '../testing/labelled-scores.js';
import { shareArbitrary } from '../testing/shares.js';

interface Oracle {
  readonly rows: Readonly<Record<string, LabelledScores>>;
  readonly figures: Readonly<
    Record<
      string,
      Readonly<Record<'rates' | 'means' | 'rows', readonly number[]>> &
        Readonly<Record<'brier' | 'expectedError' | 'maximumError', number>> & {
          readonly recalibration: Readonly<Record<'intercept' | 'slope' | 'slopeStandardError', number>>;
        }
    >
  >;
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/scores.json', import.meta.url), 'utf8'));
const grid = must(valuesGrid(...Object.values(oracle.rows).map(({ score }) => score)));
const histogram = histogramOf(oracle.rows, grid);
const value = (figure: Figure): number => {
  if (figure.state !== 'value') throw new Error(figure.reason);
  return figure.value;
};

describe('on a grid of values, as scikit-learn and statsmodels say', () => {
  const seven = { kind: 'equal-width', bins: 7, lower: 0, upper: 1 } as const;

  test.each(Object.entries(oracle.figures))('the reliability and calibration errors of %s', (name, expected) => {
    const bins = reliabilityOf(groupOf(histogram, name), grid, seven);
    expect(bins.map(({ n }) => n)).toEqual(expected.rows);
    bins.forEach(({ score, rate }, i) => {
      expect(score).toBeCloseTo(expected.means[i] ?? Number.NaN, 14);
      expect(rate).toBeCloseTo(expected.rates[i] ?? Number.NaN, 14);
    });
    const own = calibrationOf(groupOf(histogram, name), grid, seven);
    expect(value(own.expectedError)).toBeCloseTo(expected.expectedError, 14);
    expect(value(own.maximumError)).toBeCloseTo(expected.maximumError, 14);
    expect(value(own.brier.brier)).toBeCloseTo(expected.brier, 14);
  });

  test.each(Object.entries(oracle.figures))('the recalibration of %s', (name, { recalibration }) => {
    const own = recalibrationOf(groupOf(histogram, name), grid);
    expect(value(own.intercept)).toBeCloseTo(recalibration.intercept, 10);
    expect(value(own.slope)).toBeCloseTo(recalibration.slope, 10);
    expect(value(own.slopeStandardError)).toBeCloseTo(recalibration.slopeStandardError, 7);
  });
});

const rowsArbitrary = fc.array(fc.tuple(shareArbitrary, fc.nat(1)), {
  minLength: 1,
  maxLength: 60,
});

describe('the Brier score', () => {
  test('is the sum of its parts in every binning, and the mean square of the rows', () => {
    let within = 0;
    fc.assert(
      fc.property(
        rowsArbitrary,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, fine, bins) => {
          const own = { score: rows.map(([s]) => s), label: rows.map(([, y]) => y) };
          for (const unit of [must(equalWidthGrid(0, 1, fine)), must(valuesGrid(own.score))]) {
            const all = everybody(histogramOf({ all: own }, unit));
            const binnings = [
              { kind: 'grid' },
              { kind: 'equal-mass', bins },
              { kind: 'equal-width', bins, lower: 0, upper: 1 },
            ] as const;
            for (const binning of binnings) {
              const { brier, calibration, resolution, uncertainty, withinBins } = calibrationOf(
                all,
                unit,
                binning,
              ).brier;
              const raw = rows.reduce((sum, [s, y]) => sum + (s - y) * (s - y), 0) / rows.length;
              expect(value(brier)).toBeCloseTo(raw, 13);
              expect(value(calibration) - value(resolution) + value(uncertainty) + value(withinBins)).toBeCloseTo(
                raw,
                12,
              );
              if (unit.kind === 'values' && binning.kind === 'grid') expect(value(withinBins)).toBeCloseTo(0, 13);
              else if (Math.abs(value(withinBins)) > 1e-6) within++;
            }
          }
        },
      ),
    );
    expect(within).toBeGreaterThan(20);
  });
});

describe('bins of about equal mass', () => {
  test('hold as many rows each as ties allow, in the order of the scores', () => {
    const score = Array.from({ length: 100 }, (_, i) => (i + 1) / 128);
    const unit = must(valuesGrid(score));
    const all = everybody(histogramOf({ all: { score, label: score.map((_, i) => i % 2) } }, unit));
    const bins = reliabilityOf(all, unit, { kind: 'equal-mass', bins: 4 });
    expect(bins.map(({ n }) => n)).toEqual([25, 25, 25, 25]);
    expect(bins[0]?.score).toBe(13 / 128);
  });

  test('do not divide rows of one score, which go where their middle lies', () => {
    const score = Array.from({ length: 100 }, (_, i) => (i < 10 ? 0.25 : 0.5));
    const unit = must(valuesGrid(score));
    const all = everybody(histogramOf({ all: { score, label: score.map((_, i) => i % 2) } }, unit));
    expect(reliabilityOf(all, unit, { kind: 'equal-mass', bins: 2 }).map(({ n }) => n)).toEqual([10, 90]);
  });
});

describe('calibration', () => {
  test('has a sign in the large: scores too high are positive', () => {
    const unit = must(edgesGrid([0, 0.25, 0.5, 1]));
    const all = everybody(histogramOf({ all: { score: [0.5, 0.75], label: [0, 1] } }, unit));
    expect(calibrationOf(all, unit, { kind: 'grid' }).inTheLarge).toEqual({ state: 'value', value: 0.125 });
  });

  test.each([
    ['the scores are not probabilities', [2, 3, 3, 4], [0, 1, 0, 1]],
    ['a score of 0 or 1 has no log-odds', [0, 0.5, 0.5, 0.75], [0, 1, 0, 1]],
    ['all scores are the same', [0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1]],
    ['the scores separate the labels, so the best slope is without bound', [0.25, 0.5, 0.5, 0.75], [0, 0, 0, 1]],
    ['the scores separate the labels, so the best slope is without bound', [0.25, 0.5, 0.5, 0.75], [0, 0, 1, 1]],
    ['the scores separate the labels, so the best slope is without bound', [0.25, 0.5, 0.5, 0.75], [1, 0, 1, 0]],
    ['no rows with a positive label', [0.25, 0.5, 0.5, 0.75], [0, 0, 0, 0]],
    ['no rows with a negative label', [0.25, 0.5, 0.5, 0.75], [1, 1, 1, 1]],
  ])('has no recalibration when %s', (reason, score, label) => {
    const values = must(valuesGrid(score));
    const own = recalibrationOf(everybody(histogramOf({ all: { score, label } }, values)), values);
    expect(own).toEqual({
      intercept: { state: 'undefined', reason },
      slope: { state: 'undefined', reason },
      slopeStandardError: { state: 'undefined', reason },
    });
  });

  test('does not speak of scores that are no probabilities', () => {
    const values = must(valuesGrid([1, 2]));
    const own = calibrationOf(everybody(histogramOf({ all: { score: [1, 2], label: [0, 1] } }, values)), values, {
      kind: 'grid',
    });
    expect(own.expectedError).toEqual({ state: 'undefined', reason: 'the scores are not probabilities' });
    expect(own.brier.brier).toMatchObject({ state: 'undefined' });
  });
});
