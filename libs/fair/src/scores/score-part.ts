import { type Figure, undefinedBecause } from '../figure.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import { portionOf } from '../rates.js';
import { type GroupFigure, type Spread, spreadOf } from '../spread.js';
import type { Interval } from '../statistics/interval.js';
import { normalQuantile } from '../statistics/normal.js';
import { type Calibration, calibrationOf } from './calibration.js';
import {
  type Distance,
  jensenShannon,
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  populationStability,
  wasserstein,
} from './drift.js';
import { type Binning, type ReliabilityBin, reliabilityOf } from './reliability.js';
import { type Auc, abroca, aucOf, crossAucOf, type RocCurve, rocCurveOf } from './roc.js';
import { binsIn, rangeOf, type ScoreGrid, thresholdsOf } from './score-grid.js';
import { addGroups, binCounts, type GroupScores, type ScoreHistogram } from './score-histogram.js';
import { sweepOf } from './threshold-sweep.js';

/** The scores of a population, counted as a plan asks. */
export interface CountedScores {
  /** One for each attribute and intersection of the plan. */
  readonly histograms: readonly ScoreHistogram[];
  /** One group of all rows, where histograms of groups may be withheld. */
  readonly everybody?: ScoreHistogram;
  /** The attributes and intersections whose histograms are withheld. */
  readonly withheld?: readonly string[];
  /** By month, where rows have a date; those without one do not occur. */
  readonly months?: ScoreHistogram;
  /** Rows without a score. */
  readonly withoutScore: number;
}

/** An area under the ROC curve with DeLong's interval, cut to 0 and 1. */
export type AucWithInterval = Auc & { readonly interval?: Interval };

/** How well the scores of some rows tell positive from negative labels, and whether they mean what they say. */
export interface ScoreFigures {
  readonly n: number;
  readonly positives: number;
  readonly auc: AucWithInterval;
  /** At most 101 points of the curve. */
  readonly roc: RocCurve;
  readonly reliability: readonly ReliabilityBin[];
  readonly calibration: Calibration;
}

/** Two distributions of scores, whatever the labels. */
export interface ScoreDistances {
  readonly kolmogorovSmirnov: KolmogorovSmirnov;
  /** In units of the score. */
  readonly wasserstein: Distance;
  /** In bits. */
  readonly jensenShannon: Figure;
  /** With half a row added to every bin of both sides. */
  readonly populationStability: Figure;
}

export interface ScoredGroup extends ScoreFigures {
  readonly group: string;
  /** The group's positives against everybody else's negatives, and the other way round. */
  readonly crossAuc: {
    readonly backgroundNegativeSubgroupPositive: Auc;
    readonly backgroundPositiveSubgroupNegative: Auc;
  };
  /** To the scores of everybody else. */
  readonly distances: ScoreDistances;
}

/** Gaps between the groups that reach the floor of rows, if a score from this threshold on were positive. */
export interface ThresholdGaps {
  readonly threshold: number;
  readonly selectionRate: Spread;
  readonly truePositiveRate: Spread;
  readonly falsePositiveRate: Spread;
}

export interface AttributeScores {
  readonly attribute: string;
  readonly groups: readonly ScoredGroup[];
  /** Between groups that reach the floor of rows. */
  readonly aucGap: Spread;
  /** The area between the ROC curves of the two largest groups. */
  readonly areaBetween: { readonly groups: readonly string[]; readonly area: Figure };
  /** At most 101 thresholds, rising. */
  readonly sweep: readonly ThresholdGaps[];
}

/** The scores of a month against those of all months before it. */
export interface ScoredMonth {
  readonly month: string;
  readonly n: number;
  readonly distances: ScoreDistances;
}

