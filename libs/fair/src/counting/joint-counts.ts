import type { Problem } from '@hansa/kernel';
import type { CellWeights, ConfusionCounts } from '../counts.js';
import { notStated } from '../partition.js';

/** An attribute with the levels that occur, in the order of {@link compareLevels}. */
export interface JointAttribute {
  readonly attribute: string;
  readonly levels: readonly string[];
}

/**
 * How many rows have each combination of levels, label and decision: all that an audit of yes-or-no decisions needs.
 * There is one form for each content: levels and combinations are sorted, and those without rows do not occur, so that
 * the same rows give the same bytes however they were ordered or split among tables.
 */
export interface JointCounts {
  readonly attributes: readonly JointAttribute[];
  /** One code for each attribute, combination by combination, ascending. A code is an index into `levels`. */
  readonly codes: Uint32Array;
  /** Rows of each combination: tn, fp, fn, tp. Exact up to 2^53. */
  readonly cells: Float64Array;
  /** Weighted audits: sums of weights and of squared weights, four for each combination as in `cells`. */
  readonly weighted?: JointWeights;
}

/** Sums of weights: what to compute with, and the exact integers that tables are added by. */
export interface JointWeights {
  /** The double nearest to each exact sum. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly exact: ExactSums;
}

/**
 * Sums of weights and of squared weights in units of 2^-90. Each weight, and each square as a double, is rounded down to
 * a whole unit; integers are then added, so that no order of rows or split among tables changes a sum.
 */
export interface ExactSums {
  readonly sums: readonly bigint[];
  readonly squares: readonly bigint[];
}

export type JointProblem = Problem<
  | 'joint.length'
  | 'joint.not-binary'
  | 'joint.unknown-code'
  | 'joint.too-many-levels'
  | 'joint.wrong-weight'
  | 'joint.unknown-attribute'
  | 'joint.repeated-attribute'
  | 'joint.unknown-level'
  | 'joint.other-attributes'
  | 'joint.mixed-weights'
>;

/** One combination of levels with its confusion table. */
export interface JointGroup {
  /** One level for each attribute, in their order. */
  readonly levels: readonly string[];
  readonly counts: ConfusionCounts;
  /** In weighted audits the same table in sums of weights; `n` is the sum of the four. */
  readonly weights?: ConfusionCounts;
  /** And in sums of squared weights. */
  readonly squares?: ConfusionCounts;
}

const numeric = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The order of levels: numbers ascending, then text by code unit, {@link notStated} last. */
export function compareLevels(a: string, b: string): number {
  if (a === b) return 0;
  if (a === notStated || b === notStated) return a === notStated ? 1 : -1;
  const [isNumber, isOther] = [numeric.test(a), numeric.test(b)];
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return (isNumber && Number(a) - Number(b)) || (a < b ? -1 : 1);
}

/** How many combinations occur. */
export function combinationsOf(joint: JointCounts): number {
  return joint.cells.length / 4;
}

/**
 * The confusion table of every combination, in the order of their codes.
 *
 * @example
 * groupsOf(must(marginal(joint, ['sex'])))[0]; // { levels: ['Female'], counts: { n: 1395, tn: 609, … } }
 */
export function groupsOf(joint: JointCounts): readonly JointGroup[] {
  const width = joint.attributes.length;
  return Array.from({ length: combinationsOf(joint) }, (_, i) => {
    const levels = joint.attributes.map(({ levels }, k) => levels[joint.codes[i * width + k] ?? 0] ?? notStated);
    const weights = joint.weighted && {
      weights: tableOf(joint.weighted.sums, i),
      squares: tableOf(joint.weighted.squares, i),
    };
    return { levels, counts: tableOf(joint.cells, i), ...weights };
  });
}

/** The confusion table of all rows. */
export function totalOf(joint: JointCounts): ConfusionCounts {
  const total = new Float64Array(4);
  for (let i = 0; i < joint.cells.length; i++) total[i & 3] = (total[i & 3] ?? 0) + (joint.cells[i] ?? 0);
  return tableOf(total, 0);
}

/** The sums of weights and of squared weights of a combination; absent where nothing was weighted. */
export function weightsOf({ weights, squares }: Pick<JointGroup, 'weights' | 'squares'>): CellWeights | undefined {
  return weights && squares && { sums: weights, squares };
}

function tableOf(cells: Float64Array, combination: number): ConfusionCounts {
  const [tn = 0, fp = 0, fn = 0, tp = 0] = cells.subarray(combination * 4, combination * 4 + 4);
  return { n: tn + fp + fn + tp, tn, fp, fn, tp };
}
