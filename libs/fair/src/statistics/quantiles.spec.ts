import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantilesOf } from './quantiles.js';

test('quantiles are those of the sorted numbers, linear between neighbours', () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
  const share = fc.oneof(fc.constantFrom(0, 1, 0.025, 0.975), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), share, share, (values, a, b) => {
      const shares = [Math.min(a, b), Math.max(a, b)];
      const sorted = [...values].sort((x, y) => x - y);
      const expected = shares.map((own) => {
        const position = (sorted.length - 1) * own;
        const below = Math.floor(position);
        const [low = 0, high = low] = sorted.slice(below, below + 2);
        return low + (position - below) * (high - low) + 0;
      });
      expect(quantilesOf(Float64Array.from(values), shares).map((found) => found + 0)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
