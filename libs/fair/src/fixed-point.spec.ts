import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addLimbs,
  addSquare,
  addValue,
  boundFor,
  carry,
  limbsOf,
  quotient,
  sumFrom,
  totalUnits,
  toUnits,
  unitsPerOne,
} from './fixed-point.js';
import { shareArbitrary } from './testing/shares.js';

describe('sums in fixed point', () => {
  test('are the whole sum of the units and of their squares, in any order and any parts', () => {
    const seen = { negative: 0, large: 0 };
    fc.assert(
      fc.property(
        fc.array(
          shareArbitrary.map((share) => 16 * share - 8),
          { minLength: 1, maxLength: 50 },
        ),
        fc.nat(50),
        (values, at) => {
          const perOne = unitsPerOne(8);
          const units = values.map((value) => toUnits(value, perOne));
          if (units.some((unit) => unit < 0)) seen.negative++;
          if (units.some((unit) => Math.abs(unit) > 2 ** 47)) seen.large++;
          const sum = (part: readonly number[], width: 2 | 4, add: typeof addValue) => {
            const limbs = new Float64Array(width);
            for (const unit of part) add(limbs, 0, unit);
            return carry(limbs, width);
          };
          const value = sum(units, limbsOf.values, addValue);
          const square = sum(units, limbsOf.squares, addSquare);
          expect(totalUnits(value, 0, 2)).toBe(units.reduce((total, unit) => total + BigInt(unit), 0n));
          expect(totalUnits(square, 0, 4)).toBe(units.reduce((total, unit) => total + BigInt(unit) ** 2n, 0n));
          const parts = [units.slice(at), units.slice(0, at)];
          const split = (width: 2 | 4, add: typeof addValue) => parts.map((part) => sum(part, width, add));
          expect(addLimbs(split(2, addValue), 2)).toEqual(value);
          expect(addLimbs(split(4, addSquare), 4)).toEqual(square);
          expect(sumFrom(value, 0, 8)).toBe(quotient(totalUnits(value, 0, 2), BigInt(perOne)));
        },
      ),
    );
    expect(seen.negative).toBeGreaterThan(10);
    expect(seen.large).toBeGreaterThan(10);
  });

  test('hold every number of single precision down to 2⁻²⁴ of the bound exactly', () => {
    for (const value of [Math.fround(0.1), Math.fround(1 / 3), 2 ** -24, 1]) {
      expect(toUnits(value, unitsPerOne(1)) / unitsPerOne(1)).toBe(value);
    }
  });

  test.each([
    [1, 1],
    [0.9, 1],
    [10, 16],
    [0.25, 0.25],
    [0.2, 0.25],
  ])('have for a magnitude of %d the bound %d', (magnitude, bound) => {
    expect(boundFor(magnitude)).toBe(bound);
  });
});

describe('quotient', () => {
  test('of whole numbers is their nearest double', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (a, b) => {
        expect(quotient(BigInt(a), BigInt(b))).toBe(a / b + 0);
        expect(quotient(BigInt(a) << 300n, BigInt(-b) << 300n)).toBe(-a / b + 0);
      }),
    );
    expect(quotient(1n, 3n << 1000n)).toBe(1 / 3 / 2 ** 1000);
  });
});
