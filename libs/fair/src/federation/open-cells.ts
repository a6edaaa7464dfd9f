import type { Combinations } from '../counting/joint-algebra.js';
import { combinationsOf, type JointCounts } from '../counting/joint-counts.js';

/** Rows by what was true and decided: tn, fp, fn, tp. */
export type OpenCells = readonly [tn: number, fp: number, fn: number, tp: number];

/** Combinations of levels with their rows, as a document holds them. */
export interface OpenCombinations {
  /** For each combination one index into the levels of each column; ascending, none twice. */
  readonly codes: readonly (readonly number[])[];
  readonly cells: readonly OpenCells[];
}

/** Joint counts in the form of a document. */
export function openCombinations(joint: JointCounts): OpenCombinations {
  const width = joint.attributes.length;
  const combinations = Array.from({ length: combinationsOf(joint) }, (_, i) => i);
  return {
    codes: combinations.map((i) => Array.from(joint.codes.subarray(i * width, (i + 1) * width))),
    cells: combinations.map((i) => {
      const [tn = 0, fp = 0, fn = 0, tp = 0] = joint.cells.subarray(i * 4, i * 4 + 4);
      return [tn, fp, fn, tp];
    }),
  };
}

/** The way back: each cell of a document as a combination of its own. */
export function combinationsIn({ codes, cells }: OpenCombinations): Omit<Combinations, 'attributes' | 'weights'> {
  return {
    codes: Uint32Array.from(codes.flatMap((own) => [0, 1, 2, 3].flatMap(() => own))),
    label: Uint8Array.from(codes.flatMap(() => [0, 0, 1, 1])),
    decision: Uint8Array.from(codes.flatMap(() => [0, 1, 0, 1])),
    rows: Float64Array.from(cells.flat()),
  };
}
