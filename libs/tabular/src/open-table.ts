import { stat } from 'node:fs/promises';
import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import { type OpenTable, openAs, openTwice, readHead } from './detect-columns.js';
import { loadGeoJson } from './load-geojson.js';
import { openCsv } from './open-csv.js';
import type { TableProblem, TableSource } from './table.js';
import type { TableSession } from './table-session.js';

const maxJsonObjectBytes = 16 * 2 ** 20;

/** That there is a readable, non-empty file; its size in bytes. */
export async function checkFile(file: string): Promise<Result<number, TableProblem>> {
  if (/[*?[\]\0]/.test(file))
    return refuse('tabular.unreadable', 'The name of the file has one of the characters * ? [ ]; rename the file.');
  try {
    const info = await stat(file);
    if (!info.isFile()) return refuse('tabular.unreadable', 'The path does not lead to a file.');
    if (info.size === 0) return refuse('tabular.empty', 'The file is empty (0 bytes).');
    return ok(info.size);
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      return refuse('tabular.vanished', 'The file is not there (any more); put it back or register its new place.');
    return refuse('tabular.unreadable', `The file cannot be read (${errorCode(error)}); check its permissions.`);
  }
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}

/** Finds out the columns of a source and how to select from it. The session must allow the file. */
export async function openTable(session: TableSession, source: TableSource): Promise<Result<OpenTable, TableProblem>> {
  const size = await checkFile(source.file);
  if (!size.ok) return size;
  switch (source.format) {
    case 'csv':
      return openCsv(session, source.file, size.value);
    case 'json':
      return openJson(session, source.file);
    case 'parquet':
      return openAs(session, { kind: 'reader', name: 'read_parquet', file: source.file, options: {} });
    case 'geojson': {
      const rows = await loadGeoJson(session, source.file, size.value);
      return rows.ok ? openAs(session, { kind: 'table', name: rows.value }) : rows;
    }
    default:
      return assertNever(source.format);
  }
}

async function openJson(session: TableSession, file: string): Promise<Result<OpenTable, TableProblem>> {
  const head = await readHead(file, 4096);
  if (!head.ok) return head;
  const text = head.value.trim();
  if (/^\[\s*\]$/.test(text)) {
    const created = await session.run('CREATE TEMP TABLE rows AS SELECT NULL AS nothing WHERE false');
    return created.ok ? ok({ columns: [], from: { kind: 'table', name: 'rows' } }) : created;
  }
  const options = {
    format: text.startsWith('[') ? 'array' : 'newline_delimited',
    maximum_object_size: maxJsonObjectBytes,
    records: 'true',
  };
  return openTwice(
    session,
    { kind: 'reader', name: 'read_json', file, options: { ...options, sample_size: -1 } },
    options,
  );
}
