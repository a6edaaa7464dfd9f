import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atThreshold, equalWidthGrid, sweepOf, valuesGrid } from '../index.js';
import { histogramOf } from '../testing/labelled-scores.js';
import { shareArbitrary } from '../testing/shares.js';

const score = [0.1, 0.3, 0.5, 0.5, 0.9];
const label = [0, 1, 0, 1, 1];

describe('the sweep over thresholds', () => {
  test('counts at every threshold what filtering the rows counts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(shareArbitrary, fc.nat(1)), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (rows, bins) => {
          const own = { score: rows.map(([s]) => s), label: rows.map(([, y]) => y) };
          for (const grid of [must(valuesGrid(own.score)), must(equalWidthGrid(0, 1, bins))]) {
            const histogram = histogramOf({ all: own }, grid);
            const thresholds = sweepOf(histogram)[0]?.thresholds ?? [];
            for (const { threshold, counts } of thresholds) {
              const tp = rows.filter(([s, y]) => s >= threshold && y === 1).length;
              const fp = rows.filter(([s, y]) => s >= threshold && y === 0).length;
              expect(counts).toMatchObject({ n: rows.length, tp, fp });
              expect(counts.tn + counts.fp + counts.fn + counts.tp).toBe(rows.length);
              expect(atThreshold(histogram, threshold)).toEqual({
                threshold,
                moved: 0,
                groups: [{ group: 'all', counts }],
              });
            }
          }
        },
      ),
    );
  });

  test('takes the next threshold of the grid and says how many rows that may move', () => {
    const histogram = histogramOf({ all: { score, label } }, must(equalWidthGrid(0, 1, 4)));
    const moved = atThreshold(histogram, 0.6);
    expect(moved).toMatchObject({
      threshold: 0.75,
      moved: 2,
      groups: [{ counts: { n: 5, tn: 2, fp: 0, fn: 2, tp: 1 } }],
    });
    expect(atThreshold(histogram, 0.8)).toMatchObject({ threshold: null, moved: 1, groups: [{ counts: { tp: 0 } }] });
    expect(atThreshold(histogram, 2)).toMatchObject({ threshold: null, moved: 0 });
    expect(atThreshold(histogram, -1)).toMatchObject({
      threshold: 0,
      moved: 0,
      groups: [{ counts: { tp: 3, fp: 2 } }],
    });
  });

  test('loses nothing between two values', () => {
    const histogram = histogramOf({ all: { score, label } }, must(valuesGrid(score)));
    expect(atThreshold(histogram, 0.4)).toMatchObject({
      threshold: 0.5,
      moved: 0,
      groups: [{ counts: { tp: 2, fp: 1 } }],
    });
  });
});
