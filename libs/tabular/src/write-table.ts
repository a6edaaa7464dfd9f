import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assertNever, type Digest, ok, type Result, refuse } from '@hansa/kernel';
import { errorCode } from './open-table.js';
import type { ShapedQuery } from './shaping.js';
import { type Expression, quoteLiteral, type Relation, renderSelect } from './sql.js';
import type { Column, TableProblem } from './table.js';
import type { TargetFormat } from './table-format.js';
import type { TableSession } from './table-session.js';

const copyOptions = {
  csv: 'FORMAT csv, HEADER true',
  json: 'FORMAT json, ARRAY true',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
} as const;

/** Writes the shaped rows to a file that the session may write; returns their number. */
export async function writeTable(
  session: TableSession,
  from: Relation,
  shaped: ShapedQuery,
  target: { readonly file: string; readonly format: TargetFormat },
): Promise<Result<number, TableProblem>> {
  // CSV and Arrow hold flat values only; JSON and Parquet keep what the source has.
  const isFlat = target.format === 'csv' || target.format === 'arrow';
  const columns = shaped.columns.map(({ column, of }) => ({ as: column.name, of: isFlat ? flatten(column, of) : of }));
  const statement = renderSelect({ columns, from, where: shaped.where });
  if (target.format === 'arrow') return session.writeArrow(statement, target.file, batchRows(columns.length));
  const options = `${copyOptions[target.format]}, USE_TMP_FILE false`;
  const copied = await session.run(
    `COPY (${statement.sql}) TO ${quoteLiteral(target.file)} (${options})`,
    statement.values,
  );
  return copied.ok ? ok(Number(copied.value[0]?.[0])) : copied;
}

/** An expression as one of the engine's flat types: BOOLEAN, BIGINT, DOUBLE, VARCHAR, DATE or TIMESTAMP. */
export function flatten(column: Column, of: Expression): Expression {
  switch (column.type) {
    case 'boolean':
    case 'date':
      return of;
    case 'integer':
      return { kind: 'cast', of, to: 'BIGINT' };
    case 'number':
      return { kind: 'cast', of, to: 'DOUBLE' };
    case 'timestamp':
      return { kind: 'cast', of, to: 'TIMESTAMP' };
    case 'text':
      return { kind: 'cast', of, to: 'VARCHAR' };
    case 'json':
      return { kind: 'cast', of: { kind: 'call', name: 'to_json', of: [of] }, to: 'VARCHAR' };
    default:
      return assertNever(column.type);
  }
}

/** Rows of a batch: enough to make a message worth its cost, few enough to stay small for wide tables. */
export function batchRows(columns: number): number {
  return Math.max(2_048, Math.floor(500_000 / columns));
}

/** Bytes and SHA-256 of a file, read as a stream. */
export async function fileFacts(file: string): Promise<Result<{ bytes: number; digest: Digest }, TableProblem>> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      hash.update(piece);
      bytes += piece.length;
    }
    return ok({ bytes, digest: `sha-256:${hash.digest('hex')}` });
  } catch (error) {
    return refuse('tabular.unreadable', `The file cannot be read (${errorCode(error)}); check its permissions.`);
  }
}

/** Gives a finished file its name: contents reach the disk before the name does, then the name itself. */
export async function publish(partial: string, file: string): Promise<void> {
  await synchronise(partial);
  await rename(partial, file);
  // Windows has no handle on directories; its file system journals the rename.
  if (process.platform !== 'win32') await synchronise(dirname(file));
}

async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