/** The part of a report on scores. Each row counts once, whatever its weight. For information: it does not decide. */
export interface ScorePart {
  readonly column: string;
  /** `values`: a bin for each score that occurs. `edges`: bins of one width, whose rows count as their middle. */
  readonly grid: {
    readonly kind: 'values' | 'edges';
    readonly bins: number;
    readonly lower: number;
    readonly upper: number;
  };
  readonly withoutScore: number;
  /** What the plan compares, and of which no scores were handed out. */
  readonly withheld?: readonly string[];
  /** Why areas have no interval, where rows belong to clusters. */
  readonly withoutIntervals?: string;
  readonly everybody: ScoreFigures;
  readonly attributes: readonly AttributeScores[];
  /** All months but the first. */
  readonly months?: readonly ScoredMonth[];
}

const unrelatedOnly =
  'the interval of an area (DeLong) takes rows to be unrelated, and scores are not counted by cluster';

/** More points of a curve nobody sees; the report stays small. */
const mostPoints = 101;

/**
 * The part of a report on scores, from histograms.
 *
 * @example
 * scorePart(scores, plan).everybody.auc; // { state: 'value', value: 0.702166, interval: { lower: 0.6903, upper: 0.714 } }
 */
export function scorePart(scores: CountedScores, column: string, plan: AuditPlan): ScorePart | null {
  const histograms = comparedBy(plan).flatMap((name) => scores.histograms.filter((own) => own.attribute === name));
  const first = scores.everybody ?? histograms[0];
  if (!first || first.groups.length === 0) return null;
  const { grid } = first;
  const { months } = scores;
  return {
    column,
    grid: { kind: grid.kind, bins: binsIn(grid), ...rangeOf(grid) },
    withoutScore: scores.withoutScore,
    ...(scores.withheld && scores.withheld.length > 0 && { withheld: scores.withheld }),
    ...(plan.cluster !== undefined && { withoutIntervals: unrelatedOnly }),
    everybody: figuresOf(addGroups('everybody', first.groups), grid, plan),
    attributes: histograms.map((histogram) => attributeScores(histogram, plan)),
    ...(months && { months: monthsOf(months) }),
  };
}

/** Few values are bins themselves; else ten bins of one width over the range of the grid. */
function binningOf(grid: ScoreGrid): Binning {
  return grid.kind === 'values' && binsIn(grid) <= 20
    ? { kind: 'grid' }
    : { kind: 'equal-width', bins: 10, ...probable(rangeOf(grid)) };
}

/** Scores within 0 and 1 are binned over all of it. */
function probable({ lower, upper }: { readonly lower: number; readonly upper: number }) {
  return lower >= 0 && upper <= 1 ? { lower: 0, upper: 1 } : { lower, upper: upper > lower ? upper : lower + 1 };
}

function figuresOf(group: GroupScores, grid: ScoreGrid, { level, cluster }: AuditPlan): ScoreFigures {
  const binning = binningOf(grid);
  const auc = aucOf(group, grid);
  return {
    n: group.negative.n + group.positive.n,
    positives: group.positive.n,
    auc: cluster === undefined ? withInterval(auc, level) : auc,
    roc: thinnedCurve(rocCurveOf(group, grid)),
    reliability: reliabilityOf(group, grid, binning),
    calibration: calibrationOf(group, grid, binning),
  };
}

function withInterval(auc: Auc, level: number): AucWithInterval {
  // Where all positives score above all negatives, or below, DeLong's error is 0, which would claim certainty.
  if (auc.state !== 'value' || auc.standardError.state !== 'value' || auc.standardError.value === 0) return auc;
  const reach = normalQuantile((1 + level) / 2) * auc.standardError.value;
  const [lower, upper] = [Math.max(0, auc.value - reach), Math.min(1, auc.value + reach)];
  return { ...auc, interval: { lower, upper, method: 'delong', level } };
}

function thinnedCurve(curve: RocCurve): RocCurve {
  return curve.state === 'value' ? { ...curve, points: thinned(curve.points) } : curve;
}

