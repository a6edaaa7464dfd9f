import { type Distance, type KolmogorovSmirnov, kolmogorovSmirnov, wasserstein } from '../scores/drift.js';
import { cutAt } from '../scores/score-grid.js';
import { type Spread, spreadOf } from '../spread.js';
import type { ErrorSums, GroupErrors } from './error-sums.js';
import { type RegressionFigures, regressionOf } from './regression.js';

/** What is compared between groups whose members get a number. */
export type RegressionFigureName = Exclude<keyof RegressionFigures, 'n'>;

const figureNames: readonly RegressionFigureName[] = [
  'meanError',
  'meanAbsoluteError',
  'rootMeanSquareError',
  'rSquared',
  'meanPrediction',
  'meanLabel',
];

/** How far the groups are apart by each figure of a regression. */
export function regressionGapsOf({ groups }: ErrorSums): Readonly<Record<RegressionFigureName, Spread>> {
  const own = groups.map((group) => ({ group: group.group, figures: regressionOf(group) }));
  const gap = (name: RegressionFigureName) =>
    spreadOf(own.map(({ group, figures }) => ({ group, figure: figures[name] })));
  return Object.fromEntries(figureNames.map((name) => [name, gap(name)])) as Record<RegressionFigureName, Spread>;
}

/** How differently the predictions of two groups are distributed, labels aside. */
export interface PredictionDistance {
  readonly groups: readonly [string, string];
  readonly kolmogorovSmirnov: KolmogorovSmirnov;
  /** In units of the prediction. */
  readonly wasserstein: Distance;
}

/** The distances between the predictions of every two groups. */
export function predictionDistancesOf({ grid, groups }: ErrorSums): readonly PredictionDistance[] {
  return groups.flatMap((a, i) =>
    groups.slice(i + 1).map((b) => ({
      groups: [a.group, b.group] as const,
      kolmogorovSmirnov: kolmogorovSmirnov(a.counts, b.counts, grid),
      wasserstein: wasserstein(a.counts, b.counts, grid),
    })),
  );
}

/** Who would be selected if a prediction at or above the cut meant so. */
export interface Selections {
  /** The cut on the grid: the one asked for, or the next above. Null when it lies above every bin. */
  readonly cut: number | null;
  /** How many rows lie between the cut asked for and this one at most. */
  readonly moved: number;
  /** k of n rows are selected. */
  readonly groups: readonly { readonly group: string; readonly k: number; readonly n: number }[];
}

/** The rows of each group at or above a cut of the predictions. */
export function selectionsOf({ grid, groups }: ErrorSums, cut: number): Selections {
  const { from, threshold, through } = cutAt(grid, cut);
  const above = ({ counts }: GroupErrors) => counts.subarray(from).reduce((sum, n) => sum + n, 0);
  return {
    cut: threshold,
    moved: through === null ? 0 : groups.reduce((sum, { counts }) => sum + (counts[through] ?? 0), 0),
    groups: groups.map((group) => ({ group: group.group, k: above(group), n: group.n })),
  };
}
