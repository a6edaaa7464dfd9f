import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { abroca, aucOf, crossAucOf, equalWidthGrid, rocCurveOf, valuesGrid } from '../index.js';
import { everybody, groupOf, histogramOf, type LabelledScores } from '../testing/labelled-scores.js';
import { shareArbitrary } from '../testing/shares.js';

interface Oracle {
  readonly rows: Readonly<Record<string, LabelledScores>>;
  readonly figures: Readonly<
    Record<
      string,
      {
        readonly auc: number;
        readonly standardError: number;
        readonly curve: Readonly<Record<'falsePositiveRate' | 'truePositiveRate' | 'thresholds', readonly number[]>>;
      }
    >
  >;
  readonly all: { readonly auc: number };
  readonly cross: Readonly<Record<string, { readonly bnsp: number; readonly bpsn: number }>>;
  readonly abroca: Readonly<Record<string, number>>;
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/scores.json', import.meta.url), 'utf8'));
const grid = must(valuesGrid(...Object.values(oracle.rows).map(({ score }) => score)));
const histogram = histogramOf(oracle.rows, grid);

describe('on a grid of values, as scikit-learn says', () => {
  test.each(Object.entries(oracle.figures))('the curve and the area of %s', (name, { auc, standardError, curve }) => {
    const own = aucOf(groupOf(histogram, name), grid);
    expect(own).toMatchObject({ state: 'value', errorBound: 0, inverted: false });
    expect(own.state === 'value' && own.value).toBeCloseTo(auc, 13);
    expect(own.state === 'value' && own.standardError.state === 'value' && own.standardError.value).toBeCloseTo(
      standardError,
      13,
    );
    const roc = rocCurveOf(groupOf(histogram, name), grid);
    if (roc.state !== 'value') throw new Error(roc.reason);
    expect(roc.points.slice(1).map(({ threshold }) => threshold)).toEqual(curve.thresholds);
    roc.points.forEach((point, i) => {
      expect(point.falsePositiveRate).toBeCloseTo(curve.falsePositiveRate[i] ?? Number.NaN, 14);
      expect(point.truePositiveRate).toBeCloseTo(curve.truePositiveRate[i] ?? Number.NaN, 14);
    });
  });

  test('the area of everybody', () => {
    expect(aucOf(everybody(histogram), grid)).toMatchObject({ value: expect.closeTo(oracle.all.auc, 13) });
  });

  test.each(Object.entries(oracle.cross))('the areas across the border of %s', (name, { bnsp, bpsn }) => {
    const cross = crossAucOf(histogram, name);
    expect(cross.backgroundNegativeSubgroupPositive).toMatchObject({ value: expect.closeTo(bnsp, 13) });
    expect(cross.backgroundPositiveSubgroupNegative).toMatchObject({ value: expect.closeTo(bpsn, 13) });
  });

  test.each(Object.entries(oracle.abroca))('the area between the curves of %s', (pair, area) => {
    const [a = '', b = ''] = pair.split(' ');
    const between = abroca(groupOf(histogram, a), groupOf(histogram, b), grid);
    expect(between).toMatchObject({ value: expect.closeTo(area, 5) });
    expect(abroca(groupOf(histogram, b), groupOf(histogram, a), grid)).toMatchObject({
      value: expect.closeTo(area, 5),
    });
  });
});

const rowsArbitrary = fc.array(fc.tuple(shareArbitrary, fc.nat(1)), {
  minLength: 2,
  maxLength: 60,
});
const labelled = (rows: readonly (readonly [number, number])[]): LabelledScores => ({
  score: rows.map(([s]) => s),
  label: rows.map(([, y]) => y),
});

describe('the area under a curve', () => {
  test('in coarse bins is within its bound of the area of the raw scores', () => {
    let [defined, bounded] = [0, 0];
    fc.assert(
      fc.property(rowsArbitrary, fc.integer({ min: 1, max: 12 }), (rows, bins) => {
        const own = labelled(rows);
        const exact = must(valuesGrid(own.score));
        const coarse = must(equalWidthGrid(0, 1, bins));
        const raw = aucOf(everybody(histogramOf({ all: own }, exact)), exact);
        const binned = aucOf(everybody(histogramOf({ all: own }, coarse)), coarse);
        expect(binned.state).toBe(raw.state);
        if (raw.state !== 'value' || binned.state !== 'value') return;
        defined++;
        if (binned.errorBound > 0) bounded++;
        expect(Math.abs(binned.value - raw.value)).toBeLessThanOrEqual(binned.errorBound + 1e-15);
      }),
    );
    expect(defined).toBeGreaterThan(50);
    expect(bounded).toBeGreaterThan(30);
  });

  test('becomes its complement when the scores turn round, and says that the class may be inverted', () => {
    let inverted = 0;
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const areaOf = (own: LabelledScores) => {
          const values = must(valuesGrid(own.score));
          return aucOf(everybody(histogramOf({ all: own }, values)), values);
        };
        const [there, back] = [labelled(rows), labelled(rows.map(([s, y]) => [-s, y]))].map(areaOf);
        if (there?.state !== 'value' || back?.state !== 'value') return;
        expect(there.value + back.value).toBeCloseTo(1, 14);
        expect(there.inverted && back.inverted).toBe(false);
        if (there.inverted || back.inverted) inverted++;
      }),
    );
    expect(inverted).toBeGreaterThan(20);
  });

  test('is undefined without rows of both labels, and so is what rests on it', () => {
    const unit = must(equalWidthGrid(0, 1, 2));
    const groups = histogramOf(
      { some: { score: [0.1, 0.9], label: [1, 1] }, both: { score: [0.2, 0.8], label: [0, 1] } },
      unit,
    );
    const [some, both] = [groupOf(groups, 'some'), groupOf(groups, 'both')];
    const reason = 'no rows with a negative label';
    expect(aucOf(some, unit)).toEqual({ state: 'undefined', reason });
    expect(rocCurveOf(some, unit)).toEqual({ state: 'undefined', reason });
    expect(abroca(both, some, unit)).toEqual({ state: 'undefined', reason });
    expect(aucOf(both, unit)).toMatchObject({ value: 1, standardError: { state: 'undefined' } });
    expect(crossAucOf(groups, 'some').backgroundPositiveSubgroupNegative).toEqual({ state: 'undefined', reason });
    expect(crossAucOf(groups, 'nobody').backgroundNegativeSubgroupPositive).toMatchObject({ state: 'undefined' });
  });
});
