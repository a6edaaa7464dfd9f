import { ok, type Result, refuse } from '@hansa/kernel';
import { assemble, type RawCounts } from './assemble.js';
import type { CodedAttribute } from './coded-attribute.js';
import type { ExactSums, JointCounts, JointProblem } from './joint-counts.js';
import type { JointRows } from './joint-rows.js';
import { countPacked } from './packed-count.js';
import { blockRows, RowKeys } from './row-keys.js';
import { Tally } from './tally.js';
import { ExactAdder, maxWeight } from './weights.js';

/** More levels would not leave a pair of a combination and a code exact in a double. */
const maxLevels = 2 ** 21;

/**
 * Counts rows by combination of levels, label and decision, in one pass and with memory only for the combinations.
 * Rows are numbered from 1 in problems.
 *
 * @example
 * countJoint({ label, decision, attributes: [{ attribute: 'sex', levels: ['Female', 'Male'], codes }] });
 */
export function countJoint(rows: JointRows): Result<JointCounts, JointProblem> {
  const problem = shapeProblem(rows);
  if (problem) return problem;
  const { attributes, weights } = rows;
  const keys = new RowKeys(attributes);
  const packed = countPacked(rows);
  const counted = packed ? ok(packed) : countBlocks(rows, keys);
  if (!counted.ok) return counted;
  const cells = counted.value;
  const exact = weights && sumWeights(keys, rows, weights, cells.length);
  return ok(assemble(pickUsed(attributes, keys, cells, exact)));
}

/** Counts rows of any number of combinations, and says which row is wrong. */
function countBlocks(rows: JointRows, keys: RowKeys): Result<Float64Array, JointProblem> {
  const { label, decision, attributes } = rows;
  const tally = new Tally(keys.size);
  for (let start = 0; start < label.length; start += blockRows) {
    const end = Math.min(start + blockRows, label.length);
    const wrong = keys.number(start, end - start);
    if (wrong >= 0) return unknownCode(attributes[wrong]);
    tally.add(keys.keys, label.subarray(start, end), decision.subarray(start, end), keys.size);
    if (tally.seen > 1) return notBinary(rows);
  }
  return ok(tally.finish());
}

/** Leaves out the places of combinations that do not occur, which are many when each had its place beforehand. */
function pickUsed(
  attributes: readonly CodedAttribute[],
  keys: RowKeys,
  cells: Float64Array,
  exact: ExactSums | undefined,
): RawCounts {
  const used: number[] = [];
  for (let at = 0; at < cells.length; at += 4)
    if (cells[at] || cells[at + 1] || cells[at + 2] || cells[at + 3]) used.push(at / 4);
  const codes = new Uint32Array(used.length * attributes.length);
  const own = new Float64Array(used.length * 4);
  used.forEach((key, i) => {
    codes.set(keys.codesOf(key), i * attributes.length);
    own.set(cells.subarray(key * 4, key * 4 + 4), i * 4);
  });
  const pick = (sums: readonly bigint[]) => used.flatMap((key) => sums.slice(key * 4, key * 4 + 4));
  return { attributes, codes, cells: own, exact: exact && { sums: pick(exact.sums), squares: pick(exact.squares) } };
}

/** A second pass; a pair of a combination and a code that was met before keeps its number. */
function sumWeights(keys: RowKeys, { label, decision }: JointRows, weights: Float64Array, cells: number): ExactSums {
  const [sums, squares] = [new ExactAdder(cells), new ExactAdder(cells)];
  for (let start = 0; start < weights.length; start += blockRows) {
    const count = Math.min(blockRows, weights.length - start);
    keys.number(start, count);
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const cell = (keys.keys[i] ?? 0) * 4 + (label[row] ?? 0) * 2 + (decision[row] ?? 0);
      const weight = weights[row] ?? 0;
      sums.add(cell, weight);
      squares.add(cell, weight * weight);
    }
  }
  return { sums: sums.finish(), squares: squares.finish() };
}

function shapeProblem({ label, decision, attributes, weights }: JointRows): Result<never, JointProblem> | undefined {
  const columns: readonly (readonly [string, ArrayLike<number>])[] = [
    ['decision', decision],
    ...attributes.map(({ attribute, codes }) => [attribute, codes] as const),
    ...(weights ? [['weight', weights] as const] : []),
  ];
  for (const [at, column] of columns)
    if (column.length !== label.length)
      return refuse(
        'joint.length',
        `Column "${at}" has ${column.length} rows, the label ${label.length}; give both for the same rows.`,
        at,
      );
  const names = attributes.map(({ attribute }) => attribute);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined)
    return refuse('joint.repeated-attribute', `The attribute "${repeated}" is given twice.`, repeated);
  const wide = attributes.find(({ levels }) => levels.length > maxLevels);
  if (wide)
    return refuse('joint.too-many-levels', `"${wide.attribute}" has more than ${maxLevels} levels.`, wide.attribute);
  const row = weights ? weights.findIndex((weight) => !(weight >= 0 && weight <= maxWeight)) : -1;
  if (row < 0) return undefined;
  const detail = `The weight of row ${row + 1} is ${weights?.[row]}; weights are numbers from 0 to ${maxWeight}.`;
  return refuse('joint.wrong-weight', detail, 'weight');
}

function unknownCode(wrong: CodedAttribute | undefined): Result<never, JointProblem> {
  const { attribute, levels, codes } = wrong ?? { attribute: '', levels: [], codes: new Uint16Array(0) };
  const row = codes.findIndex((code) => code >= levels.length);
  return refuse('joint.unknown-code', `Row ${row + 1} of "${attribute}" has a code without a level.`, attribute);
}

function notBinary({ label, decision }: JointRows): Result<never, JointProblem> {
  const at = label.some((value) => value > 1) ? 'label' : 'decision';
  const column = at === 'label' ? label : decision;
  const row = column.findIndex((value) => value > 1);
  return refuse('joint.not-binary', `Row ${row + 1} of the ${at} is ${column[row]}; only 0 and 1 are allowed.`, at);
}
