/**
 * Numbers pairs of a number and a code in the order of their first occurrence: a hash table with open addressing, for
 * combinations too many to give each a place beforehand.
 */
export class PairNumbers {
  readonly #levels: number;
  #pairs = new Float64Array(1_024);
  #slots = new Int32Array(2_048).fill(-1);
  #size = 0;

  /** @param levels more than any code */
  constructor(levels: number) {
    this.#levels = levels;
  }

  get size(): number {
    return this.#size;
  }

  /** What a pair was made of: the number times the levels, plus the code. */
  pairOf(number: number): number {
    return this.#pairs[number] ?? 0;
  }

  /**
   * Replaces each number in `keys` by that of its pair with the row's code.
   *
   * @returns the largest code
   */
  number(keys: Uint32Array, codes: Uint32Array, count: number): number {
    let most = 0;
    for (let i = 0; i < count; i++) {
      const code = codes[i] ?? 0;
      if (code > most) most = code;
      keys[i] = this.#numberOf((keys[i] ?? 0) * this.#levels + code);
    }
    return most;
  }

  #numberOf(pair: number): number {
    const slot = this.#slotOf(pair);
    const known = this.#slots[slot] ?? -1;
    if (known >= 0) return known;
    if (this.#size === this.#pairs.length) {
      this.#grow();
      return this.#numberOf(pair);
    }
    this.#slots[slot] = this.#size;
    this.#pairs[this.#size] = pair;
    return this.#size++;
  }

  /** The slot that holds the pair, or the empty one where it belongs. Half of the slots are empty at least. */
  #slotOf(pair: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(pair) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? -1;
      if (number < 0 || this.#pairs[number] === pair) return slot;
    }
  }

  #grow(): void {
    const pairs = new Float64Array(this.#pairs.length * 2);
    pairs.set(this.#pairs);
    this.#pairs = pairs;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let number = 0; number < this.#size; number++) this.#slots[this.#slotOf(pairs[number] ?? 0)] = number;
  }
}

/** Mixes both halves of a whole number below 2^53 (the finalizer of MurmurHash3). */
function hash(pair: number): number {
  let mixed = Math.imul(pair ^ Math.imul(Math.floor(pair / 2 ** 32), 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