/** At most 101 of them, evenly spread, the first and the last among them. */
function thinned<T>(all: readonly T[]): readonly T[] {
  if (all.length <= mostPoints) return all;
  const at = (i: number) => Math.round((i * (all.length - 1)) / (mostPoints - 1));
  return Array.from({ length: mostPoints }, (_, i) => at(i)).flatMap((place) => all[place] ?? []);
}

function attributeScores(histogram: ScoreHistogram, plan: AuditPlan): AttributeScores {
  const { floors } = plan;
  const { attribute, grid, groups } = histogram;
  const scored = groups.map((group): ScoredGroup => {
    const others = groups.filter((other) => other !== group);
    return {
      group: group.group,
      ...figuresOf(group, grid, plan),
      crossAuc: crossAucOf(histogram, group.group),
      distances: distancesOf(restOf(others, grid), binCounts(group), grid),
    };
  });
  const large = (group: GroupScores) => group.negative.n + group.positive.n >= floors.group;
  const judged = groups.filter(large);
  const aucs = judged.map((group): GroupFigure => {
    const auc = aucOf(group, grid);
    return { group: group.group, figure: auc.state === 'value' ? { state: 'value', value: auc.value } : auc };
  });
  return {
    attribute,
    groups: scored,
    aucGap: spreadOf(aucs),
    areaBetween: areaBetween(judged, grid),
    sweep: sweepGaps({ ...histogram, groups: judged }),
  };
}

function restOf(others: readonly GroupScores[], grid: ScoreGrid): Float64Array {
  return others.length === 0 ? new Float64Array(binsIn(grid)) : binCounts(addGroups('others', others));
}

function areaBetween(groups: readonly GroupScores[], grid: ScoreGrid): AttributeScores['areaBetween'] {
  const size = ({ negative, positive }: GroupScores) => negative.n + positive.n;
  const [a, b] = [...groups].sort((x, y) => size(y) - size(x));
  if (!a || !b) return { groups: [], area: undefinedBecause('fewer than two groups are large enough') };
  return { groups: [a.group, b.group], area: abroca(a, b, grid) };
}

function sweepGaps(histogram: ScoreHistogram): readonly ThresholdGaps[] {
  const sweeps = sweepOf(histogram);
  const places = thinned(Array.from(thresholdsOf(histogram.grid).keys()));
  return places.flatMap((place) => {
    const own = sweeps.flatMap(({ group, thresholds }) => {
      const at = thresholds[place];
      return at ? [{ group, ...at }] : [];
    });
    const gap = (rate: 'selectionRate' | 'truePositiveRate' | 'falsePositiveRate') =>
      spreadOf(
        own.map(({ group, counts }): GroupFigure => {
          const { k, n } = portionOf(rate, counts) ?? { k: 0, n: 0 };
          return { group, figure: n > 0 ? { state: 'value', value: k / n } : undefinedBecause('no rows') };
        }),
      );
    const threshold = thresholdsOf(histogram.grid)[place] ?? 0;
    return [
      {
        threshold,
        selectionRate: gap('selectionRate'),
        truePositiveRate: gap('truePositiveRate'),
        falsePositiveRate: gap('falsePositiveRate'),
      },
    ];
  });
}

function distancesOf(before: Float64Array, after: Float64Array, grid: ScoreGrid): ScoreDistances {
  return {
    kolmogorovSmirnov: kolmogorovSmirnov(before, after, grid),
    wasserstein: wasserstein(before, after, grid),
    jensenShannon: jensenShannon(before, after),
    populationStability: populationStability(before, after),
  };
}

function monthsOf({ groups, grid }: ScoreHistogram): readonly ScoredMonth[] {
  return groups.slice(1).map((month, i) => ({
    month: month.group,
    n: month.negative.n + month.positive.n,
    distances: distancesOf(binCounts(addGroups('before', groups.slice(0, i + 1))), binCounts(month), grid),
  }));
}
