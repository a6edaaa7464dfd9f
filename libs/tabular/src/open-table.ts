import { open, stat } from 'node:fs/promises';
import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import { loadGeoJson } from './load-geojson.js';
import { type Relation, renderRelation } from './sql.js';
import { type Column, type ColumnType, maxColumns, type TableProblem, type TableSource } from './table.js';
import type { TableSession } from './table-session.js';

/** A source that the engine can select from, with the columns that it really has. */
export interface OpenTable {
  readonly columns: readonly Column[];
  readonly from: Relation;
}

/** A CSV line or its header may be this long; a longer one is one broken quotation. */
const maxLineBytes = 2 ** 20;
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
      return openCsv(session, source.file);
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

/**
 * The dialect is fixed by the header line and never guessed from the data, so that a damaged line is an error with its
 * number instead of a different reading of the file. Types must hold for every row; dates are ISO 8601 only, since
 * 03/04 has two readings; timestamps stay text, as reading them would lose their offset.
 */
async function openCsv(session: TableSession, file: string): Promise<Result<OpenTable, TableProblem>> {
  const head = await readHead(file, maxLineBytes);
  if (!head.ok) return head;
  const delim = delimiterOf(head.value);
  const dialect = { header: true, delim, quote: '"', escape: '"', max_line_size: maxLineBytes, dateformat: '%Y-%m-%d' };
  const types = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'];
  const sniffing = { ...dialect, sample_size: -1, auto_type_candidates: types };
  const reader = { kind: 'reader', name: 'read_csv', file } as const;
  const table = await openTwice(session, { ...reader, options: sniffing }, dialect);
  if (table.ok || table.problem.kind !== 'tabular.malformed' || table.problem.at) return table;
  // Detection fails without saying where; reading the header's columns as text finds the line.
  const width = head.value.split(/\r?\n/, 1).join('').split(delim).length;
  const columns = new Map(Array.from({ length: width }, (_, i) => [`c${i}`, 'VARCHAR']));
  const options = { ...dialect, auto_detect: false, columns };
  const read = await session.run(`SELECT count(*) FROM ${renderRelation({ ...reader, options })}`);
  return read.ok ? table : read;
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

/** Detects the columns once and then names them, so that every later read of the file has the same types. */
async function openTwice(
  session: TableSession,
  detecting: Extract<Relation, { kind: 'reader' }>,
  options: typeof detecting.options,
): Promise<Result<OpenTable, TableProblem>> {
  const described = await describe(session, detecting);
  if (!described.ok) return described;
  const natives = described.value.map(
    ([name, native]) => [name, native.startsWith('TIMESTAMP') ? 'VARCHAR' : native] as const,
  );
  return ok({
    columns: natives.map(([name, native]) => ({ name, type: columnType(native) })),
    from: { ...detecting, options: { ...options, auto_detect: false, columns: new Map(natives) } },
  });
}

async function openAs(session: TableSession, from: Relation): Promise<Result<OpenTable, TableProblem>> {
  const described = await describe(session, from);
  if (!described.ok) return described;
  return ok({ columns: described.value.map(([name, native]) => ({ name, type: columnType(native) })), from });
}

async function describe(session: TableSession, from: Relation): Promise<Result<[string, string][], TableProblem>> {
  const rows = await session.run(`DESCRIBE SELECT * FROM ${renderRelation(from)}`);
  if (!rows.ok) return rows;
  if (rows.value.length > maxColumns)
    return refuse('tabular.too-many-columns', `The table has more than ${maxColumns} columns; publish fewer.`);
  return ok(rows.value.map(([name, native]) => [String(name), String(native)]));
}

const integers = /^U?(TINYINT|SMALLINT|INTEGER)$|^BIGINT$/;
const numbers = /^(UBIGINT|U?HUGEINT|FLOAT|DOUBLE|DECIMAL)\b/;
const nested = /^(STRUCT|MAP|UNION|JSON)\b|\]$/;

function columnType(native: string): ColumnType {
  if (nested.test(native)) return 'json';
  if (native === 'BOOLEAN') return 'boolean';
  if (integers.test(native)) return 'integer';
  if (numbers.test(native)) return 'number';
  if (native === 'DATE') return 'date';
  return native.startsWith('TIMESTAMP') ? 'timestamp' : 'text';
}

/** The beginning of a text file, decoded; refuses what is not UTF-8. */
async function readHead(file: string, bytes: number): Promise<Result<string, TableProblem>> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    const read = buffer.subarray(0, bytesRead);
    if (read.includes(0))
      return refuse('tabular.malformed', 'The file is not text in UTF-8; save it in that encoding.');
    return ok(read.toString().replace(/^\ufeff/, ''));
  } finally {
    await handle.close();
  }
}

/** The separator that occurs most often in the header line, outside quotation. */
function delimiterOf(head: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of head) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const [most = ','] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  return most;
}
