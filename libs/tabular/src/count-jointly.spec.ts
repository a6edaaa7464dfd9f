import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { must, seededRandom } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  type Counting,
  type Grouping,
  type JointCount,
  type SourceFormat,
  TableEngine,
  weightUnitBits,
} from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-joint-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
function put(content: string | Uint8Array, format: SourceFormat = 'csv'): { file: string; format: SourceFormat } {
  const file = join(folder, `rows${files++}.${format}`);
  writeFileSync(file, content);
  return { file, format };
}

const values = (...columns: readonly string[]): readonly Grouping[] =>
  columns.map((column) => ({ column, by: 'value' }));

async function count(source: { file: string; format: SourceFormat }, counting: Counting): Promise<JointCount> {
  const [counted] = must(await tables.countJointly(source, [counting]));
  if (!counted) throw new Error('nothing was counted');
  return counted;
}

/** `value, value: rows` of each combination, as a person would read the counts. */
function lines({ columns, codes, rows }: JointCount): readonly string[] {
  return Array.from(rows, (n, i) => {
    const own = columns.map((column, k) => column.values[codes[i * columns.length + k] ?? 0] ?? 'missing');
    return `${own.join(', ')}: ${n}`;
  });
}

/** The values of one column with the first row of each. */
async function firsts(text: string | Uint8Array, column: string, format: SourceFormat = 'csv') {
  const { columns } = await count(put(text, format), { columns: values(column), firstRows: true });
  return columns[0]?.values.map((value, i) => [value, columns[0]?.firstRows?.[i]]);
}

