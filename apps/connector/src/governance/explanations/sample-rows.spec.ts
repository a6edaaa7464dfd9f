import { seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { samplePositions } from './sample-rows.js';

describe('samplePositions', () => {
  test('gives different positions in rising order, all of them when there are few', () => {
    let whole = 0;
    fc.assert(
      fc.property(fc.nat(300), fc.nat(100), fc.nat(), (size, count, seed) => {
        const positions = samplePositions(size, count, seededRandom(seed));
        if (count >= size) whole++;
        expect(positions).toHaveLength(Math.min(size, count));
        expect(positions.every((at, i) => at < size && at > (positions[i - 1] ?? -1))).toBe(true);
      }),
    );
    expect(whole).toBeGreaterThan(5);
    expect(whole).toBeLessThan(95);
  });

  test('takes every position equally often', () => {
    const random = seededRandom(1);
    const taken = new Array<number>(10).fill(0);
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++)
      for (const at of samplePositions(10, 3, random)) taken[at] = (taken[at] ?? 0) + 1;
    // Five standard errors of a share of 0.3.
    for (const times of taken) expect(Math.abs(times / draws - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / draws));
  });
});
