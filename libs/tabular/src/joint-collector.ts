import type { GroupKey, GroupKind } from './grouping.js';
import { type CountedColumn, type JointCount, weightUnitBits } from './joint-count.js';
import { missingTexts } from './missing.js';
import type { WireBatch, WireVector } from './table-session.js';

/** Gathers the groups that the engine found into dictionaries and codes. */
export class JointCollector {
  readonly #keys: readonly GroupKey[];
  readonly #with: { readonly weight: boolean; readonly firstRows: boolean };
  readonly #dictionaries: readonly Map<string | null, number>[];
  readonly #codes: number[] = [];
  readonly #rows: number[] = [];
  readonly #first: number[] = [];
  readonly #sums: bigint[] = [];
  readonly #squares: bigint[] = [];
  /** All rows. */
  total = 0;
  /** Rows that have a weight. */
  weighed = 0;

  constructor(keys: readonly GroupKey[], parts: { readonly weight: boolean; readonly firstRows: boolean }) {
    this.#keys = keys;
    this.#with = parts;
    this.#dictionaries = keys.map(() => new Map());
  }

  get combinations(): number {
    return this.#rows.length;
  }

  add(batch: WireBatch): void {
    const width = this.#keys.length;
    const keys = this.#keys.map(({ kind }, i) => valuesOf(kind, batch.vectors[i]));
    let next = width;
    const rows = numbersOf(batch.vectors[next++]);
    const first = this.#with.firstRows ? numbersOf(batch.vectors[next++]) : undefined;
    const weighed = this.#with.weight ? numbersOf(batch.vectors[next++]) : undefined;
    const sums = batch.vectors.slice(next).map(integersOf);
    for (let i = 0; i < batch.rows; i++) {
      const count = rows[i] ?? 0;
      // Without columns an empty file is one group of no rows.
      if (count === 0) continue;
      for (const [k, values] of keys.entries()) this.#codes.push(this.#codeOf(k, values[i] ?? null));
      this.#rows.push(count);
      this.total += count;
      if (first) this.#first.push(first[i] ?? 0);
      if (!weighed) continue;
      this.weighed += weighed[i] ?? 0;
      const [whole = 0n, fraction = 0n, wholeSquare = 0n, fractionSquare = 0n] = sums.map((sum) => sum[i] ?? 0n);
      this.#sums.push((whole << BigInt(weightUnitBits)) + fraction);
      this.#squares.push((wholeSquare << BigInt(weightUnitBits)) + fractionSquare);
    }
  }

  #codeOf(key: number, value: string | null): number {
    const dictionary = this.#dictionaries[key] ?? new Map<string | null, number>();
    const known = dictionary.get(value);
    if (known !== undefined) return known;
    dictionary.set(value, dictionary.size);
    return dictionary.size - 1;
  }

  /** Sorts values and combinations, and joins combinations that became equal, such as those of 0 and -0. */
  finish(): JointCount {
    const width = this.#keys.length;
    const sorted = this.#dictionaries.map((dictionary, k) => sortValues(dictionary, this.#keys[k]?.kind ?? 'text'));
    const codes = Uint32Array.from(this.#codes, (code, i) => sorted[i % width]?.rank[code] ?? 0);
    const order = Uint32Array.from(this.#rows.keys()).sort((a, b) => compareCodes(codes, width, a, b));
    const kept: number[] = [];
    const rows: number[] = [];
    const sums: bigint[] = [];
    const squares: bigint[] = [];
    for (const at of order) {
      const last = kept.at(-1);
      if (last === undefined || compareCodes(codes, width, last, at) !== 0) {
        kept.push(at);
        rows.push(0);
        sums.push(0n);
        squares.push(0n);
      }
      const to = rows.length - 1;
      rows[to] = (rows[to] ?? 0) + (this.#rows[at] ?? 0);
      sums[to] = (sums[to] ?? 0n) + (this.#sums[at] ?? 0n);
      squares[to] = (squares[to] ?? 0n) + (this.#squares[at] ?? 0n);
    }
    const own = new Uint32Array(kept.length * width);
    kept.forEach((at, i) => {
      own.set(codes.subarray(at * width, (at + 1) * width), i * width);
    });
    const firstRows = this.#with.firstRows ? this.#firstRows(codes, width) : [];
    const columns = this.#keys.map(({ column, kind }, k): CountedColumn => {
      const first = firstRows[k];
      return { column, kind, values: sorted[k]?.values ?? [], ...(first && { firstRows: first }) };
    });
    const weights = this.#with.weight ? { weights: { sums, squares } } : {};
    return { columns, codes: own, rows: Float64Array.from(rows), ...weights };
  }

  #firstRows(codes: Uint32Array, width: number): readonly Float64Array[] {
    const first = this.#dictionaries.map(({ size }) => new Float64Array(size).fill(Number.POSITIVE_INFINITY));
    for (const [i, row] of this.#first.entries())
      for (const [k, own] of first.entries()) {
        const code = codes[i * width + k] ?? 0;
        own[code] = Math.min(own[code] ?? row, row);
      }
    return first;
  }
}

function valuesOf(kind: GroupKind, vector: WireVector | undefined): readonly (string | null)[] {
  switch (vector?.kind) {
    case 'text':
      return kind === 'text'
        ? vector.values.map((value) => (value === null || missingTexts.includes(value) ? null : value))
        : vector.values;
    case 'number':
      // String(-0) is '0'.
      return Array.from(vector.values, (value) => (Number.isNaN(value) ? null : String(value)));
    case 'boolean':
      return Array.from(vector.values, (value) => (value === 255 ? null : String(value === 1)));
    default:
      throw new Error('a batch lacks a column');
  }
}

function numbersOf(vector: WireVector | undefined): Float64Array {
  if (vector?.kind !== 'number') throw new Error('a batch lacks a column of numbers');
  return vector.values;
}

function integersOf(vector: WireVector): readonly bigint[] {
  if (vector.kind !== 'text') throw new Error('a batch lacks a column of integers');
  return vector.values.map((value) => BigInt(value ?? 0));
}

function sortValues(
  dictionary: ReadonlyMap<string | null, number>,
  kind: GroupKind,
): { readonly values: readonly (string | null)[]; readonly rank: Uint32Array } {
  const numeric = kind === 'number' || kind === 'integer';
  const values = [...dictionary.keys()].sort((a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const difference = numeric ? Number(a) - Number(b) : 0;
    return difference || (a < b ? -1 : 1);
  });
  const rank = new Uint32Array(values.length);
  values.forEach((value, i) => {
    rank[dictionary.get(value) ?? 0] = i;
  });
  return { values, rank };
}

function compareCodes(codes: Uint32Array, width: number, a: number, b: number): number {
  for (let k = 0; k < width; k++) {
    const difference = (codes[a * width + k] ?? 0) - (codes[b * width + k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
