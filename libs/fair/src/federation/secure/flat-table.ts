import { ok, type Result, refuse } from '@hansa/kernel';
import { jointCounts, marginal } from '../../counting/joint-algebra.js';
import { combinationsOf, type JointAttribute, type JointCounts } from '../../counting/joint-counts.js';
import { combinationsOfTerms, type SecureProblem } from './secure-terms.js';

const most = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A city's counts as one number for each agreed combination of levels and each of tn, fp, fn, tp, in an order that
 * depends on what was agreed alone: the last column's levels change fastest. Combinations without rows are 0.
 */
export function flatTable(
  joint: JointCounts,
  columns: readonly JointAttribute[],
): Result<BigUint64Array, SecureProblem> {
  if (joint.weighted)
    return refuse('secure.weighted', 'A secure sum adds rows, not weights: leave out the column of weights.');
  const names = columns.map(({ attribute }) => attribute);
  const table = marginal(joint, names);
  if (!table.ok) return table;
  const own = table.value;
  const places = own.attributes.map(({ levels }, k) => levels.map((level) => columns[k]?.levels.indexOf(level) ?? -1));
  const strange = places.findIndex((codes) => codes.includes(-1));
  if (strange >= 0) {
    const level = own.attributes[strange]?.levels[places[strange]?.indexOf(-1) ?? 0];
    return refuse('secure.other-level', `"${names[strange]}" has ${JSON.stringify(level)}, which no one agreed on.`);
  }
  const words = new BigUint64Array(combinationsOfTerms({ columns }) * 4);
  let rows = 0n;
  for (let i = 0; i < combinationsOf(own); i++) {
    const at = columns.reduce(
      (sum, { levels }, k) => sum * levels.length + (places[k]?.[own.codes[i * columns.length + k] ?? 0] ?? 0),
      0,
    );
    for (let cell = 0; cell < 4; cell++) {
      const count = own.cells[i * 4 + cell] ?? 0;
      if (!Number.isSafeInteger(count) || count < 0) return tooLarge();
      words[at * 4 + cell] = BigInt(count);
      rows += BigInt(count);
    }
  }
  return rows > most ? tooLarge() : ok(words);
}

/** Summed numbers as counts again, without the combinations and levels that no row has. */
export function tableOfWords(
  words: BigUint64Array,
  columns: readonly JointAttribute[],
): Result<JointCounts, SecureProblem> {
  const used: number[] = [];
  let rows = 0n;
  for (const [at, word] of words.entries()) {
    if (word > 0n) used.push(at);
    rows += word;
  }
  if (rows > most) return tooLarge();
  return jointCounts({
    attributes: columns.map(({ attribute, levels: values }) => ({ attribute, values })),
    codes: Uint32Array.from(used.flatMap((at) => codesOf(Math.floor(at / 4), columns))),
    label: Uint8Array.from(used, (at) => (at >> 1) & 1),
    decision: Uint8Array.from(used, (at) => at & 1),
    rows: Float64Array.from(used, (at) => Number(words[at] ?? 0n)),
  });
}

function codesOf(combination: number, columns: readonly JointAttribute[]): readonly number[] {
  let left = combination;
  const reversed = [...columns].reverse().map(({ levels }) => {
    const code = left % levels.length;
    left = Math.floor(left / levels.length);
    return code;
  });
  return reversed.reverse();
}

function tooLarge() {
  return refuse('secure.too-large', 'All rows together must be less than 2^53, and each number a whole one from 0.');
}
