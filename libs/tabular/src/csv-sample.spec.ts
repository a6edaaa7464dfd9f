import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSampled } from './csv-sample.js';
import { TableEngine } from './index.js';
import { ProcessPool } from './process-pool.js';
import { defaultTableLimits, TableSession } from './table-session.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-sample-'));
const tables = new TableEngine();
const pool = new ProcessPool(() => TableSession.start(defaultTableLimits), 1, 1_000);
afterAll(async () => {
  await Promise.all([tables.close(), pool.close()]);
  rmSync(folder, { recursive: true });
});

const rows = 22_000;
const types = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'];
const dialect = { header: true, skip: 0, delim: ',', quote: '"', escape: '"', dateformat: '%Y-%m-%d' };

/** Columns whose last hundred rows, which no sample reaches, hold something else than those before. */
function put(columns: readonly (readonly [early: string, late: string])[]): string {
  const file = join(folder, 'people.csv');
  const padding = '.'.repeat(200);
  const names = columns.map((_, i) => `c${i}`);
  const lines = Array.from({ length: rows }, (_, row) =>
    [padding, ...columns.map(([early, late]) => (row < rows - 100 ? early : late))].join(','),
  );
  writeFileSync(file, `padding,${names.join(',')}\n${lines.join('\n')}\n`);
  return file;
}

/** Each with what it begins with, what it ends with, and the type that holds for both. */
const cases = {
  certain: [
    ['5', '6', 'integer'],
    ['5', '-12345678901234567', 'integer'],
    ['5', '', 'integer'],
    ['5', '5.5', 'number'],
    ['1.5', '2', 'number'],
    ['1.5', '1e-05', 'number'],
    ['1.5', 'NaN', 'number'],
    ['2026-11-23', '2026-11-24', 'date'],
    ['true', 'False', 'boolean'],
    ['true', 'yes', 'text'],
    ['F', 'T', 'text'],
    ['true', '5', 'text'],
    ['007', '8', 'text'],
    ['Ghent', '5', 'text'],
    ['', '', 'text'],
  ],
  uncertain: [
    ['5', '007', 'text'],
    ['5', 'Ghent', 'text'],
    ['5', '1_000', 'text'],
    ['5', '1e3', 'number'],
    ['5', '2026-11-23', 'text'],
    ['1.5', '01.5', 'text'],
    ['2026-11-23', 'soon', 'text'],
    ['', '5', 'integer'],
    ['', 'true', 'boolean'],
  ],
} as const;

describe('the types of a large CSV', () => {
  test('are found by a sample and one look at every row, where each value is written plainly', async () => {
    const file = put(cases.certain.map(([early, late]) => [early, late]));
    const { columns, bytes } = must(await tables.describeSource(file, 'csv'));
    expect(bytes).toBeGreaterThan(4 * 2 ** 20);
    expect(columns.slice(1).map(({ type }) => type)).toEqual(cases.certain.map(([, , type]) => type));
    const session = new TableSession(await pool.acquire(), defaultTableLimits);
    must(await session.open([file]));
    const options = { ...dialect, auto_type_candidates: types };
    const sampled = await openSampled(session, { kind: 'reader', name: 'read_csv', file, options }, dialect);
    await session.release();
    expect(sampled?.columns).toEqual(columns);
  });

  test.each(cases.uncertain)('are found by all rows where %j is followed by %j', async (early, late, type) => {
    const { columns } = must(await tables.describeSource(put([[early, late]]), 'csv'));
    expect(columns[1]).toEqual({ name: 'c0', type });
  });

  test('come with the line of a damage that the sample does not see', async () => {
    const file = put([['5', '5,6']]);
    expect(await tables.describeSource(file, 'csv')).toMatchObject({
      ok: false,
      problem: { kind: 'tabular.malformed', at: `line ${rows - 98}` },
    });
  });
});
