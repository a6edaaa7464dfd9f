import { type Figure, figure, undefinedBecause } from '../figure.js';
import { limbsOf, quotient, totalUnits, unitsPerOne } from '../fixed-point.js';
import type { GroupErrors } from './error-sums.js';

/** How far predictions of a number are from what turned out to be true, in one group. */
export interface RegressionFigures {
  readonly n: number;
  /** Mean of prediction − label: positive means that predictions are too high. */
  readonly meanError: Figure;
  /** Mean of |prediction − label|. */
  readonly meanAbsoluteError: Figure;
  readonly rootMeanSquareError: Figure;
  /** 1 − Σ (label − prediction)² / Σ (label − mean label)²; below 0 is worse than the mean. */
  readonly rSquared: Figure;
  readonly meanPrediction: Figure;
  readonly meanLabel: Figure;
}

/** The figures of a group from its sums: whole numbers until the last division, so that nothing cancels. */
export function regressionOf(group: GroupErrors): RegressionFigures {
  const { n } = group;
  if (n === 0) {
    const none = undefinedBecause('no rows');
    return {
      n,
      meanError: none,
      meanAbsoluteError: none,
      rootMeanSquareError: none,
      rSquared: none,
      meanPrediction: none,
      meanLabel: none,
    };
  }
  const { over, under, label, prediction, one } = unitsIn(group);
  const rows = BigInt(n) * one;
  const squaredErrors = totalUnits(group.squaredErrors, 0, limbsOf.squares);
  return {
    n,
    meanError: figure(quotient(over - under, rows)),
    meanAbsoluteError: figure(quotient(over + under, rows)),
    rootMeanSquareError: figure(Math.sqrt(quotient(squaredErrors, rows * one))),
    rSquared: rSquaredOf(squaredErrors, totalUnits(group.squaredLabels, 0, limbsOf.squares), label, BigInt(n)),
    meanPrediction: figure(quotient(prediction, rows)),
    meanLabel: figure(quotient(label, rows)),
  };
}

/**
 * The mean pinball (quantile) loss of predictions of a quantile: q for each unit that a prediction is too low, 1 − q for
 * each that it is too high.
 *
 * @param quantile between 0 and 1.
 * @throws RangeError outside of that.
 */
export function pinballLossOf(group: GroupErrors, quantile: number): Figure {
  if (!(quantile >= 0 && quantile <= 1)) throw new RangeError(`${quantile} is no quantile`);
  if (group.n === 0) return undefinedBecause('no rows');
  const { over, under, one } = unitsIn(group);
  const rows = BigInt(group.n) * one;
  return figure(quantile * quotient(under, rows) + (1 - quantile) * quotient(over, rows));
}

function rSquaredOf(squaredErrors: bigint, squaredLabels: bigint, label: bigint, n: bigint): Figure {
  const spread = n * squaredLabels - label * label;
  if (spread === 0n) return undefinedBecause('all labels are the same');
  return figure(quotient(spread - n * squaredErrors, spread));
}

function unitsIn(group: GroupErrors) {
  const total = (limbs: Float64Array) => totalUnits(limbs, 0, limbsOf.values);
  return {
    over: total(group.over),
    under: total(group.under),
    label: total(group.label),
    prediction: total(group.prediction),
    one: BigInt(unitsPerOne(group.bound)),
  };
}