describe('countJointly', () => {
  test('counts every combination that occurs, sorted, with missing values apart', async () => {
    const counted = await count(put('sex,y,note\nf,1,a\nm,0,b\nf,1,c\n,0,d\nm,,e\n"",0,f\n'), {
      columns: values('sex', 'y'),
    });
    expect(lines(counted)).toEqual(['f, 1: 2', 'm, 0: 1', 'm, missing: 1', 'missing, 0: 2']);
    expect(counted.columns).toEqual([
      { column: 'sex', kind: 'text', values: ['f', 'm', null] },
      { column: 'y', kind: 'integer', values: ['0', '1', null] },
    ]);
  });

  test('several countings of one file come in their order; one without columns is the number of rows', async () => {
    const source = put('a,b\n1,x\n2,x\n');
    const all = must(await tables.countJointly(source, [{ columns: [] }, { columns: values('b') }]));
    expect(all.map(lines)).toEqual([[': 2'], ['x: 2']]);
  });

  test('a number has one text, however it was written; NaN is missing', async () => {
    expect(await firsts('s,y\n1,a\n1.0,a\n1e0,b\n10,b\n-0.0,c\n0,c\n,d\nNaN,d\n2.5,e\n', 's')).toEqual([
      ['0', 5],
      ['1', 1],
      ['2.5', 9],
      ['10', 4],
      [null, 7],
    ]);
  });

  test('text is told apart exactly; what only looks like a missing value is a value', async () => {
    expect(await firsts('s,y\n1,a\n1.0,a\n?,b\nNA,b\nNaN,b\nnan,b\n"",b\n,b\n Male,b\nMale,c\n', 's')).toEqual([
      [' Male', 9],
      ['1', 1],
      ['1.0', 2],
      ['?', 3],
      ['Male', 10],
      ['NA', 4],
      [null, 5],
    ]);
  });

  test('JSON with numbers and texts in one column: the text "1" is the number 1', async () => {
    expect(await firsts('[{"a":"1"},{"a":1},{"a":"x"},{"a":null},{"b":2}]', 'a', 'json')).toEqual([
      ['1', 1],
      ['x', 3],
      [null, 4],
    ]);
    expect(await firsts('{"a":true}\n{"a":false}\n{}\n', 'a', 'json')).toEqual([
      ['false', 2],
      ['true', 1],
      [null, 3],
    ]);
  });

  test('large whole numbers stay apart, and infinity is a value', async () => {
    expect(await firsts('id\n9007199254740993\n9007199254740992\n', 'id')).toEqual([
      ['9007199254740992', 2],
      ['9007199254740993', 1],
    ]);
    expect((await firsts('x\ninf\n-inf\n0.5\n', 'x'))?.map(([value]) => value)).toEqual([
      '-Infinity',
      '0.5',
      'Infinity',
    ]);
  });

  test.each([
    ['dates', 'day\n2020-01-31\n2020-02-01\n2020-02-29\n'],
    ['times with an offset', 'day\n2020-01-31T23:59:59-05:00\n2020-02-01 00:00:00\n2020-02-01T00:00:00Z\n'],
    ['months', 'day\n2020-01\n2020-02\n2020-02\n'],
  ])('months of %s', async (_name, text) => {
    const counted = await count(put(text), { columns: [{ column: 'day', by: 'month' }] });
    expect(lines(counted)).toEqual(['2020-01: 1', '2020-02: 2']);
  });

  test('what has no month is missing', async () => {
    const counted = await count(put('day\n2020-13\nsoon\n\n2020-01\n'), { columns: [{ column: 'day', by: 'month' }] });
    expect(lines(counted)).toEqual(['2020-01: 1', 'missing: 3']);
  });

  test('a cut tells how many points a number reaches', async () => {
    const counted = await count(put('p\n0.5\n0.49999999999\n0.9\nNaN\n\n1\n'), {
      columns: [{ column: 'p', by: 'cut', points: [0.5, 0.9] }],
    });
    expect(lines(counted)).toEqual(['0: 1', '1: 1', '2: 2', 'missing: 2']);
  });

  test('a grid puts each of its own bounds into the bin that begins there', async () => {
    for (const bins of [10, 100, 1000]) {
      const bounds = Array.from({ length: bins + 1 }, (_, k) => k / bins);
      const source = put(`p\n${[-0.1, ...bounds, 1.1].join('\n')}\n`);
      const counted = await count(source, { columns: [{ column: 'p', by: 'grid', lower: 0, upper: 1, bins }] });
      const expected = ['-1: 1', ...bounds.slice(0, -2).map((_, k) => `${k}: 1`), `${bins - 1}: 2`, `${bins}: 1`];
      expect(lines(counted)).toEqual(expected);
    }
  });

  test('a grid between bounds without an exact binary form has no more bins than it says', async () => {
    const grid = { column: 'p', by: 'grid', lower: 0.1, upper: 0.7, bins: 6 } as const;
    const counted = await count(put('p\n0.1\n0.7\n0.0999\n0.7001\ninf\n-inf\n\nNaN\n0.2\n'), { columns: [grid] });
    expect(lines(counted)).toEqual(['-1: 2', '0: 1', '1: 1', '5: 1', '6: 2', 'missing: 2']);
  });

  test('10,000 groups with two outcomes each', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `g${i % 10_000},${i < 20_000 ? 0 : 1}`);
    const counted = await count(put(`g,y\n${rows.join('\n')}\n`), { columns: values('g', 'y') });
    expect(counted.rows).toHaveLength(20_000);
    expect(new Set(counted.rows)).toEqual(new Set([2]));
    expect(counted.codes.slice(0, 6)).toEqual(Uint32Array.of(0, 0, 0, 1, 1, 0));
  });

  test('too many combinations: the problem names the columns and about how many values each has', async () => {
    const source = put(`id,sex\n${Array.from({ length: 5_000 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`);
    expect(await tables.countJointly(source, [{ columns: values('sex', 'id'), maxCombinations: 1_000 }])).toMatchObject(
      {
        problem: {
          kind: 'tabular.too-many-combinations',
          at: 'id',
          detail: expect.stringMatching(/more than 1,000 combinations.*"sex" about 2, "id" about [456]\d\d\d\./),
        },
      },
    );
  });

  test('does not depend on the order of rows or the number of threads, with Parquet as with CSV', async () => {
    const random = seededRandom(7);
    const rows = Array.from({ length: 30_000 }, () => [
      ['a', 'b', '', 'd'][Math.floor(random() * 4)],
      Math.floor(random() * 3),
      random() ** 8 * 1_000,
    ]);
    const csv = (all: typeof rows) => put(`g,y,w\n${all.map((row) => row.join(',')).join('\n')}\n`);
    const counting: Counting = { columns: values('g', 'y'), weight: 'w' };
    const [source, reversed] = [csv(rows), csv([...rows].reverse())];
    const counted = await count(source, counting);
    expect(await count(reversed, counting)).toEqual(counted);
    const parquet = { file: join(folder, 'same.parquet'), format: 'parquet' } as const;
    must(await tables.writeRepresentation({ source, shaping: { rows: [], drop: [], coarsen: [] }, target: parquet }));
    expect(await count(parquet, counting)).toEqual(counted);
    const single = new TableEngine({ threads: 1 });
    expect(must(await single.countJointly(source, [counting]))).toEqual([counted]);
    await single.close();

    const naive = new Map<string, number>();
    for (const [g, y] of rows) naive.set(`${g || 'missing'}, ${y}`, (naive.get(`${g || 'missing'}, ${y}`) ?? 0) + 1);
    expect(lines(counted)).toEqual([...naive].map(([key, n]) => `${key}: ${n}`).sort());
  });
});

