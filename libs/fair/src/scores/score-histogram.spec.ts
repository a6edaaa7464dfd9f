import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addHistograms,
  calibrationOf,
  countScores,
  equalWidthGrid,
  type ScoreGrid,
  type ScoreHistogram,
  type ScoreInput,
  valuesGrid,
} from '../index.js';
import { shareArbitrary } from '../testing/shares.js';

type Row = readonly [score: number, label: number, code: number];
const rowsArbitrary = fc.array(fc.tuple(shareArbitrary, fc.nat(1), fc.nat(2)), {
  minLength: 1,
  maxLength: 80,
});
const levels = ['c', 'a', 'b'];

function inputOf(rows: readonly Row[], grid: ScoreGrid): ScoreInput {
  return {
    label: Uint8Array.from(rows, ([, y]) => y),
    score: Float64Array.from(rows, ([s]) => s),
    groups: [{ attribute: 'kind', levels, codes: Uint16Array.from(rows, ([, , g]) => g) }],
    grid,
  };
}

function histogramOf(rows: readonly Row[], grid: ScoreGrid): ScoreHistogram {
  const [histogram] = must(countScores(inputOf(rows, grid)));
  if (histogram === undefined) throw new Error('no histogram');
  return histogram;
}

describe('counting scores', () => {
  const grid = must(equalWidthGrid(0, 1, 4));

  test('counts rows by group, label and bin, without empty levels, sorted by name', () => {
    const histogram = histogramOf(
      [
        [0.1, 0, 1],
        [0.25, 1, 1],
        [1, 1, 1],
        [0.75, 1, 0],
      ],
      grid,
    );
    expect(
      histogram.groups.map(({ group, negative, positive }) => [group, [...negative.counts], [...positive.counts]]),
    ).toEqual([
      ['a', [1, 0, 0, 0], [0, 1, 0, 1]],
      ['c', [0, 0, 0, 0], [0, 0, 0, 1]],
    ]);
  });

  test('of 2 to 20 parts of the rows adds up to that of the whole, bit for bit, in any order', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(
        rowsArbitrary,
        fc.integer({ min: 2, max: 20 }),
        fc.infiniteStream(fc.nat()),
        (rows, cities, draws) => {
          const where = rows.map(() => (draws.next().value ?? 0) % cities);
          const parts = Array.from({ length: cities }, (_, city) => rows.filter((_, row) => where[row] === city));
          const [first, ...others] = parts.map((part) => histogramOf(part, grid));
          if (first === undefined) throw new Error('no part');
          const whole = histogramOf(rows, grid);
          expect(must(addHistograms(first, ...others))).toEqual(whole);
          expect(must(addHistograms(...([...others, first] as [ScoreHistogram])))).toEqual(whole);
          for (const group of whole.groups) {
            const merged = must(addHistograms(first, ...others)).groups.find((g) => g.group === group.group);
            const binning = { kind: 'grid' } as const;
            expect(merged && calibrationOf(merged, grid, binning)).toEqual(calibrationOf(group, grid, binning));
          }
          seen.add(cities);
        },
      ),
    );
    expect(seen.size).toBeGreaterThan(12);
  });

  test('orders groups like every other table: numbers ascending, before text, and who has not stated it last', () => {
    const names = ['not stated', '10', 'b', '9'];
    const [histogram] = must(
      countScores({
        label: new Uint8Array(4),
        score: new Float64Array(4),
        groups: [{ attribute: 'kind', levels: names, codes: Uint16Array.of(0, 1, 2, 3) }],
        grid,
      }),
    );
    if (histogram === undefined) throw new Error('no histogram');
    expect(histogram.groups.map(({ group }) => group)).toEqual(['9', '10', 'b', 'not stated']);
    expect(must(addHistograms(histogram, histogram)).groups.map(({ group }) => group)).toEqual([
      '9',
      '10',
      'b',
      'not stated',
    ]);
  });

  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        expect(histogramOf([...rows].reverse(), grid)).toEqual(histogramOf(rows, grid));
      }),
    );
  });

  test('takes ten thousand rows on a grid of their values without loss', () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i): Row => [Math.fround(((i * 7919) % 10_007) / 10_007), i % 2, i % 3],
    );
    const values = must(valuesGrid(rows.map(([s]) => s)));
    const { groups } = histogramOf(rows, values);
    expect(
      groups.flatMap(({ negative, positive }) => [...negative.counts, ...positive.counts]).filter(Boolean),
    ).toHaveLength(10_000);
  });

  const rows: readonly Row[] = [
    [0, 0, 0],
    [1, 1, 1],
  ];
  test.each([
    ['scores.length', 'score', { score: Float64Array.of(1) }],
    ['scores.length', 'kind', { groups: [{ attribute: 'kind', levels, codes: Uint32Array.of(0) }] }],
    ['scores.not-binary', 'label', { label: Uint8Array.of(0, 2) }],
    ['scores.unknown-code', 'kind', { groups: [{ attribute: 'kind', levels, codes: Uint32Array.of(0, 3) }] }],
    ['scores.not-a-number', '1', { score: Float32Array.of(0, Number.NaN) }],
    ['scores.outside-grid', '0', { score: Float64Array.of(-0.1, 0) }],
  ])('refuses with %s and names %s', (kind, at, change) => {
    expect(countScores({ ...inputOf(rows, grid), ...change })).toMatchObject({ ok: false, problem: { kind, at } });
  });

  test('refuses to add another grid, or another attribute', () => {
    const own = histogramOf(rows, grid);
    const finer = histogramOf(rows, must(equalWidthGrid(0, 1, 8)));
    const problem = { ok: false, problem: { kind: 'scores.different-grids' } };
    expect(addHistograms(own, finer)).toMatchObject(problem);
    expect(addHistograms(own, { ...own, attribute: 'other' })).toMatchObject(problem);
  });
});
