import { type Figure, figure, undefinedBecause } from '../figure.js';
import { type ReliabilityBin, reliabilityOf } from './reliability.js';
import type { ScoreGrid } from './score-grid.js';
import type { GroupScores } from './score-histogram.js';

/**
 * The logistic recalibration log-odds(label) = intercept + slope · log-odds(score). Calibrated scores have intercept 0 and
 * slope 1; a slope below 1 means scores that are too extreme, above 1 too timid. D. R. Cox, Biometrika 45 (1958).
 */
export interface Recalibration {
  readonly intercept: Figure;
  readonly slope: Figure;
  /** Standard error of the slope, from the information matrix. */
  readonly slopeStandardError: Figure;
}

/**
 * Fits the recalibration of a group by maximum likelihood (Newton's method), each grid bin standing at its mean score:
 * the fit of the raw scores when each bin is one value. Undefined, with the reason, where no finite maximum exists.
 */
export function recalibrationOf(group: GroupScores, grid: ScoreGrid): Recalibration {
  const bins = reliabilityOf(group, grid, { kind: 'grid' });
  const reason = whyNone(bins);
  if (reason)
    return {
      intercept: undefinedBecause(reason),
      slope: undefinedBecause(reason),
      slopeStandardError: undefinedBecause(reason),
    };
  const points = bins.map(({ n, positives, score }) => ({ n, positives, x: Math.log(score / (1 - score)) }));
  const { intercept, slope, variance } = newton(points);
  return { intercept: figure(intercept), slope: figure(slope), slopeStandardError: figure(Math.sqrt(variance)) };
}

function whyNone(bins: readonly ReliabilityBin[]): string | undefined {
  const [withPositive, withNegative] = [bins.filter((b) => b.positives > 0), bins.filter((b) => b.positives < b.n)];
  if (withPositive.length === 0) return 'no rows with a positive label';
  if (withNegative.length === 0) return 'no rows with a negative label';
  if (bins.some(({ score }) => !(score >= 0 && score <= 1))) return 'the scores are not probabilities';
  if (bins.some(({ score }) => score === 0 || score === 1)) return 'a score of 0 or 1 has no log-odds';
  if (bins.length < 2) return 'all scores are the same';
  const ends = (side: readonly ReliabilityBin[]) => {
    const scores = side.map(({ score }) => score);
    return { low: Math.min(...scores), high: Math.max(...scores) };
  };
  const [positive, negative] = [ends(withPositive), ends(withNegative)];
  const separated = positive.low >= negative.high || negative.low >= positive.high;
  return separated ? 'the scores separate the labels, so the best slope is without bound' : undefined;
}

interface Point {
  readonly n: number;
  readonly positives: number;
  readonly x: number;
}

/** Newton's method on centred and scaled log-odds; a step that does not improve the likelihood is halved. */
function newton(points: readonly Point[]): { intercept: number; slope: number; variance: number } {
  const rows = sum(points, ({ n }) => n);
  const centre = sum(points, ({ n, x }) => n * x) / rows;
  const scale = Math.sqrt(sum(points, ({ n, x }) => n * (x - centre) * (x - centre)) / rows);
  const scaled = points.map(({ n, positives, x }) => ({ n, positives, x: (x - centre) / scale }));
  let [a, b] = [0, 0];
  for (let round = 0; round < 100; round++) {
    const { score, information } = derivatives(scaled, a, b);
    const determinant = information.aa * information.bb - information.ab * information.ab;
    const stepA = (information.bb * score.a - information.ab * score.b) / determinant;
    const stepB = (information.aa * score.b - information.ab * score.a) / determinant;
    const here = likelihood(scaled, a, b);
    let length = 1;
    while (length > 1e-6 && likelihood(scaled, a + length * stepA, b + length * stepB) < here) length /= 2;
    if (length <= 1e-6) break;
    a += length * stepA;
    b += length * stepB;
    if (Math.abs(stepA) + Math.abs(stepB) < 1e-13 * (1 + Math.abs(a) + Math.abs(b))) break;
  }
  const { aa, ab, bb } = derivatives(scaled, a, b).information;
  const slope = b / scale;
  return { intercept: a - slope * centre, slope, variance: aa / (aa * bb - ab * ab) / (scale * scale) };
}

function derivatives(points: readonly Point[], a: number, b: number) {
  const score = { a: 0, b: 0 };
  const information = { aa: 0, ab: 0, bb: 0 };
  for (const { n, positives, x } of points) {
    const p = 1 / (1 + Math.exp(-(a + b * x)));
    const weight = n * p * (1 - p);
    score.a += positives - n * p;
    score.b += (positives - n * p) * x;
    information.aa += weight;
    information.ab += weight * x;
    information.bb += weight * x * x;
  }
  return { score, information };
}

function likelihood(points: readonly Point[], a: number, b: number): number {
  return sum(points, ({ n, positives, x }) => {
    const odds = a + b * x;
    // log(1 + exp(odds)) without overflow.
    return positives * odds - n * (Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))));
  });
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
