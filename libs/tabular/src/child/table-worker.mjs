// @ts-check
import { DuckDBInstance } from '@duckdb/node-api';
import { BatchReader } from './vectors.mjs';

/** @typedef {{ sql: string, values: (string | number | bigint | boolean)[] }} Statement */

/** @type {{ instance: DuckDBInstance, connection: import('@duckdb/node-api').DuckDBConnection } | undefined} */
let session;
/** @type {BatchReader | undefined} */
let reader;

/** @param {string} text @returns {string} */
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

function connection() {
  if (!session) throw new Error('no session is open');
  return session.connection;
}

/** @param {Statement} statement */
async function stream({ sql, values }) {
  return new BatchReader(await connection().stream(sql, values));
}

export const operations = {
  /**
   * A fresh engine that may touch exactly these files and nothing else, and whose settings nobody can change.
   * @param {{ paths: string[], memoryBytes: number, threads: number }} request
   */
  async open({ paths, memoryBytes, threads }) {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.floor(memoryBytes / 1e6)}MB`,
      threads: String(threads),
      temp_directory: '',
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    session = { instance, connection: await instance.connect() };
    await session.connection.run(`SET allowed_paths = [${paths.map(literal).join(', ')}]`);
    await session.connection.run('SET enable_external_access = false');
    await session.connection.run('SET lock_configuration = true');
  },

  /**
   * Runs a statement with a small result.
   * @param {Statement} request
   */
  async run({ sql, values }) {
    const result = await connection().runAndReadUntil(sql, 10_000, values);
    return result.getRowsJson();
  },

  /** @param {Statement} request */
  async query(request) {
    reader = await stream(request);
  },

  /** @param {{ rows: number }} request */
  async fetch({ rows }) {
    if (!reader) throw new Error('no query is open');
    return reader.next(rows);
  },

  /** @param {Statement & { file: string, batchRows: number }} request */
  async writeArrow({ file, batchRows, ...statement }) {
    const { writeArrow } = await import('./arrow.mjs');
    return writeArrow(await stream(statement), file, batchRows);
  },

  /** @param {{ file: string }} request */
  async countArrow({ file }) {
    const { countArrowRows } = await import('./arrow.mjs');
    return countArrowRows(file);
  },

  close() {
    reader = undefined;
    session?.connection.closeSync();
    session?.instance.closeSync();
    session = undefined;
  },
};
