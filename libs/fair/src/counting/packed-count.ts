import type { JointRows } from './count-joint.js';

/** Up to so many combinations, the cell of a row (combination, label and decision) fits in a byte. */
const maxPacked = 64;

/** A multiple of four. So many rows are worked on together that their bytes stay in the processor's nearest cache. */
const blockRows = 4_096;

/** The lowest and the highest bit of each of four bytes. */
const ones = 0x01010101;
const highs = 0x80808080 | 0;

/** A column of one block, as bytes to write and as words of four bytes to compute with. */
class Bytes {
  // Clamped: a code beyond a byte becomes 255, which is beyond every level too.
  readonly bytes = new Uint8ClampedArray(blockRows);
  readonly words = new Int32Array(this.bytes.buffer);

  take(column: JointRows['label'] | JointRows['attributes'][number]['codes'], start: number, end: number): Int32Array {
    this.bytes.set(column.subarray(start, end));
    return this.words;
  }
}

/**
 * Counts rows that have few combinations, four rows at a time in the bytes of one word, in about a third of the time
 * that a row at a time takes.
 *
 * @returns four cells for each combination, or null where that does not work: for more combinations, or when a code, a
 *   label or a decision is not one that there may be. Holds for fewer than 2^32 rows.
 */
export function countPacked({ label, decision, attributes }: JointRows): Float64Array | null {
  const levels = attributes.map((attribute) => attribute.levels.length);
  const combinations = levels.reduce((all, count) => all * count, 1);
  if (combinations < 1 || combinations > maxPacked) return null;
  const counts = new Uint32Array(4 * 256);
  const keys = new Int32Array(blockRows / 4);
  const [code, truth, decided] = [new Bytes(), new Bytes(), new Bytes()];
  const whole = label.length - (label.length % 4);
  let wrong = 0;
  for (let start = 0; start < whole; start += blockRows) {
    const end = Math.min(start + blockRows, whole);
    const words = (end - start) / 4;
    keys.fill(0, 0, words);
    for (let k = 0; k < attributes.length; k++) {
      const codes = attributes[k]?.codes;
      if (codes) wrong |= appendCodes(keys, code.take(codes, start, end), words, levels[k] ?? 0);
    }
    wrong |= tally(counts, keys, truth.take(label, start, end), decided.take(decision, start, end), words);
    if (wrong !== 0) return null;
  }
  const cells = new Float64Array(combinations * 4);
  for (let i = 0; i < counts.length; i++) cells[i % 256] = (cells[i % 256] ?? 0) + (counts[i] ?? 0);
  for (let row = whole; row < label.length; row++) {
    const cell = cellOf({ label, decision, attributes }, row);
    if (cell < 0) return null;
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  return cells;
}

/** @returns not 0 when a code is not below `levels`; a byte below 128 plus 128 − levels has its highest bit then */
function appendCodes(keys: Int32Array, codes: Int32Array, words: number, levels: number): number {
  const up = Math.imul(ones, 128 - levels);
  let wrong = 0;
  for (let i = 0; i < words; i++) {
    const four = codes[i] ?? 0;
    wrong |= four | (four + up);
    keys[i] = Math.imul(keys[i] ?? 0, levels) + four;
  }
  return wrong & highs;
}

/**
 * Counts each byte of a word in a histogram of its own, so that equal neighbours do not wait for one another.
 *
 * @returns not 0 when a label or a decision is neither 0 nor 1
 */
function tally(counts: Uint32Array, keys: Int32Array, label: Int32Array, decision: Int32Array, words: number): number {
  let seen = 0;
  for (let i = 0; i < words; i++) {
    const [truths, decisions] = [label[i] ?? 0, decision[i] ?? 0];
    seen |= truths | decisions;
    const cells = ((keys[i] ?? 0) << 2) + (truths << 1) + decisions;
    const a = cells & 255;
    const b = 256 + ((cells >>> 8) & 255);
    const c = 512 + ((cells >>> 16) & 255);
    const d = 768 + (cells >>> 24);
    counts[a] = (counts[a] ?? 0) + 1;
    counts[b] = (counts[b] ?? 0) + 1;
    counts[c] = (counts[c] ?? 0) + 1;
    counts[d] = (counts[d] ?? 0) + 1;
  }
  return seen & ~ones;
}

/** The cell of one row, or −1. */
function cellOf({ label, decision, attributes }: JointRows, row: number): number {
  let key = 0;
  for (const { codes, levels } of attributes) {
    const code = codes[row] ?? 0;
    if (code >= levels.length) return -1;
    key = key * levels.length + code;
  }
  const [truth, decided] = [label[row] ?? 0, decision[row] ?? 0];
  return truth > 1 || decided > 1 ? -1 : key * 4 + truth * 2 + decided;
}
