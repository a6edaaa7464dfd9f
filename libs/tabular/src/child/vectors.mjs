// @ts-check

/**
 * Typed columns of one batch. A missing value is `null` in text, 255 in booleans, NaN in numbers; integers, dates and
 * timestamps carry a bitmap beside them (1 = present).
 *
 * @typedef {{ kind: 'number', values: Float64Array }
 *   | { kind: 'boolean', values: Uint8Array }
 *   | { kind: 'text', values: (string | null)[] }
 *   | { kind: 'integer', values: BigInt64Array, present: Uint8Array }
 *   | { kind: 'date', values: Int32Array, present: Uint8Array }
 *   | { kind: 'timestamp', values: BigInt64Array, present: Uint8Array }} Vector
 */

/** The engine's names of the only types that queries of this library select. */
const vectorKinds = /** @type {const} */ ({
  BOOLEAN: 'boolean',
  BIGINT: 'integer',
  DOUBLE: 'number',
  VARCHAR: 'text',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
});

/** @typedef {typeof vectorKinds[keyof typeof vectorKinds]} VectorKind */

/**
 * @param {VectorKind} kind
 * @param {number} size
 * @returns {Vector}
 */
function emptyVector(kind, size) {
  switch (kind) {
    case 'number':
      return { kind, values: new Float64Array(size).fill(Number.NaN) };
    case 'boolean':
      return { kind, values: new Uint8Array(size).fill(255) };
    case 'text':
      return { kind, values: new Array(size).fill(null) };
    case 'date':
      return { kind, values: new Int32Array(size), present: new Uint8Array(size) };
    default:
      return { kind, values: new BigInt64Array(size), present: new Uint8Array(size) };
  }
}

/**
 * @param {Vector} to
 * @param {import('@duckdb/node-api').DuckDBVector} from
 * @param {number} at
 * @param {number} count
 */
function copyInto(to, from, at, count) {
  // Not in the published types: the engine's own array, which lives only as long as its chunk, and its validity bits.
  const { items, validity } = /** @type {{ items: any, validity: { data: BigUint64Array | null } }} */ (
    /** @type {unknown} */ (from)
  );
  const bits = validity.data && new Uint8Array(validity.data.buffer, validity.data.byteOffset);
  const isPresent = (/** @type {number} */ i) => !bits || (((bits[i >> 3] ?? 0) >> (i & 7)) & 1) === 1;
  if (to.kind === 'number' || to.kind === 'integer') to.values.set(items.subarray(0, count), at);
  for (let i = 0; i < count; i++) {
    if (!isPresent(i)) {
      if (to.kind === 'number') to.values[at + i] = Number.NaN;
      continue;
    }
    if (to.kind === 'number') continue;
    if (to.kind !== 'text' && to.kind !== 'boolean') to.present[at + i] = 1;
    if (to.kind === 'integer') continue;
    const value = /** @type {any} */ (from.getItem(i));
    if (to.kind === 'text') to.values[at + i] = value;
    else if (to.kind === 'boolean') to.values[at + i] = value ? 1 : 0;
    else to.values[at + i] = to.kind === 'date' ? value.days : value.micros;
  }
}

/** Reads a streaming result in batches of about `size` rows. */
export class BatchReader {
  /** @param {import('@duckdb/node-api').DuckDBResult} result */
  constructor(result) {
    this.result = result;
    this.names = result.columnNames();
    this.kinds = result.columnTypes().map((type) => {
      const kind = vectorKinds[/** @type {keyof typeof vectorKinds} */ (String(type))];
      if (!kind) throw new Error(`a query selected the type ${type}`);
      return kind;
    });
  }

  /**
   * @param {number} size
   * @returns {Promise<{ rows: number, vectors: Vector[] }>} no rows: the end
   */
  async next(size) {
    /** @type {import('@duckdb/node-api').DuckDBDataChunk[]} */
    const chunks = [];
    let rows = 0;
    while (rows < size) {
      const chunk = await this.result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      chunks.push(chunk);
      rows += chunk.rowCount;
    }
    const vectors = this.kinds.map((kind, column) => {
      const vector = emptyVector(kind, rows);
      let at = 0;
      for (const chunk of chunks) {
        copyInto(vector, chunk.getColumnVector(column), at, chunk.rowCount);
        at += chunk.rowCount;
      }
      return vector;
    });
    return { rows, vectors };
  }
}
