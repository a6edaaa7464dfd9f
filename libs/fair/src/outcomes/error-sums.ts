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
  largestAgreed,
  limbsOf,
  toUnits,
  unitsPerOne,
} from '../fixed-point.js';
import { type BinProblem, binsIn, binsOf, type ScoreGrid, sameGrid } from '../scores/score-grid.js';

/** What a group's predictions of a number and its labels add up to. Whole numbers of units, so that adding is exact. */
export interface GroupErrors {
  readonly group: string;
  readonly n: number;
  /** A power of two; units are 2⁻⁴⁸ of it. */
  readonly bound: number;
  /** Sum of what predictions are too high: max(0, prediction − label). */
  readonly over: Float64Array;
  /** Sum of what predictions are too low: max(0, label − prediction). */
  readonly under: Float64Array;
  readonly label: Float64Array;
  readonly prediction: Float64Array;
  readonly squaredErrors: Float64Array;
  readonly squaredLabels: Float64Array;
  /** Rows in each bin of the grid, by prediction. */
  readonly counts: Float64Array;
}

/** The sums of an attribute's groups, in the order of `compareLevels`; a level without rows does not occur. */
export interface ErrorSums {
  readonly attribute: string;
  /** Where predictions are counted. */
  readonly grid: ScoreGrid;
  readonly bound: number;
  readonly groups: readonly GroupErrors[];
}

export interface ErrorInput {
  readonly label: Float64Array | Float32Array;
  readonly prediction: Float64Array | Float32Array;
  readonly groups: readonly CodedAttribute[];
  readonly grid: ScoreGrid;
  /** No label or prediction is larger than this in magnitude; agreed in advance like the grid. */
  readonly largest: number;
}

export type ErrorProblem =
  | Problem<'errors.length' | 'errors.unknown-code' | 'errors.bound' | 'errors.too-large' | 'errors.different'>
  | BinProblem;

/**
 * Sums errors of predicted numbers for every group of every attribute, and counts the predictions on a grid.
 *
 * @example
 * countErrors({ label, prediction, groups: [{ attribute: 'sex', levels, codes }], grid, largest: 10_000 });
 */
export function countErrors(input: ErrorInput): Result<readonly ErrorSums[], ErrorProblem> {
  const problem = problemOf(input);
  if (problem) return { ok: false, problem };
  const bins = binsOf(input.prediction, input.grid);
  if (!bins.ok) return bins;
  return ok(input.groups.map((attribute) => sumsOf(input, bins.value, attribute)));
}

/** Adds sums of the same attribute on the same grid, for instance of several cities. */
export function addErrors(first: ErrorSums, ...others: readonly ErrorSums[]): Result<ErrorSums, ErrorProblem> {
  const same = (o: ErrorSums) =>
    o.attribute === first.attribute && o.bound === first.bound && sameGrid(o.grid, first.grid);
  const other = others.find((each) => !same(each));
  if (other)
    return refuse('errors.different', 'Only sums of one attribute, grid and bound can be added.', other.attribute);
  const all = [first, ...others].flatMap(({ groups }) => groups);
  const names = [...new Set(all.map(({ group }) => group))].sort(compareLevels);
  const groups = names.map((name) =>
    addGroup(
      name,
      first.bound,
      all.filter(({ group }) => group === name),
    ),
  );
  return ok({ ...first, groups });
}

const sums = {
  over: limbsOf.values,
  under: limbsOf.values,
  label: limbsOf.values,
  prediction: limbsOf.values,
  squaredErrors: limbsOf.squares,
  squaredLabels: limbsOf.squares,
} as const;
const sumNames = Object.keys(sums) as readonly (keyof typeof sums)[];

function eachSum(of: (name: keyof typeof sums) => Float64Array): Record<keyof typeof sums, Float64Array> {
  return Object.fromEntries(sumNames.map((name) => [name, of(name)])) as Record<keyof typeof sums, Float64Array>;
}

function addGroup(group: string, bound: number, parts: readonly GroupErrors[]): GroupErrors {
  return {
    group,
    bound,
    n: parts.reduce((sum, { n }) => sum + n, 0),
    ...eachSum((name) =>
      addLimbs(
        parts.map((part) => part[name]),
        sums[name],
      ),
    ),
    counts: addArrays(parts.map(({ counts }) => counts)),
  };
}

function sumsOf({ label, prediction, grid, largest }: ErrorInput, bins: Uint32Array, of: CodedAttribute): ErrorSums {
  const [bound, width] = [boundFor(largest), binsIn(grid)];
  const perOne = unitsPerOne(bound);
  const counts = new Float64Array(of.levels.length * width);
  const all = eachSum((name) => new Float64Array(of.levels.length * sums[name]));
  for (let row = 0; row < bins.length; row++) {
    const level = of.codes[row] ?? 0;
    const truth = toUnits(label[row] ?? 0, perOne);
    const told = toUnits(prediction[row] ?? 0, perOne);
    const cell = level * width + (bins[row] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
    addValue(told > truth ? all.over : all.under, level * limbsOf.values, Math.abs(told - truth));
    addValue(all.label, level * limbsOf.values, truth);
    addValue(all.prediction, level * limbsOf.values, told);
    addSquare(all.squaredErrors, level * limbsOf.squares, told - truth);
    addSquare(all.squaredLabels, level * limbsOf.squares, truth);
  }
  for (const name of sumNames) carry(all[name], sums[name]);
  const groups = of.levels
    .map((group, level): GroupErrors => {
      const own = counts.slice(level * width, (level + 1) * width);
      const part = eachSum((name) => all[name].slice(level * sums[name], (level + 1) * sums[name]));
      return { group, bound, n: own.reduce((sum, n) => sum + n, 0), ...part, counts: own };
    })
    .filter(({ n }) => n > 0)
    .sort((a, b) => compareLevels(a.group, b.group));
  return { attribute: of.attribute, grid, bound, groups };
}

function problemOf({ label, prediction, groups, largest }: ErrorInput): ErrorProblem | undefined {
  if (!(largest > 0 && largest <= largestAgreed)) {
    return { kind: 'errors.bound', detail: `Agree on a largest number above 0 and up to 2^40, not ${largest}.` };
  }
  const columns = [
    ['prediction', prediction.length] as const,
    ...groups.map((g) => [g.attribute, g.codes.length] as const),
  ];
  const uneven = columns.find(([, length]) => length !== label.length);
  if (uneven) {
    const detail = `Column "${uneven[0]}" has ${uneven[1]} rows, the label ${label.length}; give both for the same rows.`;
    return { kind: 'errors.length', detail, at: uneven[0] };
  }
  for (const [at, column] of [['label', label] as const, ['prediction', prediction] as const]) {
    for (let row = 0; row < column.length; row++) {
      if (Math.abs(column[row] ?? 0) <= largest) continue;
      const detail = `Row ${row} of the ${at} is ${column[row]}; agreed are numbers up to ${largest} in magnitude.`;
      return { kind: 'errors.too-large', detail, at: String(row) };
    }
  }
  for (const { attribute, levels, codes } of groups) {
    for (let row = 0; row < codes.length; row++) {
      if ((codes[row] ?? 0) < levels.length) continue;
      return {
        kind: 'errors.unknown-code',
        detail: `Row ${row} of "${attribute}" has a code without a level.`,
        at: attribute,
      };
    }
  }
  return undefined;
}
