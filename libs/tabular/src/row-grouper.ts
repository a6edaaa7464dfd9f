import { weightUnitBits } from './joint-count.js';
import type { WireBatch, WireVector } from './table-session.js';

type Raw = string | number | null;

/** Sums of weights of one combination, as the engine's statement for them makes them. */
interface Sums {
  weighed: number;
  readonly parts: [whole: bigint, fraction: bigint, wholeSquare: bigint, fractionSquare: bigint];
}

/** A pair of a combination and a code stays exact in a double as long as both are below this. */
const maxCodes = 2 ** 26;

/**
 * Groups rows as they stream past, where the engine cannot because a key is not in the file. It gives what the engine
 * would have given: one row for each combination, with the number of its rows and, in weighted countings, exact sums.
 */
export class RowGrouper {
  readonly #dictionaries: readonly Map<Raw, number>[];
  /** For each key after the first: the number of a combination so far and a code, to the number of both together. */
  readonly #pairs: readonly Map<number, number>[];
  readonly #codes: number[] = [];
  readonly #rows: number[] = [];
  readonly #sums: Sums[] = [];
  #kinds: readonly WireVector['kind'][] = [];

  constructor(keys: number) {
    this.#dictionaries = Array.from({ length: keys }, () => new Map());
    this.#pairs = Array.from({ length: Math.max(0, keys - 1) }, () => new Map());
  }

  /** More than `most` values or combinations: whoever counts must stop, since memory grows with them. */
  isBeyond(most: number): boolean {
    const limit = Math.min(most, maxCodes - 1);
    return this.#rows.length > limit || this.#dictionaries.some(({ size }) => size > limit);
  }

  /** @param weights where the counting is weighted; each is a number */
  add(rows: number, keys: readonly WireVector[], weights?: Float64Array): void {
    this.#kinds = keys.map(({ kind }) => kind);
    const codes = keys.map((vector, k) => this.#encode(k, vector));
    for (let row = 0; row < rows; row++) {
      let group = codes[0]?.[row] ?? 0;
      for (const [k, pairs] of this.#pairs.entries()) group = numberOf(pairs, group, codes[k + 1]?.[row] ?? 0);
      if (this.#rows[group] === undefined) {
        for (const own of codes) this.#codes.push(own[row] ?? 0);
        this.#rows[group] = 0;
        if (weights) this.#sums[group] = { weighed: 0, parts: [0n, 0n, 0n, 0n] };
      }
      this.#rows[group] = (this.#rows[group] ?? 0) + 1;
      const sums = this.#sums[group];
      if (weights && sums) addWeight(sums, weights[row] ?? 0);
    }
  }

  /** The groups as a batch of the engine: keys, rows, then the rows with a weight and the four parts of their sums. */
  toBatch(): WireBatch {
    const width = this.#dictionaries.length;
    const rows = this.#rows.length;
    const values = this.#dictionaries.map((dictionary) => [...dictionary.keys()]);
    const keys = values.map((own, k) => {
      const raw = Array.from({ length: rows }, (_, i) => own[this.#codes[i * width + k] ?? 0] ?? null);
      return vectorOf(this.#kinds[k] ?? 'text', raw);
    });
    const vectors: WireVector[] = [...keys, { kind: 'number', values: Float64Array.from(this.#rows) }];
    if (this.#sums.length > 0) {
      vectors.push({ kind: 'number', values: Float64Array.from(this.#sums, ({ weighed }) => weighed) });
      for (const part of [0, 1, 2, 3] as const)
        vectors.push({ kind: 'text', values: this.#sums.map(({ parts }) => String(parts[part])) });
    }
    return { rows, vectors };
  }

  #encode(key: number, { values }: WireVector): Uint32Array {
    const dictionary = this.#dictionaries[key] ?? new Map<Raw, number>();
    const codes = new Uint32Array(values.length);
    for (let row = 0; row < codes.length; row++) {
      const raw = values[row] ?? null;
      let code = dictionary.get(raw);
      if (code === undefined) {
        code = dictionary.size;
        dictionary.set(raw, code);
      }
      codes[row] = code;
    }
    return codes;
  }
}

function numberOf(pairs: Map<number, number>, group: number, code: number): number {
  const pair = group * maxCodes + code;
  const known = pairs.get(pair);
  if (known !== undefined) return known;
  pairs.set(pair, pairs.size);
  return pairs.size - 1;
}

/** Whole parts and fractions apart, in the units of the engine's statement. */
function addWeight(sums: Sums, weight: number): void {
  const fraction = (x: number) => BigInt(Math.floor((x - Math.floor(x)) * 2 ** weightUnitBits));
  const square = weight * weight;
  sums.weighed++;
  sums.parts[0] += BigInt(Math.floor(weight));
  sums.parts[1] += fraction(weight);
  sums.parts[2] += BigInt(Math.floor(square));
  sums.parts[3] += fraction(square);
}

function vectorOf(kind: WireVector['kind'], raw: readonly Raw[]): WireVector {
  if (kind === 'text') return { kind, values: raw.map((value) => (value === null ? null : String(value))) };
  return kind === 'number'
    ? { kind, values: Float64Array.from(raw, Number) }
    : { kind, values: Uint8Array.from(raw, Number) };
}
