import { type Figure, figure, undefinedBecause } from '../figure.js';
import { foldValues, limbsOf, quotient, totalUnits, unitsPerOne } from '../fixed-point.js';
import { type Recalibration, recalibrationOf } from './recalibration.js';
import { type Binning, type ReliabilityBin, reliabilityOf } from './reliability.js';
import { rangeOf, type ScoreGrid } from './score-grid.js';
import { boundOf, type GroupScores, type LabelScores } from './score-histogram.js';

/** Whether the scores of one group are the probabilities that they claim to be. */
export interface Calibration {
  readonly binning: Binning;
  /** Expected calibration error: the mean of |score − rate| over bins, weighted by their rows. 0 is calibrated. */
  readonly expectedError: Figure;
  /** Maximum calibration error: the largest |score − rate| of a bin, however small the bin. */
  readonly maximumError: Figure;
  /** Calibration in the large: mean score − base rate. Positive: the scores are too high on average. */
  readonly inTheLarge: Figure;
  readonly recalibration: Recalibration;
  readonly brier: BrierScore;
}

/**
 * The mean of (score − label)² and its parts: brier = calibration − resolution + uncertainty + withinBins. Murphy 1973;
 * the last part is what bins wider than one value hide (Stephenson, Coelho and Jolliffe 2008), 0 when each is one value.
 */
export interface BrierScore {
  /** From 0 (every score was right) to 1. Exact: not affected by the binning. */
  readonly brier: Figure;
  /** 0 is best. */
  readonly calibration: Figure;
  /** How much the rates of the bins differ from the base rate; more is better. */
  readonly resolution: Figure;
  /** base rate · (1 − base rate): how hard the group is to predict. */
  readonly uncertainty: Figure;
  readonly withinBins: Figure;
}

/**
 * Calibration of a group's scores. All figures are undefined for scores that are no probabilities, such as deciles: see
 * `reliabilityOf` for those.
 *
 * @example
 * calibrationOf(group, grid, { kind: 'equal-width', bins: 10, lower: 0, upper: 1 }).expectedError; // { state: 'value', … }
 */
export function calibrationOf(group: GroupScores, grid: ScoreGrid, binning: Binning): Calibration {
  const n = group.negative.n + group.positive.n;
  const { lower, upper } = rangeOf(grid);
  const reason = n === 0 ? 'no rows' : lower < 0 || upper > 1 ? 'the scores are not probabilities' : undefined;
  const recalibration = recalibrationOf(group, grid);
  if (reason) {
    const none = undefinedBecause(reason);
    const brier = { brier: none, calibration: none, resolution: none, uncertainty: none, withinBins: none };
    return { binning, expectedError: none, maximumError: none, inTheLarge: none, recalibration, brier };
  }
  const bins = reliabilityOf(group, grid, binning);
  const gaps = bins.map(({ score, rate }) => Math.abs(score - rate));
  const expected = bins.reduce((sum, bin, i) => sum + bin.n * (gaps[i] ?? 0), 0) / n;
  return {
    binning,
    expectedError: figure(expected),
    maximumError: figure(Math.max(...gaps)),
    inTheLarge: figure((sumOf(group.negative, grid) + sumOf(group.positive, grid) - group.positive.n) / n),
    recalibration,
    brier: brierOf(group, grid, bins),
  };
}

function brierOf(group: GroupScores, grid: ScoreGrid, bins: readonly ReliabilityBin[]): BrierScore {
  const [n, positives] = [group.negative.n + group.positive.n, group.positive.n];
  const base = positives / n;
  const mean = (of: (bin: ReliabilityBin) => number) => bins.reduce((sum, bin) => sum + of(bin), 0) / n;
  const squares = squaresOf(group, grid);
  const variance = squares.mean - mean((bin) => bin.n * bin.score * bin.score);
  const covariance = sumOf(group.positive, grid) / n - mean((bin) => bin.positives * bin.score);
  return {
    brier: figure(squares.brier),
    calibration: figure(mean((bin) => bin.n * (bin.score - bin.rate) * (bin.score - bin.rate))),
    resolution: figure(mean((bin) => bin.n * (bin.rate - base) * (bin.rate - base))),
    uncertainty: figure(base * (1 - base)),
    withinBins: figure(variance - 2 * covariance),
  };
}

/** Mean squared score, and mean squared (score − label), in whole numbers until the last division. */
function squaresOf({ negative, positive }: GroupScores, grid: ScoreGrid): { mean: number; brier: number } {
  const one = BigInt(unitsPerOne(boundOf(grid)));
  const squares = [negative, positive].reduce((sum, label) => sum + totalUnits(label.squares, 0, limbsOf.squares), 0n);
  const rows = BigInt(negative.n + positive.n) * one * one;
  const missed = squares - 2n * one * unitsOf(positive) + BigInt(positive.n) * one * one;
  return { mean: quotient(squares, rows), brier: quotient(missed, rows) };
}

function unitsOf({ sums }: LabelScores): bigint {
  return totalUnits(foldValues(sums), 0, limbsOf.values);
}

/** The sum of the scores with one label. */
function sumOf(label: LabelScores, grid: ScoreGrid): number {
  return quotient(unitsOf(label), BigInt(unitsPerOne(boundOf(grid))));
}