describe('weights', () => {
  const unit = (value: number) => {
    const whole = Math.floor(value);
    return (BigInt(whole) << BigInt(weightUnitBits)) + BigInt(Math.floor((value - whole) * 2 ** weightUnitBits));
  };

  test('are summed exactly, with their squares', async () => {
    const weights = [0.1, 0.2, 1e-9, 2 ** 30, 0, 123456.789, 1 / 3];
    const rows = weights.map((weight, i) => `${i % 2},${weight}`);
    const counted = await count(put(`g,w\n${rows.join('\n')}\n`), { columns: values('g'), weight: 'w' });
    const sum = (of: (weight: number) => number, group: number) =>
      weights.filter((_, i) => i % 2 === group).reduce((all, weight) => all + unit(of(weight)), 0n);
    expect(counted.weights).toEqual({
      sums: [sum((w) => w, 0), sum((w) => w, 1)],
      squares: [sum((w) => w * w, 0), sum((w) => w * w, 1)],
    });
  });

  test.each([
    ['negative', 'g,w\na,1\nb,0.5\nc,-0.3\nd,-2\n', 'The weight "w" of row 3 is -0.3;'],
    ['missing', 'g,w\na,1\nb,\nc,-0.3\n', 'The weight "w" of row 2 is missing;'],
    ['no number', 'g,w\na,0.5\nb,NaN\n', 'The weight "w" of row 2 is nan;'],
    ['infinite', 'g,w\na,inf\nb,1\n', 'The weight "w" of row 1 is inf;'],
    ['too large', 'g,w\na,2e9\nb,1\n', 'The weight "w" of row 1 is 2000000000.0;'],
  ])('that are %s are refused with their row', async (_name, text, detail) => {
    const refused = await tables.countJointly(put(text), [{ columns: values('g'), weight: 'w' }]);
    expect(refused).toMatchObject({
      problem: { kind: 'tabular.wrong-weight', detail: expect.stringContaining(detail) },
    });
  });

  test('with a decimal comma are refused with the way out', async () => {
    expect(await tables.countJointly(put('g;w\na;0,5\nb;1\n'), [{ columns: [], weight: 'w' }])).toMatchObject({
      problem: { kind: 'tabular.wrong-type', at: 'w', detail: expect.stringContaining('with a point') },
    });
  });
});

