import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { equalWidthGrid, histogramDriftOf } from '../index.js';
import { histogramOf } from '../testing/labelled-scores.js';

const grid = must(equalWidthGrid(0, 1, 4));
const before = histogramOf(
  { a: { score: [0.1, 0.3, 0.6, 0.9], label: [0, 0, 1, 1] }, b: { score: [0.2, 0.2], label: [0, 1] } },
  grid,
);
const after = histogramOf(
  { a: { score: [0.1, 0.3, 0.6, 0.9], label: [1, 1, 0, 0] }, c: { score: [0.7], label: [1] } },
  grid,
);

describe('the drift of a histogram', () => {
  test('is told group by group, whatever the labels, and undefined for who is on one side only', () => {
    const drift = must(histogramDriftOf(before, after));
    expect(drift).toMatchObject({ attribute: 'group', pseudoCount: 0.5 });
    expect(drift.groups.map(({ group, before: b, after: a }) => [group, b, a])).toEqual([
      ['a', 4, 4],
      ['b', 2, 0],
      ['c', 0, 1],
    ]);
    const [same, gone, fresh] = drift.groups;
    expect(same).toMatchObject({ populationStability: { value: 0 }, kolmogorovSmirnov: { statistic: 0, p: 1 } });
    for (const { populationStability: psi, jensenShannon, chiSquare, wasserstein } of [gone, fresh].flatMap(
      (g) => g ?? [],
    )) {
      expect([psi, jensenShannon, chiSquare, wasserstein].map(({ state }) => state)).toEqual(
        Array(4).fill('undefined'),
      );
    }
  });

  test('takes the pseudo-count that was agreed', () => {
    const moved = histogramOf({ a: { score: [0.9, 0.9, 0.9, 0.9], label: [0, 0, 1, 1] } }, grid);
    const [half, one] = [0.5, 1].map((c) => must(histogramDriftOf(before, moved, c)).groups[0]?.populationStability);
    // By hand, with 1 added: shares 2/8 in every bin against 1/8, 1/8, 1/8, 5/8.
    const byHand = 3 * (1 / 8 - 2 / 8) * Math.log(1 / 2) + (5 / 8 - 2 / 8) * Math.log(5 / 2);
    expect(one).toEqual({ state: 'value', value: expect.closeTo(byHand, 12) });
    expect(half?.state === 'value' && half.value).toBeGreaterThan(byHand);
    expect(() => histogramDriftOf(before, moved, 0)).toThrow(RangeError);
  });

  test('is refused between grids, or attributes, that differ', () => {
    const finer = histogramOf({ a: { score: [0.1], label: [0] } }, must(equalWidthGrid(0, 1, 8)));
    const problem = { ok: false, problem: { kind: 'scores.different-grids' } };
    expect(histogramDriftOf(before, finer)).toMatchObject(problem);
    expect(histogramDriftOf(before, { ...after, attribute: 'other' })).toMatchObject(problem);
  });
});
