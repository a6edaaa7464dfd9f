import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { CodedAttribute } from '../counting/coded-attribute.js';
import { compareLevels } from '../counting/joint-counts.js';
import {
  addArrays,
  addLimbs,
  addSquare,
  addValue,
  boundFor,
  carry,
  limbsOf,
  toUnits,
  unitsPerOne,
} from '../fixed-point.js';
import { type BinProblem, binsIn, binsOf, rangeOf, type ScoreGrid, sameGrid } from './score-grid.js';

/** The scores of the rows with one label, counted. Everything is a whole number, so adding is exact in any order. */
export interface LabelScores {
  readonly n: number;
  /** Rows in each bin of the grid. */
  readonly counts: Float64Array;
  /** The sum of the scores in each bin, two limbs a bin (see `sumFrom` of fixed-point). */
  readonly sums: Float64Array;
  /** The sum of all squared scores, four limbs. */
  readonly squares: Float64Array;
}

/** The scores of one group, by what turned out to be true. */
export interface GroupScores {
  readonly group: string;
  readonly negative: LabelScores;
  readonly positive: LabelScores;
}

/** The scores of every group of an attribute on a grid: no row is kept, and tables of several cities may be added. */
export interface ScoreHistogram {
  readonly attribute: string;
  readonly grid: ScoreGrid;
  /** In the order of `compareLevels`; a level without rows does not occur. */
  readonly groups: readonly GroupScores[];
}

export interface ScoreInput {
  /** What turned out to be true: 1 positive, 0 negative. */
  readonly label: Uint8Array;
  readonly score: Float64Array | Float32Array;
  readonly groups: readonly CodedAttribute[];
  readonly grid: ScoreGrid;
}

export type ScoreProblem =
  | Problem<'scores.length' | 'scores.not-binary' | 'scores.unknown-code' | 'scores.different-grids'>
  | BinProblem;

/**
 * Counts scores by group and label on a grid. One pass over the rows for the bins and one for each attribute.
 *
 * @returns one histogram for each attribute. Refuses what has no score, or a score outside the grid, naming the row.
 * @example
 * const grid = equalWidthGrid(0, 1, 1000);
 * countScores({ label, score, groups: [{ attribute: 'sex', levels: ['Female', 'Male'], codes }], grid: grid.value });
 */
export function countScores(input: ScoreInput): Result<readonly ScoreHistogram[], ScoreProblem> {
  const problem = problemOf(input);
  if (problem) return { ok: false, problem };
  const bins = binsOf(input.score, input.grid);
  if (!bins.ok) return bins;
  return ok(input.groups.map((attribute) => histogramOf(input, bins.value, attribute)));
}

/**
 * Adds histograms of the same attribute, for instance of several cities. The sum of the parts of a data set is the
 * histogram of the whole, bit for bit.
 */
export function addHistograms(
  first: ScoreHistogram,
  ...others: readonly ScoreHistogram[]
): Result<ScoreHistogram, ScoreProblem> {
  const all = [first, ...others];
  const other = all.find(({ grid, attribute }) => attribute !== first.attribute || !sameGrid(grid, first.grid));
  if (other) {
    const detail = `Only histograms of one attribute on one grid can be added; "${other.attribute}" has another grid or name.`;
    return refuse('scores.different-grids', detail, other.attribute);
  }
  const names = [...new Set(all.flatMap(({ groups }) => groups.map(({ group }) => group)))].sort(compareLevels);
  const groups = names.map((name) => {
    const parts = all.flatMap((h) => h.groups.filter(({ group }) => group === name));
    return addGroups(name, parts);
  });
  return ok({ attribute: first.attribute, grid: first.grid, groups });
}

/** Several groups as one, under a new name: everybody, or everybody else. At least one group. */
export function addGroups(name: string, groups: readonly GroupScores[]): GroupScores {
  if (groups.length === 0) throw new RangeError('there is no group to add');
  return {
    group: name,
    negative: addLabels(groups.map((g) => g.negative)),
    positive: addLabels(groups.map((g) => g.positive)),
  };
}

