import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binsOf, edgesGrid, equalWidthGrid, sameGrid, valuesGrid } from '../index.js';
import { shareArbitrary } from '../testing/shares.js';

describe('a grid of scores', () => {
  test('of equal width puts every score where its edges say, and so does one with the same edges given', () => {
    let onEdge = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        shareArbitrary.map((share) => -5 * share),
        shareArbitrary.map((share) => 0.5 + 8 * share),
        fc.array(shareArbitrary, { minLength: 1 }),
        (bins, lower, upper, shares) => {
          const grid = must(equalWidthGrid(lower, upper, bins));
          const edges = grid.kind === 'edges' ? grid.edges : new Float64Array();
          const within = shares.map((s) => Math.min(upper, lower + s * (upper - lower)));
          const justBelow = [...edges].map((edge) => Math.max(lower, edge - Math.abs(edge) * 2 ** -53));
          const scores = [...within, ...justBelow, ...edges];
          const placed = must(binsOf(scores, grid));
          scores.forEach((score, row) => {
            const bin = placed[row] ?? 0;
            expect(score).toBeGreaterThanOrEqual(edges[bin] ?? Number.NaN);
            if (bin < bins - 1) expect(score).toBeLessThan(edges[bin + 1] ?? Number.NaN);
            if (score === edges[bin]) onEdge++;
          });
          expect(placed.at(-1)).toBe(bins - 1);
          expect(must(binsOf(scores, must(edgesGrid(edges))))).toEqual(placed);
          expect(sameGrid(grid, must(edgesGrid(edges)))).toBe(true);
        },
      ),
    );
    expect(onEdge).toBeGreaterThan(100);
  });

  test('of values has one bin for each distinct one, of all columns together', () => {
    const grid = must(valuesGrid(Float32Array.of(0.5, 0.25, 0.5), [0.75, -0]));
    expect(grid).toEqual({ kind: 'values', values: Float64Array.of(0, 0.25, 0.5, 0.75) });
    expect(must(binsOf([0.75, 0, 0.25], grid))).toEqual(Uint32Array.of(3, 0, 1));
    expect(sameGrid(grid, must(valuesGrid([0, 0.25, 0.5])))).toBe(false);
    expect(sameGrid(grid, must(edgesGrid([0, 0.25, 0.5, 0.75])))).toBe(false);
  });

  test.each([
    ['equal edges', equalWidthGrid(1, 1, 4)],
    ['falling edges', edgesGrid([0, 2, 1])],
    ['one edge', edgesGrid([0])],
    ['no bins', equalWidthGrid(0, 1, 0)],
    ['half a bin', equalWidthGrid(0, 1, 0.5)],
    ['an infinite edge', edgesGrid([0, Number.POSITIVE_INFINITY])],
    ['an edge beyond 2^40', edgesGrid([0, 2 ** 40 + 1])],
    ['no value', valuesGrid([])],
    ['a value that is no number', valuesGrid([0, Number.NaN])],
  ])('is refused with %s', (_, result) => {
    expect(result).toMatchObject({ ok: false, problem: { kind: 'scores.grid' } });
  });

  test.each([
    ['scores.not-a-number', Number.NaN, equalWidthGrid(0, 1, 4)],
    ['scores.outside-grid', 1.0001, equalWidthGrid(0, 1, 4)],
    ['scores.outside-grid', -1e-9, edgesGrid([0, 0.3, 1])],
    ['scores.outside-grid', Number.POSITIVE_INFINITY, equalWidthGrid(0, 1, 4)],
    ['scores.outside-grid', 0.4, valuesGrid([0, 0.5, 1])],
  ])('refuses with %s and names the row of %d', (kind, score, grid) => {
    expect(binsOf([0, 1, score], must(grid))).toMatchObject({ ok: false, problem: { kind, at: '2' } });
  });
});
