import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  binCounts,
  chiSquareDistance,
  equalWidthGrid,
  jensenShannon,
  kolmogorovSmirnov,
  populationStability,
  valuesGrid,
  wasserstein,
} from '../index.js';
import { groupOf, histogramOf, type LabelledScores } from '../testing/labelled-scores.js';
import { shareArbitrary } from '../testing/shares.js';

interface Oracle {
  readonly rows: Readonly<Record<string, LabelledScores>>;
  readonly drift: Readonly<
    Record<
      string,
      Readonly<Record<'populationStability' | 'jensenShannon' | 'wasserstein' | 'chiSquare', number>> & {
        readonly kolmogorovSmirnov: { readonly statistic: number; readonly p: number };
      }
    >
  >;
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/scores.json', import.meta.url), 'utf8'));
const grid = must(valuesGrid(...Object.values(oracle.rows).map(({ score }) => score)));
const histogram = histogramOf(oracle.rows, grid);
const near = (value: number) => expect.closeTo(value, 12);

describe('between two groups, as SciPy says', () => {
  test.each(Object.entries(oracle.drift))('the distances of %s', (pair, expected) => {
    const [a, b] = pair.split(' ').map((name) => binCounts(groupOf(histogram, name)));
    if (a === undefined || b === undefined) throw new Error(pair);
    expect(populationStability(a, b)).toMatchObject({ value: near(expected.populationStability) });
    expect(jensenShannon(a, b)).toMatchObject({ value: near(expected.jensenShannon) });
    expect(chiSquareDistance(a, b)).toMatchObject({ value: near(expected.chiSquare) });
    expect(wasserstein(a, b, grid)).toMatchObject({ value: near(expected.wasserstein), errorBound: 0 });
    const { statistic, p } = expected.kolmogorovSmirnov;
    expect(kolmogorovSmirnov(a, b, grid)).toMatchObject({ statistic: near(statistic), p: near(p), errorBound: 0 });
  });

  // scipy.stats.kstwobign.sf of SciPy 1.17.1 at twice the statistic.
  test.each([
    [0.15, 0.9999906941986655],
    [0.3, 0.8642827790506042],
    [0.495, 0.2808738392255489],
    [0.505, 0.2594341690935975],
    [1, 0.0006709252557796953],
  ])('the limit law of Kolmogorov at a statistic of %d', (statistic, p) => {
    // 8 rows on either side: the square root of nm / (n + m) is 2.
    const [x, y] = [8 * statistic, 8 * (1 - statistic)];
    const told = kolmogorovSmirnov(Float64Array.of(x, y), Float64Array.of(0, 8), must(valuesGrid([0, 1])));
    expect(told).toMatchObject({ statistic: near(statistic), p: expect.closeTo(p, 12) });
  });
});

const sideArbitrary = fc.array(shareArbitrary, { minLength: 1, maxLength: 40 });
const without = (score: readonly number[]): LabelledScores => ({ score, label: score.map(() => 0) });

describe('distances', () => {
  test('in coarse bins are within their bounds of the distances of the raw scores', () => {
    let [statisticMoved, distanceMoved] = [0, 0];
    fc.assert(
      fc.property(sideArbitrary, sideArbitrary, fc.integer({ min: 1, max: 12 }), (first, second, bins) => {
        const rows = { first: without(first), second: without(second) };
        const [exact, coarse] = [must(valuesGrid(first, second)), must(equalWidthGrid(0, 1, bins))];
        const [raw, binned] = [exact, coarse].map((own) => {
          const groups = histogramOf(rows, own);
          const [a, b] = [binCounts(groupOf(groups, 'first')), binCounts(groupOf(groups, 'second'))];
          return { ks: kolmogorovSmirnov(a, b, own), w1: wasserstein(a, b, own) };
        });
        if (raw?.ks.state !== 'value' || binned?.ks.state !== 'value') throw new Error('no statistic');
        if (raw.w1.state !== 'value' || binned.w1.state !== 'value') throw new Error('no distance');
        const [statistic, distance] = [raw.ks.statistic - binned.ks.statistic, raw.w1.value - binned.w1.value];
        if (statistic > 0.01) statisticMoved++;
        if (Math.abs(distance) > 0.01) distanceMoved++;
        expect(statistic).toBeGreaterThanOrEqual(-1e-12);
        expect(statistic).toBeLessThanOrEqual(binned.ks.errorBound + 1e-12);
        expect(Math.abs(distance)).toBeLessThanOrEqual(binned.w1.errorBound + 1e-12);
      }),
    );
    expect(statisticMoved).toBeGreaterThan(20);
    expect(distanceMoved).toBeGreaterThan(20);
  });

  test('are bounded whichever side comes first within a bin', () => {
    const rows = { first: without([0.9, 1.5]), second: without([0.1, 0.2]) };
    const two = must(equalWidthGrid(0, 2, 2));
    const groups = histogramOf(rows, two);
    const [a, b] = [binCounts(groupOf(groups, 'first')), binCounts(groupOf(groups, 'second'))];
    expect(kolmogorovSmirnov(a, b, two)).toMatchObject({ statistic: 0.5, errorBound: 0.5 });
    expect(kolmogorovSmirnov(b, a, two)).toMatchObject({ statistic: 0.5, errorBound: 0.5 });
  });

  test('are the same both ways, 0 from itself, and at most 1 where they are bounded', () => {
    const counts = fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }).filter((c) => c.some(Boolean));
    const three = must(equalWidthGrid(0, 3, 3));
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [p, q] = [Float64Array.from(a), Float64Array.from(b)];
        for (const distance of [populationStability, jensenShannon, chiSquareDistance]) {
          const there = distance(p, q);
          expect(distance(q, p)).toMatchObject({ value: near(there.state === 'value' ? there.value : Number.NaN) });
          expect(distance(p, p)).toEqual({ state: 'value', value: 0 });
          if (distance !== populationStability) expect(there.state === 'value' && there.value).toBeLessThanOrEqual(1);
        }
        expect(kolmogorovSmirnov(p, p, three)).toMatchObject({ statistic: 0, p: 1 });
        expect(wasserstein(p, q, three)).toEqual(wasserstein(q, p, three));
      }),
    );
  });

  test('of nothing in common are 1, and the shift between bins is in units of the score', () => {
    const [p, q] = [Float64Array.of(5, 0, 0), Float64Array.of(0, 0, 7)];
    const three = must(equalWidthGrid(0, 30, 3));
    expect(jensenShannon(p, q)).toEqual({ state: 'value', value: 1 });
    expect(chiSquareDistance(p, q)).toEqual({ state: 'value', value: 1 });
    expect(wasserstein(p, q, three)).toEqual({ state: 'value', value: 20, errorBound: 10 });
  });

  test('never tell a p of 0', () => {
    const [p, q] = [Float64Array.of(1e6, 0), Float64Array.of(0, 1e6)];
    expect(kolmogorovSmirnov(p, q, must(valuesGrid([0, 1])))).toMatchObject({ statistic: 1, p: 1e-300 });
  });

  test('between grids do not exist', () => {
    const [p, q] = [Float64Array.of(1, 2), Float64Array.of(1, 2, 3)];
    expect(() => populationStability(p, q)).toThrow(RangeError);
    expect(() => wasserstein(q, p, must(equalWidthGrid(0, 1, 3)))).toThrow(RangeError);
    expect(() => populationStability(p, p, 0)).toThrow(RangeError);
  });

  test('to nobody are undefined', () => {
    const [p, q] = [Float64Array.of(1, 2), Float64Array.of(0, 0)];
    const two = must(equalWidthGrid(0, 1, 2));
    const none = { state: 'undefined', reason: 'no rows on one of the sides' };
    expect([populationStability(p, q), jensenShannon(q, p), chiSquareDistance(p, q)]).toEqual([none, none, none]);
    expect([kolmogorovSmirnov(p, q, two), wasserstein(q, p, two)]).toEqual([none, none]);
  });
});
