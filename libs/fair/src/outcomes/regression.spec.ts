import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addErrors,
  countErrors,
  type ErrorInput,
  type ErrorSums,
  equalWidthGrid,
  type GroupErrors,
  pinballLossOf,
  predictionDistancesOf,
  type RegressionFigureName,
  regressionGapsOf,
  regressionOf,
  selectionsOf,
  valuesGrid,
} from '../index.js';
import { shareArbitrary } from '../testing/shares.js';

type Figures = Readonly<Record<RegressionFigureName | 'pinball 0.9' | 'selected 1000', number>>;
interface Oracle {
  readonly sizes: Readonly<Record<string, number>>;
  readonly numbers: {
    readonly label: readonly number[];
    readonly prediction: readonly number[];
    readonly groups: Readonly<Record<string, Figures>>;
    readonly gaps: Figures;
    readonly distances: readonly {
      readonly groups: readonly [string, string];
      readonly statistic: number;
      readonly wasserstein: number;
    }[];
  };
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/outcomes.json', import.meta.url), 'utf8'));
const { numbers } = oracle;
const levels = Object.keys(oracle.sizes);
const codes = Uint16Array.from(levels.flatMap((level, i) => Array.from({ length: oracle.sizes[level] ?? 0 }, () => i)));
const names = [
  'meanError',
  'meanAbsoluteError',
  'rootMeanSquareError',
  'rSquared',
  'meanPrediction',
  'meanLabel',
] as const;

function sumsOf(input: ErrorInput): ErrorSums {
  const [sums] = must(countErrors(input));
  if (sums === undefined) throw new Error('there is one attribute');
  return sums;
}

function groupIn(sums: ErrorSums, name: string): GroupErrors {
  const found = sums.groups.find(({ group }) => group === name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('predicted numbers, as fairlearn, scikit-learn and SciPy say', () => {
  const sums = sumsOf({
    label: Float64Array.from(numbers.label),
    prediction: Float64Array.from(numbers.prediction),
    groups: [{ attribute: 'region', levels, codes }],
    grid: must(valuesGrid(numbers.prediction)),
    largest: 5000,
  });

  test.each(Object.entries(numbers.groups))('the figures of %s', (name, expected) => {
    const own = regressionOf(groupIn(sums, name));
    for (const figure of names) {
      expect(own[figure]).toEqual({ state: 'value', value: expect.closeTo(expected[figure], 9) });
    }
    const pinball = pinballLossOf(groupIn(sums, name), 0.9);
    expect(pinball).toEqual({ state: 'value', value: expect.closeTo(expected['pinball 0.9'], 9) });
    const selected = selectionsOf(sums, 1000).groups.find(({ group }) => group === name);
    expect(selected).toEqual({ group: name, k: expected['selected 1000'], n: oracle.sizes[name] });
  });

  test('the gaps between the groups', () => {
    const gaps = regressionGapsOf(sums);
    for (const figure of names) {
      expect(gaps[figure]).toMatchObject({ difference: expect.closeTo(numbers.gaps[figure], 9), leftOut: [] });
    }
    expect(gaps.meanError).toMatchObject({ high: { group: 'west' }, low: { group: 'east' } });
  });

  test('the distances between the predictions of two groups', () => {
    expect(predictionDistancesOf(sums)).toEqual(
      numbers.distances.map(({ groups, statistic, wasserstein }) => ({
        groups,
        kolmogorovSmirnov: expect.objectContaining({ statistic: expect.closeTo(statistic, 12) }),
        wasserstein: { state: 'value', value: expect.closeTo(wasserstein, 9), errorBound: 0 },
      })),
    );
  });
});

const grid = must(equalWidthGrid(-100, 100, 8));
const number = shareArbitrary.map((share) => 200 * share - 100);
const rowsArbitrary = fc.array(fc.tuple(number, number, fc.nat(2)), { minLength: 1, maxLength: 60 });
const inputOf = (rows: readonly (readonly [number, number, number])[]): ErrorInput => ({
  label: Float64Array.from(rows, ([y]) => y),
  prediction: Float64Array.from(rows, ([, p]) => p),
  groups: [{ attribute: 'kind', levels: ['c', 'a', 'b'], codes: Uint16Array.from(rows, ([, , g]) => g) }],
  grid,
  largest: 100,
});

describe('sums of errors', () => {
  test('of 2 to 20 parts add up to those of the whole, bit for bit, and so do the figures', () => {
    let several = 0;
    fc.assert(
      fc.property(rowsArbitrary, fc.integer({ min: 2, max: 20 }), (rows, cities) => {
        const parts = Array.from({ length: cities }, (_, city) =>
          rows.filter((__, row) => (row * 7) % cities === city),
        );
        const [first, ...others] = parts.map((part) => sumsOf(inputOf(part)));
        if (first === undefined) throw new Error('no part');
        const [merged, whole] = [must(addErrors(first, ...others)), sumsOf(inputOf(rows))];
        expect(merged).toEqual(whole);
        expect(merged.groups.map(regressionOf)).toEqual(whole.groups.map(regressionOf));
        expect(sumsOf(inputOf([...rows].reverse()))).toEqual(whole);
        if (parts.filter(({ length }) => length > 0).length > 1) several++;
      }),
    );
    expect(several).toBeGreaterThan(50);
  });

  test('shift with the predictions: their mean error moves, the loss at one half is half the absolute error', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 }), fc.constant(0))),
        fc.integer({ min: -50, max: 50 }),
        (rows, shift) => {
          if (rows.length === 0) return;
          const of = (by: number) => groupIn(sumsOf(inputOf(rows.map(([y, p]) => [y, p + by, 0]))), 'c');
          const [before, after] = [regressionOf(of(0)), regressionOf(of(shift))];
          if (before.meanError.state !== 'value' || after.meanError.state !== 'value') throw new Error('no rows');
          expect(after.meanError.value - before.meanError.value).toBeCloseTo(shift, 10);
          const [half, absolute] = [pinballLossOf(of(shift), 0.5), after.meanAbsoluteError];
          if (half.state !== 'value' || absolute.state !== 'value') throw new Error('no rows');
          expect(half.value * 2).toBeCloseTo(absolute.value, 10);
        },
      ),
    );
  });

  test('keep R² where the labels are large and close together, because nothing cancels', () => {
    const rows = [1e8, 1e8 + 1, 1e8 + 2, 1e8 + 3];
    const sums = sumsOf({
      label: Float64Array.from(rows),
      prediction: Float64Array.from([1e8, 1e8 + 1, 1e8 + 2, 1e8 + 2]),
      groups: [{ attribute: 'kind', levels: ['a'], codes: new Uint16Array(4) }],
      grid: must(valuesGrid(rows)),
      largest: 2e8,
    });
    expect(regressionOf(groupIn(sums, 'a')).rSquared).toEqual({ state: 'value', value: 0.8 });
  });

  test('have no R² when all labels are the same, and no figure without rows', () => {
    const same = groupIn(
      sumsOf(
        inputOf([
          [5, 4, 0],
          [5, 6, 0],
        ]),
      ),
      'c',
    );
    expect(regressionOf(same).rSquared).toEqual({ state: 'undefined', reason: 'all labels are the same' });
    const nobody: GroupErrors = { ...same, n: 0 };
    expect(regressionOf(nobody).meanError).toEqual({ state: 'undefined', reason: 'no rows' });
    expect(pinballLossOf(nobody, 0.5)).toEqual({ state: 'undefined', reason: 'no rows' });
    expect(() => pinballLossOf(same, 1.5)).toThrow(RangeError);
  });

  test('tell how many rows a cut within a bin may move', () => {
    const sums = sumsOf(
      inputOf([
        [0, 26, 0],
        [0, 40, 0],
        [0, 60, 1],
        [0, -3, 2],
      ]),
    );
    expect(selectionsOf(sums, 30)).toEqual({
      cut: 50,
      moved: 2,
      groups: [
        { group: 'a', k: 1, n: 1 },
        { group: 'b', k: 0, n: 1 },
        { group: 'c', k: 0, n: 2 },
      ],
    });
    expect(selectionsOf(sums, 25)).toMatchObject({ cut: 25, moved: 0, groups: [{ k: 1 }, { k: 0 }, { k: 2 }] });
  });

  test.each([
    ['errors.length', 'prediction', { prediction: Float64Array.of(1) }],
    ['errors.length', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0) }] }],
    ['errors.too-large', '1', { label: Float64Array.of(0, 101) }],
    ['errors.too-large', '0', { prediction: Float64Array.of(Number.NaN, 1) }],
    ['errors.unknown-code', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0, 1) }] }],
    ['scores.outside-grid', '1', { prediction: Float64Array.of(0, 101), largest: 200 }],
    ['errors.bound', undefined, { largest: Number.NaN }],
    ['errors.bound', undefined, { largest: 2 ** 41 }],
    ['errors.bound', undefined, { largest: 0 }],
  ])('refuse with %s and name %s', (kind, at, change) => {
    const two = inputOf([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(countErrors({ ...two, ...change })).toMatchObject({
      ok: false,
      problem: at === undefined ? { kind } : { kind, at },
    });
  });

  test('on another grid or bound are not added', () => {
    const own = sumsOf(inputOf([[0, 0, 0]]));
    const problem = { ok: false, problem: { kind: 'errors.different' } };
    expect(addErrors(own, { ...own, grid: must(equalWidthGrid(-100, 100, 4)) })).toMatchObject(problem);
    expect(addErrors(own, { ...own, bound: 1 })).toMatchObject(problem);
  });
});
