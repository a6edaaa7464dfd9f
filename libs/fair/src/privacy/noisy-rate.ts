import type { ConfusionCounts } from '../counts.js';
import { type Estimated, undefinedBecause } from '../figure.js';
import { definitionOfRate, type RateName } from '../rates.js';
import { wilson } from '../statistics/interval.js';
import type { Noise } from './noisy-tables.js';

/** A rate of noisy counts. */
export type NoisyRate = Estimated<{
  /** From 0 to 1; of counts below 0 as if they were 0. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** How far off the rows counted, and those not counted, may be by noise; the interval allows for both. */
  readonly off: { readonly counted: number; readonly others: number };
}>;

/** The four cells, with noise: whole numbers, also below 0. */
export type NoisyCells = Omit<ConfusionCounts, 'n'>;

/** The part of the permitted error that is kept for noise. Noise has a short tail, so that a small part costs little. */
const noisePart = 0.1;

/**
 * A rate of counts with noise, with an interval that covers the true rate at least as often as Wilson's does without
 * noise at the same level: Wilson's bounds at the counts that are worst for each, among all that the noise may have
 * hidden. Undefined where noise leaves no rows.
 *
 * @param level between 0 and 1.
 * @example
 * noisyRateOf('selectionRate', { tn: 61, fp: 22, fn: -1, tp: 40 }, noise, 0.95);
 */
export function noisyRateOf(name: RateName, cells: NoisyCells, noise: Noise, level: number): NoisyRate {
  const { k: counted, n: countable } = definitionOfRate(name);
  const among = cellsOf(countable);
  const own = cellsOf(counted);
  const rest = among.filter((cell) => !own.includes(cell));
  const sum = (names: readonly Cell[]) => names.reduce((total, cell) => total + cells[cell], 0);
  // Four bounds must hold: each of two sums, upwards and downwards.
  const error = ((1 - level) * noisePart) / 4;
  const off = { counted: noiseBound(own.length, noise, error), others: noiseBound(rest.length, noise, error) };
  const [k, others] = [sum(own), sum(rest)];
  const atLeastZero = (n: number) => Math.max(0, n);
  const n = atLeastZero(k) + atLeastZero(others);
  if (n === 0) return undefinedBecause('noise leaves no rows');
  const inner = 1 - (1 - level) * (1 - noisePart);
  const few = { k: atLeastZero(k - off.counted), others: atLeastZero(others + off.others) };
  const many = { k: atLeastZero(k + off.counted), others: atLeastZero(others - off.others) };
  return {
    state: 'value',
    value: atLeastZero(k) / n,
    lower: few.k === 0 ? 0 : wilson(few.k, few.k + few.others, inner).lower,
    upper: many.others === 0 ? 1 : wilson(many.k, many.k + many.others, inner).upper,
    level,
    off,
  };
}

type Cell = keyof NoisyCells;

function cellsOf(cells: readonly (keyof ConfusionCounts)[]): readonly Cell[] {
  return cells.flatMap((cell): readonly Cell[] => (cell === 'n' ? ['tn', 'fp', 'fn', 'tp'] : [cell]));
}

/** The least q such that noise of one cell, or of the sum of two, is above q with probability `error` at most. */
export function noiseBound(cells: number, { epsilon, sensitivity }: Noise, error: number): number {
  const rate = epsilon.numerator / epsilon.denominator / sensitivity;
  let high = 1;
  while (noiseAbove(high, cells, rate) > error) high *= 2;
  let low = -1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (noiseAbove(middle, cells, rate) > error) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The probability that discrete Laplace noise of one cell, or of the sum of two, is above q, for q from 0. Of one,
 * a^(q + 1)/(1 + a); of two the mass at s is ((1 − a)/(1 + a))² · a^s · (s + (1 + a²)/(1 − a²)), which is summed here.
 */
function noiseAbove(q: number, cells: number, rate: number): number {
  const a = Math.exp(-rate);
  // 1 − a to full precision, however small the rate is.
  const b = -Math.expm1(-rate);
  const first = q + 1;
  const power = Math.exp(-rate * first);
  if (cells === 1) return power / (1 + a);
  const even = (1 + a * a) / (b * (1 + a));
  return ((power * b) / ((1 + a) * (1 + a))) * (first + a / b + even);
}
