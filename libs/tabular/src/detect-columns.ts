import { open } from 'node:fs/promises';
import { ok, type Result, refuse } from '@hansa/kernel';
import { type Relation, renderRelation } from './sql.js';
import { type Column, type ColumnType, maxColumns, type TableProblem } from './table.js';
import type { TableSession } from './table-session.js';

/** A source that the engine can select from, with the columns that it really has. */
export interface OpenTable {
  readonly columns: readonly Column[];
  readonly from: Relation;
}

/** Detects the columns once and then names them, so that every later read of the file has the same types. */
export async function openTwice(
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

/** What a relation holds whose types are fixed by the file itself. */
export async function openAs(session: TableSession, from: Relation): Promise<Result<OpenTable, TableProblem>> {
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

/** What a type of the engine is to us. */
export function columnType(native: string): ColumnType {
  if (nested.test(native)) return 'json';
  if (native === 'BOOLEAN') return 'boolean';
  if (integers.test(native)) return 'integer';
  if (numbers.test(native)) return 'number';
  if (native === 'DATE') return 'date';
  return native.startsWith('TIMESTAMP') ? 'timestamp' : 'text';
}

/** The beginning of a text file, decoded; refuses what is not UTF-8. */
export async function readHead(file: string, bytes: number): Promise<Result<string, TableProblem>> {
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
