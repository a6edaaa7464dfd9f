import { compareLevels, type ExactSums, type JointAttribute, type JointCounts } from './joint-counts.js';
import { nearestDoubles } from './weights.js';

/** Counts in any order: combinations may repeat, levels may be unused or twice there. */
export interface RawCounts {
  readonly attributes: readonly JointAttribute[];
  /** Row-major, one for each attribute. */
  readonly codes: Uint32Array;
  /** Four for each combination; the number of combinations is told by them. */
  readonly cells: Float64Array;
  readonly exact?: ExactSums | undefined;
}

/** Brings counts into their one form. Integers are added, so that the order of combinations does not matter. */
export function assemble(raw: RawCounts): JointCounts {
  const width = raw.attributes.length;
  const used = usedCombinations(raw.cells);
  const columns = raw.attributes.map((attribute, k) => sortLevels(attribute, raw.codes, used, width, k));
  const codes = new Uint32Array(used.length * width);
  used.forEach((from, i) => {
    for (const [k, { rank }] of columns.entries()) codes[i * width + k] = rank[raw.codes[from * width + k] ?? 0] ?? 0;
  });
  const order = Uint32Array.from(used.keys()).sort((a, b) => compareCodes(codes, width, a, b));
  const starts: number[] = [];
  const target = new Uint32Array(used.length);
  for (const [i, at] of order.entries()) {
    const last = order[i - 1];
    if (last === undefined || compareCodes(codes, width, last, at) !== 0) starts.push(at);
    target[at] = starts.length - 1;
  }
  const ownCodes = new Uint32Array(starts.length * width);
  starts.forEach((at, i) => {
    ownCodes.set(codes.subarray(at * width, (at + 1) * width), i * width);
  });
  const cells = new Float64Array(starts.length * 4);
  used.forEach((from, i) => {
    const to = target[i] ?? 0;
    for (let cell = 0; cell < 4; cell++)
      cells[to * 4 + cell] = (cells[to * 4 + cell] ?? 0) + (raw.cells[from * 4 + cell] ?? 0);
  });
  const attributes = columns.map(({ attribute, levels }) => ({ attribute, levels }));
  const exact = raw.exact && addExact(raw.exact, used, target, starts.length);
  return { attributes, codes: ownCodes, cells, ...(exact && { weighted: { ...nearestDoubles(exact), exact } }) };
}

/** Combinations that have a row. */
function usedCombinations(cells: Float64Array): Uint32Array {
  const used: number[] = [];
  for (let at = 0; at < cells.length; at += 4)
    if (cells[at] || cells[at + 1] || cells[at + 2] || cells[at + 3]) used.push(at / 4);
  return Uint32Array.from(used);
}

/** The levels that occur, sorted, and for each old code its new one. */
function sortLevels(
  { attribute, levels }: JointAttribute,
  codes: Uint32Array,
  used: Uint32Array,
  width: number,
  k: number,
): { readonly attribute: string; readonly levels: readonly string[]; readonly rank: Uint32Array } {
  const occurs = new Uint8Array(levels.length);
  for (const at of used) occurs[codes[at * width + k] ?? 0] = 1;
  const sorted = [...new Set(levels.filter((_, code) => occurs[code]))].sort(compareLevels);
  const places = new Map(sorted.map((level, i) => [level, i]));
  return { attribute, levels: sorted, rank: Uint32Array.from(levels, (level) => places.get(level) ?? 0) };
}

function addExact(exact: ExactSums, used: Uint32Array, target: Uint32Array, combinations: number): ExactSums {
  const add = (from: readonly bigint[]) => {
    const sums = new Array<bigint>(combinations * 4).fill(0n);
    used.forEach((at, i) => {
      const to = (target[i] ?? 0) * 4;
      for (let cell = 0; cell < 4; cell++) sums[to + cell] = (sums[to + cell] ?? 0n) + (from[at * 4 + cell] ?? 0n);
    });
    return sums;
  };
  return { sums: add(exact.sums), squares: add(exact.squares) };
}

function compareCodes(codes: Uint32Array, width: number, a: number, b: number): number {
  for (let k = 0; k < width; k++) {
    const difference = (codes[a * width + k] ?? 0) - (codes[b * width + k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
