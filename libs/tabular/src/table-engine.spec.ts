import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { digestOf, must } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { type ColumnBatch, type Shaping, TableEngine, type TableSource, unshaped } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-tabular-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path(name), content);
  return path(name);
};

const stopsCsv = [
  'ags,name,platforms,lift,share,opened,note',
  '01067,"Altstadt, Mitte",4,true,0.25,1998-05-01,=1+1',
  '08111,Hbf,12,false,1.5,2004-12-31,',
  '08111,"Tor ""Süd""",1,true,-3,2020-02-29,"two\nlines"',
  '11000,Zoo,,,,,@home',
  '',
].join('\n');
const stops: TableSource = { file: put('stops.csv', stopsCsv), format: 'csv' };

async function collect(source: TableSource, columns: readonly string[], limit?: number): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = [];
  const request = limit === undefined ? { source, columns } : { source, columns, limit };
  for await (const batch of tables.readColumns(request)) batches.push(must(batch));
  return batches;
}

async function write(
  source: TableSource,
  format: 'csv' | 'json' | 'parquet' | 'arrow',
  shaping: Partial<Shaping> = {},
) {
  const file = path(`out.${format}`);
  const result = await tables.writeRepresentation({
    source,
    shaping: { ...unshaped, ...shaping },
    target: { file, format },
  });
  return { file, result };
}

describe('describeSource', () => {
  test('tells columns, rows, bytes and digest of a CSV and keeps leading zeros as text', async () => {
    const described = must(await tables.describeSource(stops.file, 'csv'));
    expect(described).toEqual({
      columns: [
        { name: 'ags', type: 'text' },
        { name: 'name', type: 'text' },
        { name: 'platforms', type: 'integer' },
        { name: 'lift', type: 'boolean' },
        { name: 'share', type: 'number' },
        { name: 'opened', type: 'date' },
        { name: 'note', type: 'text' },
      ],
      rows: 4,
      bytes: Buffer.byteLength(stopsCsv),
      digest: digestOf(stopsCsv),
    });
  });

  test.each([
    ['semicolons and a byte order mark', '\ufeffa;b\n1;x,y\n'],
    ['tabulators', 'a\tb\n1\tx\n'],
    ['Windows line ends', 'a,b\r\n1,x\r\n'],
  ])('reads CSV with %s', async (_name, text) => {
    const { columns, rows } = must(await tables.describeSource(put('dialect.csv', text), 'csv'));
    expect({ columns, rows }).toEqual({
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'text' },
      ],
      rows: 1,
    });
  });

  test.each([
    ['an array', '[{"a":1,"at":"2026-01-01T00:00:00+02:00","o":{"x":[1]}},{"a":2.5}]'],
    ['lines', '{"a":1,"at":"2026-01-01T00:00:00+02:00","o":{"x":[1]}}\n{"a":2.5}\n'],
  ])('reads JSON as %s; times keep their offset as text', async (_name, text) => {
    const file = put('records.json', text);
    const { columns, rows } = must(await tables.describeSource(file, 'json'));
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['a number', 'at text', 'o json']);
    expect(rows).toBe(2);
    const preview = must(await tables.previewRows({ file, format: 'json' }, 1));
    expect(preview.rows).toEqual([[1, '2026-01-01T00:00:00+02:00', '{"x":[1]}']]);
  });

  test('turns a GeoJSON feature collection into rows with longitude and latitude', async () => {
    const point = { type: 'Point', coordinates: [13.4, 52.5] };
    const line = {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    };
    const features = [
      { type: 'Feature', properties: { id: 1, 'o\'clock"': 'x', geometry: 'own' }, geometry: point },
      { type: 'Feature', properties: { id: 2 }, geometry: line },
      { type: 'Feature', properties: null, geometry: null },
    ];
    const file = put('stops.geojson', JSON.stringify({ type: 'FeatureCollection', features }));
    const { columns, rows } = must(await tables.previewRows({ file, format: 'geojson' }, 10));
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id integer',
      'o\'clock" text',
      'geometry text',
      'geometry_1 text',
      'longitude number',
      'latitude number',
    ]);
    expect(rows).toEqual([
      [1, 'x', 'own', JSON.stringify(point), 13.4, 52.5],
      [2, null, null, JSON.stringify(line), null, null],
      [null, null, null, null, null, null],
    ]);
  });

  test.each([
    ['a file that vanished', 'csv', undefined, 'tabular.vanished'],
    ['an empty file', 'csv', '', 'tabular.empty'],
    ['a header without rows', 'csv', 'a,b\n', 'tabular.empty'],
    ['a JSON array without rows', 'json', '[]', 'tabular.empty'],
    ['a line with too many values', 'csv', 'a,b\n1,2\n3,4\n5,6,7\n8,9\n', 'tabular.malformed'],
    ['a quotation without end', 'csv', 'a,b\n1,"2\n3,4\n', 'tabular.malformed'],
    ['bytes that are not UTF-8', 'csv', Buffer.from('a,b\n1,\xff\xfe\n', 'latin1'), 'tabular.malformed'],
    ['UTF-16', 'csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'tabular.malformed'],
    ['truncated JSON', 'json', '[{"a":1},{"a"', 'tabular.malformed'],
    ['JSON that is not records', 'json', '[1,2]', 'tabular.malformed'],
    ['text as Parquet', 'parquet', 'PAR1 not really', 'tabular.malformed'],
    ['JSON as GeoJSON', 'geojson', '{"type":"Topology"}', 'tabular.malformed'],
    [
      '2,001 columns',
      'csv',
      `${Array.from({ length: 2001 }, (_, i) => `c${i}`).join(',')}\n`,
      'tabular.too-many-columns',
    ],
  ] as const)('refuses %s', async (_name, format, content, kind) => {
    const file = content === undefined ? path('never-there') : put('bad', content);
    const refused = await tables.describeSource(file, format);
    expect(refused).toMatchObject({ ok: false, problem: { kind, detail: expect.stringMatching(/\.$/) } });
    expect(JSON.stringify(refused)).not.toContain(folder);
  });

  test('names the line of a malformed CSV', async () => {
    const file = put('line.csv', 'a,b\n1,2\n3,4\n5,6,7\n8,9\n');
    expect(await tables.describeSource(file, 'csv')).toMatchObject({ problem: { at: 'line 4' } });
  });

  test('reads a file whose name is hostile to SQL', async () => {
    const file = put(`a' OR 1=1; --".csv`, 'a\n1\n');
    expect(must(await tables.describeSource(file, 'csv')).rows).toBe(1);
  });
});

