// @ts-check
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as arrow from 'apache-arrow';

/** @typedef {import('./vectors.mjs').Vector} Vector */

const types = {
  number: () => new arrow.Float64(),
  boolean: () => new arrow.Bool(),
  text: () => new arrow.Utf8(),
  integer: () => new arrow.Int64(),
  date: () => new arrow.DateDay(),
  timestamp: () => new arrow.TimestampMicrosecond(),
};

/** @param {Uint8Array} present one byte a row @returns {{ nullBitmap: Uint8Array, nullCount: number }} */
function bitmap(present) {
  const nullBitmap = new Uint8Array(Math.ceil(present.length / 8));
  let count = 0;
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
    count++;
  }
  return { nullBitmap, nullCount: present.length - count };
}

/** @param {Vector} vector @returns {arrow.Data} */
function toData(vector) {
  const length = vector.values.length;
  switch (vector.kind) {
    case 'text':
      return textData(vector.values);
    case 'number': {
      const present = Uint8Array.from(vector.values, (value) => (Number.isNaN(value) ? 0 : 1));
      return arrow.makeData({ type: types.number(), length, data: vector.values, ...bitmap(present) });
    }
    case 'boolean': {
      const present = vector.values.map((value) => (value === 255 ? 0 : 1));
      const data = bitmap(vector.values.map((value) => (value === 1 ? 1 : 0))).nullBitmap;
      return arrow.makeData({ type: types.boolean(), length, data, ...bitmap(present) });
    }
    case 'integer':
      return arrow.makeData({ type: types.integer(), length, data: vector.values, ...bitmap(vector.present) });
    case 'date':
      return arrow.makeData({ type: types.date(), length, data: vector.values, ...bitmap(vector.present) });
    case 'timestamp':
      return arrow.makeData({ type: types.timestamp(), length, data: vector.values, ...bitmap(vector.present) });
  }
}

/** @param {(string | null)[]} values @returns {arrow.Data} */
function textData(values) {
  const valueOffsets = new Int32Array(values.length + 1);
  const pieces = values.map((value) => Buffer.from(value ?? ''));
  pieces.forEach((piece, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + piece.length;
  });
  const present = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  return arrow.makeData({
    type: types.text(),
    length: values.length,
    valueOffsets,
    data: Buffer.concat(pieces),
    ...bitmap(present),
  });
}

/**
 * Writes a result as an Arrow IPC stream, one record batch at a time.
 *
 * @param {import('./vectors.mjs').BatchReader} reader
 * @param {string} file
 * @param {number} batchRows
 * @returns {Promise<number>} rows written
 */
export async function writeArrow(reader, file, batchRows) {
  const fields = reader.names.map((name, i) => new arrow.Field(name, types[reader.kinds[i] ?? 'text'](), true));
  const schema = new arrow.Schema(fields);
  let total = 0;
  async function* recordBatches() {
    for (;;) {
      const { rows, vectors } = await reader.next(batchRows);
      // An empty batch carries the schema of a table without rows.
      if (rows === 0 && total > 0) return;
      const children = vectors.map(toData);
      const data = arrow.makeData({ type: new arrow.Struct(fields), length: rows, nullCount: 0, children });
      yield new arrow.RecordBatch(schema, data);
      if (rows === 0) return;
      total += rows;
    }
  }
  const writer = arrow.RecordBatchStreamWriter.throughNode({ autoDestroy: true });
  await pipeline(Readable.from(recordBatches()), writer, createWriteStream(file, { mode: 0o600 }));
  return total;
}

/** @param {string} file an Arrow IPC stream @returns {Promise<number>} rows */
export async function countArrowRows(file) {
  let rows = 0;
  const reader = await arrow.RecordBatchReader.from(createReadStream(file));
  await reader.open();
  if (!reader.schema) throw new Error('the file holds no Arrow schema');
  for await (const batch of reader) rows += batch.numRows;
  return rows;
}