/** Rows in each bin, whatever their label. */
export function binCounts(group: GroupScores): Float64Array {
  return addArrays([group.negative.counts, group.positive.counts]);
}

/** Every value is summed in units of this bound. */
export function boundOf(grid: ScoreGrid): number {
  const { lower, upper } = rangeOf(grid);
  return boundFor(Math.max(Math.abs(lower), Math.abs(upper)));
}

function addLabels(all: readonly LabelScores[]): LabelScores {
  return {
    n: all.reduce((sum, { n }) => sum + n, 0),
    counts: addArrays(all.map(({ counts }) => counts)),
    sums: addLimbs(
      all.map(({ sums }) => sums),
      limbsOf.values,
    ),
    squares: addLimbs(
      all.map(({ squares }) => squares),
      limbsOf.squares,
    ),
  };
}

/** Cells lie in the order level, label, bin. */
function histogramOf({ label, score, grid }: ScoreInput, bins: Uint32Array, of: CodedAttribute): ScoreHistogram {
  const width = binsIn(grid);
  const perOne = unitsPerOne(boundOf(grid));
  const strata = of.levels.length * 2;
  const counts = new Float64Array(strata * width);
  const sums = new Float64Array(strata * width * limbsOf.values);
  const squares = new Float64Array(strata * limbsOf.squares);
  for (let row = 0; row < bins.length; row++) {
    const stratum = (of.codes[row] ?? 0) * 2 + (label[row] ?? 0);
    const cell = stratum * width + (bins[row] ?? 0);
    const units = toUnits(score[row] ?? 0, perOne);
    counts[cell] = (counts[cell] ?? 0) + 1;
    addValue(sums, cell * limbsOf.values, units);
    addSquare(squares, stratum * limbsOf.squares, units);
  }
  carry(sums, limbsOf.values);
  carry(squares, limbsOf.squares);
  const labelled = (stratum: number): LabelScores => {
    const own = counts.slice(stratum * width, (stratum + 1) * width);
    return {
      n: own.reduce((sum, count) => sum + count, 0),
      counts: own,
      sums: sums.slice(stratum * width * limbsOf.values, (stratum + 1) * width * limbsOf.values),
      squares: squares.slice(stratum * limbsOf.squares, (stratum + 1) * limbsOf.squares),
    };
  };
  const groups = of.levels
    .map((group, level) => ({ group, negative: labelled(level * 2), positive: labelled(level * 2 + 1) }))
    .filter(({ negative, positive }) => negative.n + positive.n > 0)
    .sort((a, b) => compareLevels(a.group, b.group));
  return { attribute: of.attribute, grid, groups };
}

function problemOf({ label, score, groups }: ScoreInput): ScoreProblem | undefined {
  const columns = [['score', score.length] as const, ...groups.map((g) => [g.attribute, g.codes.length] as const)];
  const uneven = columns.find(([, length]) => length !== label.length);
  if (uneven) {
    const detail = `Column "${uneven[0]}" has ${uneven[1]} rows, the label ${label.length}; give both for the same rows.`;
    return { kind: 'scores.length', detail, at: uneven[0] };
  }
  const odd = firstAbove(label, 1);
  if (odd >= 0) {
    const detail = `Row ${odd} of the label is ${label[odd]}; only 0 and 1 are allowed.`;
    return { kind: 'scores.not-binary', detail, at: 'label' };
  }
  for (const { attribute, levels, codes } of groups) {
    const row = firstAbove(codes, levels.length - 1);
    if (row < 0) continue;
    return {
      kind: 'scores.unknown-code',
      detail: `Row ${row} of "${attribute}" has a code without a level.`,
      at: attribute,
    };
  }
  return undefined;
}

/** A plain loop, because a callback for each of ten million rows would cost more than the counting. */
function firstAbove(column: Uint8Array | Uint16Array | Uint32Array, most: number): number {
  for (let row = 0; row < column.length; row++) if ((column[row] ?? 0) > most) return row;
  return -1;
}