describe('writeRepresentation', () => {
  test('writes a CSV that a reader gets back value by value, formulas unchanged', async () => {
    const { file, result } = await write(stops, 'csv');
    const bytes = readFileSync(file);
    expect(must(result)).toEqual({ rows: 4, bytes: bytes.length, digest: digestOf(bytes) });
    expect(bytes.toString()).toBe(
      stopsCsv.replace('"Altstadt, Mitte",4,true,0.25', '"Altstadt, Mitte",4,true,0.25').replace(',-3,', ',-3.0,'),
    );
  });

  test.each(['json', 'parquet', 'arrow'] as const)('writes %s with the same cells as the source', async (format) => {
    const { file, result } = await write(stops, format);
    expect(must(result).rows).toBe(4);
    const source = must(await tables.previewRows(stops, 10)).rows;
    if (format === 'arrow') {
      const table = tableFromIPC(readFileSync(file));
      const arrowRow = (i: number) => table.schema.names.map((name) => table.getChild(String(name))?.get(i));
      expect(arrowRow(1)).toEqual(['08111', 'Hbf', 12n, false, 1.5, Date.UTC(2004, 11, 31), null]);
      expect(arrowRow(3)).toEqual(['11000', 'Zoo', null, null, null, null, '@home']);
    } else expect(must(await tables.previewRows({ file, format }, 10)).rows).toEqual(source);
    expect(must(await tables.countRows(file, format))).toBe(4);
  });

  test('writes what foreign Parquet files hold: time zones, decimals, lists, large and unsigned numbers', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const file = path('foreign.parquet');
    await connection.run(`COPY (SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at, 1.25::DECIMAL(9,2) AS price,
      [1, NULL] AS list, 200::UTINYINT AS small, 18446744073709551615::UBIGINT AS big, DATE '1969-12-31' AS day,
      uuid '00000000-0000-0000-0000-000000000001' AS id, NULL::BIGINT AS gone) TO '${file}' (FORMAT parquet)`);
    const source = { file, format: 'parquet' } as const;
    const out = await write(source, 'arrow');
    expect(must(out.result).rows).toBe(1);
    const row = tableFromIPC(readFileSync(out.file)).get(0)?.toJSON();
    expect({ ...row }).toEqual({
      at: Date.UTC(2026, 0, 1),
      price: 1.25,
      list: '[1,null]',
      small: 200n,
      big: 2 ** 64,
      day: Date.UTC(1969, 11, 31),
      id: '00000000-0000-0000-0000-000000000001',
      gone: null,
    });
    const rows = [{ column: 'at', operator: 'gteq', value: '2026-01-01T00:00:00Z' } as const];
    expect(must((await write(source, 'csv', { rows })).result).rows).toBe(1);
    expect((await collect(source, ['at', 'gone']))[0]?.columns.get('gone')).toEqual({
      kind: 'number',
      values: Float64Array.of(Number.NaN),
    });
  });

  test('filters, drops and makes columns coarse as the policy says', async () => {
    const { file } = await write(stops, 'json', {
      rows: [
        { column: 'ags', operator: 'isAnyOf', values: ['08111', '01067'] },
        { column: 'opened', operator: 'gteq', value: '2004-01-01' },
        { column: 'platforms', operator: 'gt', value: '3' },
      ],
      drop: ['note', 'lift'],
      coarsen: [
        { column: 'ags', method: 'prefix', length: 2 },
        { column: 'platforms', method: 'step', step: 10 },
        { column: 'opened', method: 'date', unit: 'month' },
      ],
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { ags: '08', name: 'Hbf', platforms: 10, share: 1.5, opened: '2004-12-01' },
    ]);
  });

  test('rounds down to a step below one exactly, also for negative numbers', async () => {
    const file = put('steps.csv', 'x\n0.29\n52.518\n-0.001\n0.7\n');
    const source = { file, format: 'csv' } as const;
    const out = await write(source, 'csv', { coarsen: [{ column: 'x', method: 'step', step: 0.01 }] });
    expect(readFileSync(out.file, 'utf8')).toBe('x\n0.29\n52.51\n-0.01\n0.7\n');
  });

  test('times as text go down to their local day; what is no date goes missing', async () => {
    const file = put('times.csv', 'at\n2026-03-05T23:30:00+01:00\nyesterday\n');
    const coarsen = [{ column: 'at', method: 'date', unit: 'day' }] as const;
    const out = await write({ file, format: 'csv' }, 'json', { coarsen });
    expect(JSON.parse(readFileSync(out.file, 'utf8'))).toEqual([{ at: '2026-03-05' }, { at: null }]);
  });

  test.each(['csv', 'json', 'parquet', 'arrow'] as const)('writes a valid %s when no row is left', async (format) => {
    const { file, result } = await write(stops, format, {
      rows: [{ column: 'ags', operator: 'eq', value: 'none' }],
    });
    expect(must(result).rows).toBe(0);
    expect(must(await tables.countRows(file, format))).toBe(0);
  });

  test.each([
    [{ rows: [{ column: 'gone', operator: 'eq', value: 1 }] }, 'tabular.missing-column'],
    [{ drop: ['Name'] }, 'tabular.missing-column'],
    [{ coarsen: [{ column: 'name" --', method: 'prefix', length: 1 }] }, 'tabular.missing-column'],
    [{ rows: [{ column: 'platforms', operator: 'eq', value: 'many' }] }, 'tabular.wrong-type'],
    [{ rows: [{ column: 'opened', operator: 'eq', value: '2026-02-30' }] }, 'tabular.wrong-type'],
    [{ rows: [{ column: 'ags', operator: 'isAnyOf', values: [] }] }, 'tabular.wrong-type'],
    [{ coarsen: [{ column: 'lift', method: 'step', step: 1 }] }, 'tabular.wrong-type'],
    [{ drop: ['ags', 'name', 'platforms', 'lift', 'share', 'opened', 'note'] }, 'tabular.nothing-left'],
  ] as const)('refuses the shaping %j and leaves no file', async (shaping, kind) => {
    rmSync(path('out.csv'), { force: true });
    const { result } = await write(stops, 'csv', shaping as Partial<Shaping>);
    expect(result).toMatchObject({ ok: false, problem: { kind } });
    expect(readdirSync(folder).filter((name) => name.startsWith('out.csv'))).toEqual([]);
  });

  test('keeps the old file when a new one cannot be written', async () => {
    mkdirSync(path('occupied'), { recursive: true });
    const target = { file: path('occupied'), format: 'csv' } as const;
    expect(await tables.writeRepresentation({ source: stops, shaping: unshaped, target })).toMatchObject({
      problem: { kind: 'tabular.cannot-write' },
    });
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('treats hostile values as values: no row outside the oracle comes out', async () => {
    const hostile = [
      "'; DROP TABLE t; --",
      "' OR '1'='1",
      '" OR ""="',
      '$$',
      '/* x */',
      '\u2019 OR 1=1',
      '%',
      '_',
      '\\',
      '$1',
      '1; ATTACH',
    ];
    const file = put('hostile.json', JSON.stringify([...hostile, 'plain'].map((value, id) => ({ id, value }))));
    const source = { file, format: 'json' } as const;
    for (const [id, value] of hostile.entries()) {
      const out = await write(source, 'json', { rows: [{ column: 'value', operator: 'eq', value: value }] });
      expect(JSON.parse(readFileSync(out.file, 'utf8'))).toEqual([{ id, value }]);
    }
  });

  test('quotes hostile column names', async () => {
    const names = ['a"b', "a'b", 'select', 'x; DROP TABLE rows; --', '$1', '7', '__proto__'];
    const file = put(
      'names.csv',
      `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n${names.map((_, i) => i).join(',')}\n`,
    );
    const out = await write({ file, format: 'csv' }, 'csv', {
      rows: names.map((column, i) => ({ column, operator: 'eq', value: i })),
      drop: ['select'],
    });
    expect(must(out.result).rows).toBe(1);
    expect(must(await tables.describeSource(out.file, 'csv')).columns.map(({ name }) => name)).toEqual(
      names.filter((name) => name !== 'select'),
    );
  });
});

describe('readColumns', () => {
  test('gives typed arrays with the missing values marked', async () => {
    const [batch] = await collect(stops, ['platforms', 'lift', 'opened', 'share']);
    expect(batch?.rows).toBe(4);
    expect(batch?.columns.get('platforms')).toEqual({ kind: 'number', values: Float64Array.of(4, 12, 1, Number.NaN) });
    expect(batch?.columns.get('lift')).toEqual({ kind: 'boolean', values: Uint8Array.of(1, 0, 1, 255) });
    expect(batch?.columns.get('opened')).toEqual({
      kind: 'text',
      values: ['1998-05-01', '2004-12-31', '2020-02-29', null],
    });
  });

  test('streams many rows in several batches, in order, up to the limit', async () => {
    const file = put('many.csv', `n,half\n${Array.from({ length: 600_000 }, (_, i) => `${i},${i / 2}`).join('\n')}\n`);
    const batches = await collect({ file, format: 'csv' }, ['half', 'n'], 550_001);
    expect(batches.length).toBeGreaterThan(1);
    let next = 0;
    for (const { columns } of batches) {
      const [n, half] = [columns.get('n'), columns.get('half')];
      if (n?.kind !== 'number' || half?.kind !== 'number') throw new Error('not numbers');
      for (const [i, value] of n.values.entries())
        if (value !== next++ || half.values[i] !== value / 2) throw new Error(`row ${next}`);
    }
    expect(next).toBe(550_001);
  });

  test('a missing column is the only item', async () => {
    const items = [];
    for await (const item of tables.readColumns({ source: stops, columns: ['ags', 'x'] })) items.push(item);
    expect(items).toMatchObject([{ ok: false, problem: { kind: 'tabular.missing-column', at: 'x' } }]);
  });

  test('a reader that stops early gives the process back', async () => {
    const file = path('many.csv');
    for (let i = 0; i < 5; i++)
      for await (const batch of tables.readColumns({ source: { file, format: 'csv' }, columns: ['n'] }))
        if (batch.ok) break;
    expect(must(await tables.countRows(file, 'csv'))).toBe(600_000);
  });
});

describe('hostile files', () => {
  test('a symbolic link to another file is followed only as the file itself', async () => {
    symlinkSync(stops.file, path('link.csv'));
    expect(must(await tables.countRows(path('link.csv'), 'csv'))).toBe(4);
  });

  test('60 damaged Parquet files: each is answered, this process lives', async () => {
    const { file } = await write(stops, 'parquet');
    const good = readFileSync(file);
    const kinds = new Map<string, number>();
    for (let i = 0; i < 60; i++) {
      const bad = Uint8Array.from(good);
      const at = (i * 7919) % bad.length;
      bad[at] = (bad[at] ?? 0) ^ (1 << (i % 8));
      const read = await tables.previewRows(
        { file: put('flipped.parquet', i % 3 === 0 ? bad.subarray(0, at) : bad), format: 'parquet' },
        10,
      );
      const kind = read.ok ? 'read' : read.problem.kind;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.values()].reduce((a, b) => a + b)).toBe(60);
    expect(kinds.get('tabular.malformed')).toBeGreaterThan(20);
    expect(must(await tables.countRows(stops.file, 'csv'))).toBe(4);
  });

  test('damaged Arrow files are refused', async () => {
    const { file } = await write(stops, 'arrow');
    const good = readFileSync(file);
    for (const bad of [Buffer.from('not arrow at all'), good.subarray(0, 60), good.subarray(0, good.length - 90)])
      expect(await tables.countRows(put('bad.arrow', bad), 'arrow')).toMatchObject({ ok: false });
  });
});