describe('what cannot be counted', () => {
  test.each([
    ['a column that is not there', 'sex,race\nf,a\n', values('rcae'), 'tabular.missing-column', 'did you mean "race"?'],
    ['a name that two columns have', 'a,A,b\n1,2,3\n', values('a'), 'tabular.ambiguous-column', 'its own name'],
    ['an empty file', '', values('a'), 'tabular.empty', '0 bytes'],
    ['a header alone', 'a,b\n', values('a'), 'tabular.empty', 'no rows'],
    ['a header alone, without columns', 'a,b\n', [], 'tabular.empty', 'no rows'],
    ['a row that is too short', 'a,b\n1,2\n3\n4,5\n', values('a'), 'tabular.malformed', 'at line 3'],
    ['a last row that is too long', 'a,b\n1,2\n3,4,5\n', values('a'), 'tabular.malformed', 'at line 3'],
    ['Latin-1', Buffer.from('a,b\n1,Köln\n', 'latin1'), values('a'), 'tabular.malformed', 'line 2: Invalid unicode'],
    ['months of numbers', 'd\n202001\n', [{ column: 'd', by: 'month' }], 'tabular.wrong-type', 'only dates and times'],
    ['a cut of words', 'p\nhigh\n', [{ column: 'p', by: 'cut', points: [0.5] }], 'tabular.wrong-type', 'numbers'],
    ['a cut without points', 'p\n1\n', [{ column: 'p', by: 'cut', points: [] }], 'tabular.wrong-type', '1 to 16'],
    ['descending points', 'p\n1\n', [{ column: 'p', by: 'cut', points: [2, 1] }], 'tabular.wrong-type', 'ascending'],
    [
      'a grid that is turned round',
      'p\n1\n',
      [{ column: 'p', by: 'grid', lower: 1, upper: 0, bins: 10 }],
      'tabular.wrong-type',
      'bins between two',
    ],
  ] as const)('%s is refused', async (_name, text, columns, kind, detail) => {
    const refused = await tables.countJointly(put(text), [{ columns }]);
    expect(refused).toMatchObject({ ok: false, problem: { kind, detail: expect.stringContaining(detail) } });
  });

  test('a file with a repeated name may be counted by its other columns', async () => {
    expect(lines(await count(put('a,A,b\n1,2,3\n'), { columns: values('b') }))).toEqual(['3: 1']);
  });
});

describe('reading CSV exactly', () => {
  test.each([
    ['only one letter', 'sex\nF\nF\n', ['F']],
    ['letters that could mean truth', 'sex\nT\nF\n', ['F', 'T']],
    ['yes and no', 'sex\nyes\nno\n', ['no', 'yes']],
    ['truth values in any case', 'sex\nTrue\nFALSE\ntrue\n', ['false', 'true']],
  ])('a column of %s', async (_name, text, expected) => {
    expect((await firsts(text, 'sex'))?.map(([value]) => value)).toEqual(expected);
  });

  test('semicolons, quotation, a byte order mark, Windows line ends, line ends inside cells and blank lines', async () => {
    const text = '\ufeff"a";"b;c"\r\n"x;1";1\r\n"two\nlines";2\r\n\r\n"say ""hi""";3\r\n\r\n';
    expect(await firsts(text, 'a')).toEqual([
      ['say "hi"', 3],
      ['two\nlines', 2],
      ['x;1', 1],
    ]);
  });
});

describe('profileSource', () => {
  test('tells what is missing, constant and there twice', async () => {
    const text = 'a,b,c,d,e\n1,x,same,,2020-01-01\n1,x,same,,2020-01-01\n,NaN,same,,\nNaN,"",same,,2020-01-02\n';
    const { columns, rows, duplicates, digest } = must(await tables.profileSource(put(text)));
    expect(columns.map(({ name, missing, constant }) => `${name} ${missing} ${constant}`)).toEqual([
      'a 2 false',
      'b 2 false',
      'c 0 true',
      'd 4 true',
      'e 1 false',
    ]);
    expect({ rows, duplicates, digest }).toEqual({
      rows: 4,
      duplicates: 1,
      digest: expect.stringMatching(/^sha-256:/),
    });
    expect(await tables.profileSource(put('a,b\n'))).toMatchObject({ problem: { kind: 'tabular.empty' } });
  });

  test('does not look for duplicates among more than two million rows', async () => {
    const file = join(folder, 'many.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`COPY (SELECT i % 3 AS a, 'x' AS b FROM range(2000001) t(i)) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    const profile = must(await tables.profileSource({ file, format: 'parquet' }));
    expect(profile).toMatchObject({ rows: 2_000_001, duplicates: null });
    expect(profile.columns.map(({ constant }) => constant)).toEqual([false, true]);
  });
});
