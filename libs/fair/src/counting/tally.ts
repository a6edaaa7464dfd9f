/** Several histograms side by side pay off as long as all of them stay in a cache. */
const maxSideBySide = 2 ** 12;
const sides = 4;

/**
 * Counts of four cells (tn, fp, fn, tp) for each combination, that may become more while it counts. Holds for fewer
 * than 2^32 rows, since a count has 32 bits while rows pass.
 */
export class Tally {
  #counts: Uint32Array;
  #size: number;
  #sides: number;
  /** All labels and decisions so far, joined bit by bit: above 1 when one of them was. */
  seen = 0;

  constructor(combinations: number) {
    this.#size = Math.max(combinations, 1) * 4;
    this.#sides = this.#size <= maxSideBySide ? sides : 1;
    this.#counts = new Uint32Array(this.#size * this.#sides);
  }

  /** Counts a block of rows; their keys are below `combinations`. */
  add(keys: Uint32Array, label: Uint8Array, decision: Uint8Array, combinations: number): void {
    if (combinations * 4 > this.#size) this.#grow(combinations * 4);
    const beside = this.#sides === sides ? label.length - (label.length % sides) : 0;
    this.seen |= countBeside(this.#counts, this.#size, keys, label, decision, beside);
    this.seen |= countOne(this.#counts, keys, label, decision, beside);
  }

  finish(): Float64Array {
    const cells = new Float64Array(this.#size);
    for (let i = 0; i < this.#counts.length; i++)
      cells[i % this.#size] = (cells[i % this.#size] ?? 0) + (this.#counts[i] ?? 0);
    return cells;
  }

  #grow(size: number): void {
    const so = this.finish();
    this.#size = Math.max(size, this.#size * 2);
    this.#sides = 1;
    this.#counts = new Uint32Array(this.#size);
    this.#counts.set(so);
  }
}

/** Four rows at a time, each into its own histogram, so that equal neighbours do not wait for one another. */
function countBeside(
  counts: Uint32Array,
  size: number,
  keys: Uint32Array,
  label: Uint8Array,
  decision: Uint8Array,
  end: number,
): number {
  const [second, third, fourth] = [size, size * 2, size * 3];
  let seen = 0;
  for (let i = 0; i < end; i += 4) {
    const y0 = label[i] ?? 0;
    const y1 = label[i + 1] ?? 0;
    const y2 = label[i + 2] ?? 0;
    const y3 = label[i + 3] ?? 0;
    const d0 = decision[i] ?? 0;
    const d1 = decision[i + 1] ?? 0;
    const d2 = decision[i + 2] ?? 0;
    const d3 = decision[i + 3] ?? 0;
    seen |= y0 | y1 | y2 | y3 | d0 | d1 | d2 | d3;
    const a = (keys[i] ?? 0) * 4 + y0 * 2 + d0;
    const b = second + (keys[i + 1] ?? 0) * 4 + y1 * 2 + d1;
    const c = third + (keys[i + 2] ?? 0) * 4 + y2 * 2 + d2;
    const d = fourth + (keys[i + 3] ?? 0) * 4 + y3 * 2 + d3;
    counts[a] = (counts[a] ?? 0) + 1;
    counts[b] = (counts[b] ?? 0) + 1;
    counts[c] = (counts[c] ?? 0) + 1;
    counts[d] = (counts[d] ?? 0) + 1;
  }
  return seen;
}

function countOne(
  counts: Uint32Array,
  keys: Uint32Array,
  label: Uint8Array,
  decision: Uint8Array,
  start: number,
): number {
  let seen = 0;
  for (let i = start; i < label.length; i++) {
    const y = label[i] ?? 0;
    const d = decision[i] ?? 0;
    seen |= y | d;
    const cell = (keys[i] ?? 0) * 4 + y * 2 + d;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return seen;
}
