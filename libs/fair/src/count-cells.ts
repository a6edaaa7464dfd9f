import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type ConfusionCounts } from './counts.js';
import { type CellCounts, type Partition, pooledCounts } from './partition.js';

/** An attribute in dictionary form. A missing value is a level of its own (`not stated`), so that nobody is dropped. */
export interface CodedAttribute {
  readonly attribute: string;
  readonly levels: readonly string[];
  /** For each row an index into `levels`. */
  readonly codes: Uint16Array | Uint32Array;
}

export interface CountInput {
  /** What turned out to be true: 1 positive, 0 negative. */
  readonly label: Uint8Array;
  /** What the model decided: 1 positive, 0 negative. */
  readonly decision: Uint8Array;
  readonly groups: readonly CodedAttribute[];
}

export type CountProblem = Problem<'counts.length' | 'counts.not-binary' | 'counts.unknown-code'>;

/**
 * Counts the four outcomes for every group of every attribute. One pass over the rows for each attribute, memory only
 * for the cells.
 *
 * @example
 * countCells({ label, decision, groups: [{ attribute: 'sex', levels: ['Female', 'Male'], codes }] });
 */
export function countCells(input: CountInput): Result<CellCounts, CountProblem> {
  const { label, decision, groups } = input;
  const problem = problemOf(input);
  if (problem) return { ok: false, problem };
  const partitions: Partition[] = [];
  for (const { attribute, levels, codes } of groups) {
    const cells = cellsOf(label, decision, codes, levels.length);
    if (cells.reduce((sum, count) => sum + count, 0) !== codes.length) {
      const row = codes.findIndex((code) => code >= levels.length);
      return refuse('counts.unknown-code', `Row ${row} of "${attribute}" has a code without a level.`, attribute);
    }
    partitions.push({ attribute, groups: groupsOf(attribute, levels, cells) });
  }
  const [first] = partitions;
  const total = first
    ? pooledCounts(first)
    : confusionOf(cellsOf(label, decision, new Uint16Array(label.length), 1), 0);
  return ok({ total, partitions });
}

/**
 * Four cells for each level, in the order tn, fp, fn, tp. A write out of range is ignored by a typed array, so a code
 * without a level shows as a missing row. Holds for fewer than 2^32 rows.
 */
function cellsOf(
  label: Uint8Array,
  decision: Uint8Array,
  codes: Uint16Array | Uint32Array,
  levels: number,
): Uint32Array {
  const cells = new Uint32Array(levels * 4);
  for (let row = 0; row < codes.length; row++) {
    const cell = (codes[row] ?? 0) * 4 + (label[row] ?? 0) * 2 + (decision[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  return cells;
}

function groupsOf(attribute: string, levels: readonly string[], cells: Uint32Array): Partition['groups'] {
  return levels
    .map((group, level) => ({ group, attributes: { [attribute]: group }, counts: confusionOf(cells, level) }))
    .filter(({ counts }) => counts.n > 0)
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

function confusionOf(cells: Uint32Array, level: number): ConfusionCounts {
  const [tn = 0, fp = 0, fn = 0, tp = 0] = cells.subarray(level * 4, level * 4 + 4);
  return { n: tn + fp + fn + tp, tn, fp, fn, tp };
}

function problemOf({ label, decision, groups }: CountInput): CountProblem | undefined {
  const columns: readonly (readonly [string, ArrayLike<number>])[] = [
    ['decision', decision],
    ...groups.map(({ attribute, codes }) => [attribute, codes] as const),
  ];
  for (const [at, column] of columns) {
    if (column.length !== label.length) {
      const detail = `Column "${at}" has ${column.length} rows, the label ${label.length}; give both for the same rows.`;
      return { kind: 'counts.length', detail, at };
    }
  }
  for (const [at, column] of [['label', label] as const, ['decision', decision] as const]) {
    if (!isBinary(column)) {
      const row = column.findIndex((value) => value > 1);
      const detail = `Row ${row} of the ${at} is ${column[row]}; only 0 and 1 are allowed.`;
      return { kind: 'counts.not-binary', detail, at };
    }
  }
  return undefined;
}

/** A plain loop, because a callback for each of ten million rows would cost more than the counting. */
function isBinary(column: Uint8Array): boolean {
  let seen = 0;
  for (let row = 0; row < column.length; row++) seen |= column[row] ?? 0;
  return seen <= 1;
}
