import type { CodedAttribute } from './coded-attribute.js';
import { PairNumbers } from './pair-numbers.js';

/** So many rows are worked on together that their keys stay in the processor's nearest cache. */
export const blockRows = 4_096;

/** Up to so many combinations each have a place of their own; beyond, places are found by hashing. */
const maxDirect = 2 ** 20;

/**
 * Gives rows, block by block, the number of their combination. Codes of any width are first copied into one buffer,
 * because a loop over one kind of array is compiled to much faster code than a loop over several kinds.
 */
export class RowKeys {
  readonly #columns: readonly CodedAttribute['codes'][];
  readonly #levels: readonly number[];
  /** For each attribute after the first; none when every combination has its number beforehand. */
  readonly #pairs: readonly PairNumbers[] | undefined;
  readonly #codes = new Uint32Array(blockRows);
  /** Of the block that was numbered last. */
  readonly keys = new Uint32Array(blockRows);

  constructor(attributes: readonly CodedAttribute[]) {
    this.#columns = attributes.map(({ codes }) => codes);
    this.#levels = attributes.map(({ levels }) => levels.length);
    const isDirect = product(this.#levels) <= maxDirect;
    this.#pairs = isDirect ? undefined : this.#levels.slice(1).map((levels) => new PairNumbers(levels));
  }

  /** Every number so far is below this. */
  get size(): number {
    return this.#pairs ? (this.#pairs.at(-1)?.size ?? this.#levels[0] ?? 1) : product(this.#levels);
  }

  /**
   * Numbers the `count` rows from `start`.
   *
   * @returns the place of an attribute in which one of them has a code without a level, else -1
   */
  number(start: number, count: number): number {
    this.keys.fill(0, 0, count);
    for (const [k, codes] of this.#columns.entries()) {
      this.#codes.set(codes.subarray(start, start + count));
      const levels = this.#levels[k] ?? 0;
      const pairs = k > 0 ? this.#pairs?.[k - 1] : undefined;
      const most = pairs
        ? pairs.number(this.keys, this.#codes, count)
        : appendCodes(this.keys, this.#codes, count, levels);
      if (count > 0 && most >= levels) return k;
    }
    return -1;
  }

  /** One code for each attribute. */
  codesOf(key: number): readonly number[] {
    let rest = key;
    const codes: number[] = [];
    for (let k = this.#levels.length - 1; k >= 0; k--) {
      const levels = this.#levels[k] ?? 1;
      const pair = k > 0 && this.#pairs ? (this.#pairs[k - 1]?.pairOf(rest) ?? 0) : rest;
      codes.unshift(pair % levels);
      rest = Math.floor(pair / levels);
    }
    return codes;
  }
}

function product(levels: readonly number[]): number {
  return levels.reduce((all, count) => all * count, 1);
}

/** @returns the largest code */
function appendCodes(keys: Uint32Array, codes: Uint32Array, count: number, levels: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i] ?? 0;
    if (code > most) most = code;
    keys[i] = (keys[i] ?? 0) * levels + code;
  }
  return most;
}
