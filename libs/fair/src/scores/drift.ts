import { type Figure, figure, type Undefined, undefinedBecause } from '../figure.js';
import { toldP } from '../statistics/told-p.js';
import { positionsOf, type ScoreGrid, widthsOf } from './score-grid.js';

/** A distance of two binned distributions, and how far it may be from that of the raw values. */
export type Distance =
  | {
      readonly state: 'value';
      readonly value: number;
      /** The raw values' distance is at most this much away; 0 when each bin is one value. */
      readonly errorBound: number;
    }
  | Undefined;

/** The Kolmogorov-Smirnov statistic with the p of its limiting distribution. */
export type KolmogorovSmirnov =
  | {
      readonly state: 'value';
      /** The largest difference of the two distribution functions, at an edge of the grid. */
      readonly statistic: number;
      readonly errorBound: number;
      /** Asymptotic; with ties it is too large rather than too small. 1e-300 stands for that or less. */
      readonly p: number;
      readonly method: 'kolmogorov-limit';
    }
  | Undefined;

const empty = undefinedBecause('no rows on one of the sides');

/**
 * Population stability index: Σ (after − before) · ln(after / before) over bins, with a count added to every bin of both
 * sides, without which an empty bin would make it infinite. Customarily 0.1 is a shift to watch, 0.25 a large one.
 *
 * @param pseudoCount more than 0.
 */
export function populationStability(before: Float64Array, after: Float64Array, pseudoCount = 0.5): Figure {
  if (!(pseudoCount > 0)) throw new RangeError(`a pseudo-count of ${pseudoCount} fills no empty bin`);
  const [n, m] = rowsIn(before, after);
  if (n === 0 || m === 0) return empty;
  const share = (count: number, rows: number) => (count + pseudoCount) / (rows + pseudoCount * before.length);
  return figure(sumOver(before, after, (b, a) => (share(a, m) - share(b, n)) * Math.log(share(a, m) / share(b, n))));
}

/**
 * Jensen-Shannon divergence in bits (logarithm to base 2): from 0 (the same distribution) to 1 (nothing in common). Its
 * square root is the Jensen-Shannon distance. Lin, IEEE Transactions on Information Theory 37 (1991).
 */
export function jensenShannon(before: Float64Array, after: Float64Array): Figure {
  const [n, m] = rowsIn(before, after);
  if (n === 0 || m === 0) return empty;
  const part = (p: number, middle: number) => (p === 0 ? 0 : p * Math.log(p / middle));
  const nats = sumOver(before, after, (b, a) => {
    const [p, q] = [b / n, a / m];
    return (part(p, (p + q) / 2) + part(q, (p + q) / 2)) / 2;
  });
  return figure(Math.min(1, Math.max(0, nats / Math.LN2)));
}

/** Chi-square distance ½ Σ (p − q)² / (p + q): from 0 to 1; a bin empty on both sides adds nothing. */
export function chiSquareDistance(before: Float64Array, after: Float64Array): Figure {
  const [n, m] = rowsIn(before, after);
  if (n === 0 || m === 0) return empty;
  const sum = sumOver(before, after, (b, a) => {
    const [p, q] = [b / n, a / m];
    return p + q === 0 ? 0 : ((p - q) * (p - q)) / (p + q);
  });
  return figure(sum / 2);
}

/**
 * Kolmogorov-Smirnov: the largest difference between the two distribution functions.
 *
 * @example
 * kolmogorovSmirnov(before, after, grid); // { state: 'value', statistic: 0.12, p: 0.0003, … }
 */
export function kolmogorovSmirnov(before: Float64Array, after: Float64Array, grid: ScoreGrid): KolmogorovSmirnov {
  const [n, m] = rowsIn(before, after);
  if (n === 0 || m === 0) return empty;
  let [below, belowAfter, statistic, most] = [0, 0, 0, 0];
  for (let bin = 0; bin < before.length; bin++) {
    const [p, q] = [(before[bin] ?? 0) / n, (after[bin] ?? 0) / m];
    const gap = below / n - belowAfter / m;
    // Within the bin either side may come first.
    most = Math.max(most, Math.abs(gap + p), Math.abs(gap - q));
    below += before[bin] ?? 0;
    belowAfter += after[bin] ?? 0;
    statistic = Math.max(statistic, Math.abs(below / n - belowAfter / m));
  }
  const errorBound = grid.kind === 'values' ? 0 : Math.max(0, most - statistic);
  const p = toldP(kolmogorovUpperTail(statistic * Math.sqrt((n / (n + m)) * m)));
  return { state: 'value', statistic, errorBound, p, method: 'kolmogorov-limit' };
}

/**
 * Wasserstein-1, the earth mover's distance, in units of the score: how far a row must move on average to turn one
 * distribution into the other. Rows of a bin lie at its value, or at the middle between its edges.
 */
export function wasserstein(before: Float64Array, after: Float64Array, grid: ScoreGrid): Distance {
  const [n, m] = rowsIn(before, after);
  if (n === 0 || m === 0) return empty;
  const [positions, widths] = [positionsOf(grid), widthsOf(grid)];
  let [below, belowAfter, value, errorBound] = [0, 0, 0, 0];
  for (let bin = 0; bin < before.length; bin++) {
    const [b, a] = [before[bin] ?? 0, after[bin] ?? 0];
    below += b;
    belowAfter += a;
    value +=
      Math.abs(below / n - belowAfter / m) * ((positions[bin + 1] ?? positions[bin] ?? 0) - (positions[bin] ?? 0));
    errorBound += ((b / n + a / m) * (widths[bin] ?? 0)) / 2;
  }
  return { state: 'value', value, errorBound };
}

/** 1 − K(x) of Kolmogorov's distribution; the two series are equal, each converges fast on its side of 1. */
function kolmogorovUpperTail(x: number): number {
  if (x < 0.04) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 19; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 10; k >= 1; k--) sum = Math.exp(-2 * k * k * x * x) - sum;
  return 2 * sum;
}

/** The rows on both sides. */
function rowsIn(before: Float64Array, after: Float64Array): readonly [number, number] {
  if (before.length !== after.length) throw new RangeError('histograms on different grids have no distance');
  const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);
  return [total(before), total(after)];
}

function sumOver(before: Float64Array, after: Float64Array, of: (before: number, after: number) => number): number {
  return before.reduce((sum, count, bin) => sum + of(count, after[bin] ?? 0), 0);
}
