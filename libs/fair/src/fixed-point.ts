/**
 * Sums of many values as whole numbers of a unit agreed in advance, so that parts added in any order give the same bits.
 * A value within ±bound becomes the nearest multiple of bound · 2⁻⁴⁸; beyond that nothing is ever rounded. A sum is kept
 * in limbs of 24 bits, lowest first, each a whole number in a double: two limbs for values, four for squares. Holds for
 * fewer than 2²⁷ rows in one pass and 2²⁹ rows in one sum.
 */
const limb = 2 ** 24;
const bits = 48;

/** The largest magnitude that may be agreed: up to it there is a whole number of units in 1. */
export const largestAgreed = 2 ** 40;

/** Limbs of one sum. */
export const limbsOf = { values: 2, squares: 4 } as const;

/** The least power of two that is at least `magnitude`: the bound of the values that may be summed. */
export function boundFor(magnitude: number): number {
  let bound = 1;
  while (bound < magnitude) bound *= 2;
  while (bound / 2 >= magnitude && bound > 2 ** -400) bound /= 2;
  return bound;
}

/** How many units make 1, for a bound that is a power of two. */
export function unitsPerOne(bound: number): number {
  return 2 ** bits / bound;
}

/** A value as a whole number of units; halves go up. */
export function toUnits(value: number, perOne: number): number {
  return Math.floor(value * perOne + 0.5);
}

/** Adds a value, in units, to the sum that begins at `at`. */
export function addValue(limbs: Float64Array, at: number, units: number): void {
  const high = Math.floor(units / limb);
  limbs[at] = (limbs[at] ?? 0) + (units - high * limb);
  limbs[at + 1] = (limbs[at + 1] ?? 0) + high;
}

/** Adds the square of a value, in units, to the sum that begins at `at`. (2²⁴a + b)² = 2⁴⁸a² + 2²⁴·2ab + b². */
export function addSquare(limbs: Float64Array, at: number, units: number): void {
  const a = Math.floor(units / limb);
  const b = units - a * limb;
  const low = b * b;
  const middle = 2 * a * b;
  const high = a * a;
  const fromLow = Math.floor(low / limb);
  const fromMiddle = Math.floor(middle / limb);
  const fromHigh = Math.floor(high / limb);
  limbs[at] = (limbs[at] ?? 0) + (low - fromLow * limb);
  limbs[at + 1] = (limbs[at + 1] ?? 0) + fromLow + (middle - fromMiddle * limb);
  limbs[at + 2] = (limbs[at + 2] ?? 0) + fromMiddle + (high - fromHigh * limb);
  limbs[at + 3] = (limbs[at + 3] ?? 0) + fromHigh;
}

/** Brings every sum into its only form: all limbs but the highest from 0 to 2²⁴ − 1. In place. */
export function carry(limbs: Float64Array, width: 2 | 4): Float64Array {
  for (let i = 0; i < limbs.length; i++) {
    if (i % width === width - 1) continue;
    const over = Math.floor((limbs[i] ?? 0) / limb);
    limbs[i] = (limbs[i] ?? 0) - over * limb;
    limbs[i + 1] = (limbs[i + 1] ?? 0) + over;
  }
  return limbs;
}

/** The sums of several arrays of limbs, sum by sum. */
export function addLimbs(all: readonly Float64Array[], width: 2 | 4): Float64Array {
  return carry(addArrays(all), width);
}

/** The arrays added place by place; exact for whole numbers below 2⁵³. */
export function addArrays(all: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(all[0]?.length ?? 0);
  for (const part of all) for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (part[i] ?? 0);
  return total;
}

/** The sums of values in an array of limbs, together: what totals over bins need. */
export function foldValues(limbs: Float64Array): Float64Array {
  const total = new Float64Array(limbsOf.values);
  for (let at = 0; at < limbs.length; at += limbsOf.values) addSum(total, limbs, at);
  return carry(total, limbsOf.values);
}

/** Adds the sum of values that begins at `at` to another one, which `carry` then brings into its only form. */
export function addSum(total: Float64Array, limbs: Float64Array, at: number): void {
  total[0] = (total[0] ?? 0) + (limbs[at] ?? 0);
  total[1] = (total[1] ?? 0) + (limbs[at + 1] ?? 0);
}

/** A sum as a whole number of units, or of squared units. */
export function totalUnits(limbs: Float64Array, at: number, width: 2 | 4): bigint {
  let total = 0n;
  for (let i = width - 1; i >= 0; i--) total = (total << 24n) + BigInt(limbs[at + i] ?? 0);
  return total;
}

/** A sum of values as the nearest double. */
export function sumFrom(limbs: Float64Array, at: number, bound: number): number {
  return ((limbs[at + 1] ?? 0) * limb + (limbs[at] ?? 0)) / unitsPerOne(bound);
}

/**
 * numerator / denominator as the nearest double (with a possible last-bit tie aside), however large both are. The same
 * whole numbers give the same bits.
 *
 * @param denominator not 0.
 */
export function quotient(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const shift = Math.max(0, d.toString(2).length - n.toString(2).length + 80);
  const scaled = (n << BigInt(shift)) / d;
  const value = Number(scaled) / 2 ** Math.min(shift, 900) / 2 ** Math.max(0, shift - 900);
  return negative ? -value : value;
}
