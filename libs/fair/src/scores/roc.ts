import { type Figure, figure, type Undefined, undefinedBecause } from '../figure.js';
import { type ScoreGrid, thresholdsOf } from './score-grid.js';
import { addGroups, type GroupScores, type LabelScores, type ScoreHistogram } from './score-histogram.js';

/** One point of a ROC curve: the rates when a score at or above the threshold counts as positive. */
export interface RocPoint {
  /** Null for the point (0, 0): nobody is positive. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** The points from (0, 0) to (1, 1), one for each bin with rows; undefined without rows of both labels. */
export type RocCurve = { readonly state: 'value'; readonly points: readonly RocPoint[] } | Undefined;

/** The probability that a random positive row scores higher than a random negative one; ties count half. */
export type Auc =
  | {
      readonly state: 'value';
      readonly value: number;
      /**
       * How far the value may be from that of the raw scores: half the share of pairs that meet in one bin. 0 when each
       * bin is one value.
       */
      readonly errorBound: number;
      /** DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), of the binned scores; needs two rows of each label. */
      readonly standardError: Figure;
      /** Below one half: high scores go with negative labels; is the positive class the wrong way round? */
      readonly inverted: boolean;
      readonly positives: number;
      readonly negatives: number;
    }
  | Undefined;

type TwoLabels = Pick<GroupScores, 'negative' | 'positive'>;

/** The ROC curve of a group: who is found at the price of whom, as the threshold falls. */
export function rocCurveOf(group: TwoLabels, grid: ScoreGrid): RocCurve {
  const reason = missingLabel(group);
  if (reason) return undefinedBecause(reason);
  const { negative, positive } = group;
  const thresholds = thresholdsOf(grid);
  const points: RocPoint[] = [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }];
  let [fp, tp] = [0, 0];
  for (let bin = thresholds.length - 1; bin >= 0; bin--) {
    const [n, p] = [negative.counts[bin] ?? 0, positive.counts[bin] ?? 0];
    if (n + p === 0) continue;
    fp += n;
    tp += p;
    const [falsePositiveRate, truePositiveRate] = [fp / negative.n, tp / positive.n];
    points.push({ threshold: thresholds[bin] ?? 0, falsePositiveRate, truePositiveRate });
  }
  return { state: 'value', points };
}

/**
 * The area under the ROC curve of a group.
 *
 * @example
 * aucOf(group, grid); // { state: 'value', value: 0.702166, errorBound: 0, inverted: false, … }
 */
export function aucOf(group: TwoLabels, grid: ScoreGrid): Auc {
  return auc(group.negative, group.positive, grid);
}

/**
 * The AUC of a group's positives against the negatives of everybody else (BNSP: background negative, subgroup positive)
 * and of everybody else's positives against the group's negatives (BPSN). A low BNSP: the group's positives score too
 * low; a low BPSN: its negatives score too high. Borkan, Dixon, Sorensen, Thain and Vasserman, 2019.
 */
export function crossAucOf(
  histogram: ScoreHistogram,
  name: string,
): { readonly backgroundNegativeSubgroupPositive: Auc; readonly backgroundPositiveSubgroupNegative: Auc } {
  const own = histogram.groups.find(({ group }) => group === name);
  const others = histogram.groups.filter(({ group }) => group !== name);
  const because = (reason: string) => {
    const none: Auc = { state: 'undefined', reason };
    return { backgroundNegativeSubgroupPositive: none, backgroundPositiveSubgroupNegative: none };
  };
  if (own === undefined) return because('no rows of the group');
  if (others.length === 0) return because('no rows of other groups');
  const background = addGroups('background', others);
  return {
    backgroundNegativeSubgroupPositive: auc(background.negative, own.positive, histogram.grid),
    backgroundPositiveSubgroupNegative: auc(own.negative, background.positive, histogram.grid),
  };
}

/**
 * ABROCA: the area between the ROC curves of two groups, from 0 (the same curve) to 1. Unlike the difference of the two
 * AUC it does not cancel where the curves cross. Gardner, Brooks and Baker, LAK 2019.
 */
