import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { compareLevels } from '../counting/joint-counts.js';
import type { Figure } from '../figure.js';
import {
  chiSquareDistance,
  type Distance,
  jensenShannon,
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  populationStability,
  wasserstein,
} from './drift.js';
import { binsIn, sameGrid } from './score-grid.js';
import { binCounts, type ScoreHistogram } from './score-histogram.js';

/** How far the scores of one group have moved. */
export interface GroupDrift {
  readonly group: string;
  /** Rows before and after. */
  readonly before: number;
  readonly after: number;
  readonly populationStability: Figure;
  /** In bits. */
  readonly jensenShannon: Figure;
  readonly chiSquare: Figure;
  readonly kolmogorovSmirnov: KolmogorovSmirnov;
  readonly wasserstein: Distance;
}

/** How far the scores of an attribute's groups have moved. */
export interface HistogramDrift {
  readonly attribute: string;
  /** What was added to every bin of both sides for the population stability index. */
  readonly pseudoCount: number;
  /** Groups of either side, in the order of `compareLevels`; one that is missing on a side has undefined figures. */
  readonly groups: readonly GroupDrift[];
}

/**
 * Compares the scores of every group at two times, whatever the labels: those of the audit with those of today.
 *
 * @returns refuses histograms of different attributes or on different grids.
 * @example
 * histogramDriftOf(audited, today).value.groups[0].populationStability; // { state: 'value', value: 0.08 }
 */
export function histogramDriftOf(
  before: ScoreHistogram,
  after: ScoreHistogram,
  pseudoCount = 0.5,
): Result<HistogramDrift, Problem<'scores.different-grids'>> {
  const { attribute, grid } = before;
  if (attribute !== after.attribute || !sameGrid(grid, after.grid)) {
    return refuse('scores.different-grids', 'Only histograms of one attribute on one grid can be compared.', attribute);
  }
  const countsIn = ({ groups }: ScoreHistogram, name: string): Float64Array => {
    const found = groups.find(({ group }) => group === name);
    return found ? binCounts(found) : new Float64Array(binsIn(grid));
  };
  const names = [...new Set([...before.groups, ...after.groups].map(({ group }) => group))].sort(compareLevels);
  const groups = names.map((group): GroupDrift => {
    const [b, a] = [countsIn(before, group), countsIn(after, group)];
    return {
      group,
      before: b.reduce((sum, count) => sum + count, 0),
      after: a.reduce((sum, count) => sum + count, 0),
      populationStability: populationStability(b, a, pseudoCount),
      jensenShannon: jensenShannon(b, a),
      chiSquare: chiSquareDistance(b, a),
      kolmogorovSmirnov: kolmogorovSmirnov(b, a, grid),
      wasserstein: wasserstein(b, a, grid),
    };
  });
  return ok({ attribute, pseudoCount, groups });
}