export function abroca(a: TwoLabels, b: TwoLabels, grid: ScoreGrid): Figure {
  const [first, second] = [rocCurveOf(a, grid), rocCurveOf(b, grid)];
  if (first.state !== 'value') return first;
  if (second.state !== 'value') return second;
  return figure(areaBetween(slopes(first.points), slopes(second.points)));
}

function auc(negative: LabelScores, positive: LabelScores, grid: ScoreGrid): Auc {
  const reason = missingLabel({ negative, positive });
  if (reason) return { state: 'undefined', reason };
  const [n, p] = [negative.n, positive.n];
  // Twice the number of pairs won, so that all is whole numbers; a double holds them up to 2^53 exactly.
  let [wins, ties, below] = [0, 0, 0];
  for (let bin = 0; bin < negative.counts.length; bin++) {
    const [negatives, positives] = [negative.counts[bin] ?? 0, positive.counts[bin] ?? 0];
    wins += positives * (2 * below + negatives);
    ties += positives * negatives;
    below += negatives;
  }
  const value = wins / (2 * n * p);
  return {
    state: 'value',
    value,
    errorBound: grid.kind === 'values' ? 0 : ties / (2 * n * p),
    standardError: standardErrorOf(negative, positive, value),
    inverted: value < 0.5,
    positives: p,
    negatives: n,
  };
}

function standardErrorOf(negative: LabelScores, positive: LabelScores, value: number): Figure {
  const [n, p] = [negative.n, positive.n];
  if (n < 2 || p < 2) return undefinedBecause('fewer than two rows of a label');
  let [ofPositives, ofNegatives, negativesBelow, positivesBelow] = [0, 0, 0, 0];
  for (let bin = 0; bin < negative.counts.length; bin++) {
    const [negatives, positives] = [negative.counts[bin] ?? 0, positive.counts[bin] ?? 0];
    const won = (negativesBelow + negatives / 2) / n - value;
    const lost = (p - positivesBelow - positives / 2) / p - value;
    ofPositives += positives * won * won;
    ofNegatives += negatives * lost * lost;
    negativesBelow += negatives;
    positivesBelow += positives;
  }
  return figure(Math.sqrt(ofPositives / (p - 1) / p + ofNegatives / (n - 1) / n));
}

function missingLabel({ negative, positive }: TwoLabels): string | undefined {
  if (positive.n === 0) return 'no rows with a positive label';
  return negative.n === 0 ? 'no rows with a negative label' : undefined;
}

interface Slope {
  readonly from: number;
  readonly to: number;
  readonly atFrom: number;
  readonly atTo: number;
}

/** The parts of a curve that are not vertical, from left to right; together they cover 0 to 1. */
function slopes(points: readonly RocPoint[]): readonly Slope[] {
  return points.slice(1).flatMap((point, i) => {
    const before = points[i] ?? point;
    const [from, to] = [before.falsePositiveRate, point.falsePositiveRate];
    return to > from ? [{ from, to, atFrom: before.truePositiveRate, atTo: point.truePositiveRate }] : [];
  });
}

function areaBetween(a: readonly Slope[], b: readonly Slope[]): number {
  let [area, i, j, x] = [0, 0, 0, 0];
  while (i < a.length && j < b.length) {
    const [mine, theirs] = [a[i], b[j]];
    if (mine === undefined || theirs === undefined) break;
    const next = Math.min(mine.to, theirs.to);
    area += areaOf(heightAt(mine, x) - heightAt(theirs, x), heightAt(mine, next) - heightAt(theirs, next), next - x);
    if (mine.to === next) i++;
    if (theirs.to === next) j++;
    x = next;
  }
  return area;
}

function heightAt({ from, to, atFrom, atTo }: Slope, x: number): number {
  return atFrom + ((atTo - atFrom) * (x - from)) / (to - from);
}

/** The area between a line and zero; two triangles where it crosses. */
function areaOf(left: number, right: number, width: number): number {
  if (left * right >= 0) return (Math.abs(left + right) / 2) * width;
  return ((left * left + right * right) / (2 * Math.abs(left - right))) * width;
}
