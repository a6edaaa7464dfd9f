import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupsOf } from '@hansa/fair';
import { must } from '@hansa/kernel';
import { TableEngine } from '@hansa/tabular';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { CountsFileOptions, CountsSet } from './counts-file.js';
import { readCountsFile } from './read-counts-file.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-counts-file-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
const read = (text: string, options: Partial<CountsFileOptions> = {}) => {
  const file = join(folder, `counts${files++}.csv`);
  writeFileSync(file, text);
  return readCountsFile(tables, { file, ...options });
};
async function one(text: string, options: Partial<CountsFileOptions> = {}): Promise<CountsSet> {
  const { sets } = must(await read(text, options));
  expect(sets).toHaveLength(1);
  const [set] = sets;
  if (!set) throw new Error('no set');
  return set;
}
const cells = ({ counts }: CountsSet, attribute: string) =>
  counts.partitions
    .find((partition) => partition.attribute === attribute)
    ?.groups.map(({ group, counts: { n, tn, fp, fn, tp } }) => [group, n, tn, fp, fn, tp]);

describe('a file with one column for each attribute', () => {
  const wide = 'year,sex,race,TN,Fp,fn,tp\n2024,f,a,10,2,3,4\n2024,m,a,5,0,0,6\n2024,f,b,1,1,1,1\n';

  test('gives each attribute alone, all together, and joint counts; what has one value divides nobody', async () => {
    const set = await one(wide);
    expect(set.constants).toEqual({ year: '2024' });
    expect(set.counts.partitions.map(({ attribute }) => attribute)).toEqual(['sex', 'race', 'sex*race']);
    expect(cells(set, 'sex')).toEqual([
      ['f', 23, 11, 3, 4, 5],
      ['m', 11, 5, 0, 0, 6],
    ]);
    expect(set.counts.partitions[2]?.groups[0]).toMatchObject({
      group: 'f, a',
      attributes: { sex: 'f', race: 'a' },
      counts: { n: 19 },
    });
    expect(set.counts.total).toEqual({ n: 34, tn: 16, fp: 3, fn: 4, tp: 11 });
    expect(set.joint && groupsOf(set.joint)[0]).toEqual({
      levels: ['f', 'a'],
      counts: { n: 19, tn: 10, fp: 2, fn: 3, tp: 4 },
    });
    expect(set).toMatchObject({ withheld: [], small: [], contradicting: [] });
  });

  test('the attributes that are asked for divide people, the other columns populations', async () => {
    const { sets } = must(await read(wide, { attributes: ['sex'] }));
    expect(sets.map(({ constants }) => constants)).toEqual([
      { year: '2024', race: 'a' },
      { year: '2024', race: 'b' },
    ]);
    expect(await read(wide, { attributes: ['age'] })).toMatchObject({
      problem: { kind: 'counts-file.missing-column', at: 'age', detail: expect.stringContaining('year, sex, race') },
    });
  });

  test('withheld cells leave sums open and are never zero', async () => {
    const set = await one(wide, { suppressedBelow: 2 });
    expect(cells(set, 'sex')).toEqual([
      ['f', 23, 11, 3, 4, 5],
      ['m', null, 5, null, null, 6],
    ]);
    expect(set.counts.total).toEqual({ n: null, tn: 16, fp: null, fn: null, tp: 11 });
    expect(set.joint).toBeUndefined();
    expect(set.withheld.map(({ cell, row, most }) => [cell, row, most])).toEqual([
      ['fp', 2, 5],
      ['fn', 2, 5],
    ]);
    expect(set.small.map(({ cell, row, value }) => [cell, row, value])).toEqual([
      ['tn', 3, 1],
      ['fp', 3, 1],
      ['fn', 3, 1],
      ['tp', 3, 1],
    ]);
  });

  test('nothing, a star and "<10" are withheld, too', async () => {
    const set = await one('sex,TN,FP,FN,TP\nf,10,<10,*,12\nm,20,,30,40\nx,,5,6,7\n');
    expect(cells(set, 'sex')).toEqual([
      ['f', null, 10, null, null, 12],
      ['m', null, 20, null, 30, 40],
      ['x', null, null, 5, 6, 7],
    ]);
    expect(set.withheld.map(({ most }) => most)).toEqual([null, null, null, null]);
  });
});

describe('a file that names attribute and level', () => {
  const long = [
    'Model,Feature,Feature_Value,TN,FP,FN,TP',
    'A,sex,f,50,20,30,40',
    'A,sex,m,60,25,35,45',
    'A,parent,0,105,42,60,82',
    'A,parent,1,0,0,0,0',
    'B,sex,f,1,2,3,4',
    '',
  ].join('\n');

  test('one population for each value of the other columns, one partition for each attribute', async () => {
    const { sets } = must(await read(long));
    expect(sets.map(({ constants, counts }) => [constants.Model, counts.partitions.length])).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
    expect(sets[0] && cells(sets[0], 'parent')).toEqual([
      ['0', 289, 105, 42, 60, 82],
      ['1', 0, 0, 0, 0, 0],
    ]);
  });

  test('a cell that was withheld in vain is recomputed from another attribute', async () => {
    const set = must(await read(long, { suppressedBelow: 10, attributes: ['sex', 'parent'] })).sets[0];
    expect(set?.counts.total).toEqual({ n: 305, tn: 110, fp: 45, fn: 65, tp: 85 });
    expect(set?.withheld).toEqual(
      [
        ['tn', 5],
        ['fp', 3],
        ['fn', 5],
        ['tp', 3],
      ].map(([cell, bySubtraction]) => {
        return { attribute: 'parent', group: '1', cell, row: 4, most: 9, bySubtraction };
      }),
    );
  });

  test('an attribute with more of a cell than everybody is pointed out', async () => {
    const set = await one('Feature,Level,TN,FP,FN,TP\nsex,f,50,20,30,40\nsex,m,60,25,35,45\nage,all,99,1,99,100\n');
    expect(set.contradicting).toEqual([
      { attribute: 'age', cell: 'fn' },
      { attribute: 'age', cell: 'tp' },
    ]);
    expect(set.totals).toEqual([
      { attribute: 'sex', counts: { n: 305, tn: 110, fp: 45, fn: 65, tp: 85 } },
      { attribute: 'age', counts: { n: 299, tn: 99, fp: 1, fn: 99, tp: 100 } },
    ]);
  });

  test('an attribute that the file has not is refused', async () => {
    expect(await read(long, { attributes: ['race'] })).toMatchObject({
      problem: { kind: 'counts-file.missing-column', detail: expect.stringContaining('it has sex, parent') },
    });
  });
});

test.each([
  ['a negative count', 'sex,TN,FP,FN,TP\nf,1,2,3,4\nm,1,-2,3,4\n', 'counts-file.wrong-count', 'FP of row 2 is -2'],
  ['a fraction', 'sex,TN,FP,FN,TP\nf,1,2,3,4.5\n', 'counts-file.wrong-count', 'TP of row 1 is 4.5'],
  ['a word', 'sex,TN,FP,FN,TP\nf,1,2,3,4\nm,1,few,3,4\n', 'counts-file.wrong-count', 'FP of row 2 is "few"'],
  ['a share', 'sex,TN,FP,FN,TP\nf,0.1,0.2,0.3,0.4\n', 'counts-file.wrong-count', 'TN of row 1 is 0.1'],
  ['truth values', 'sex,TN,FP,FN,TP\nf,true,2,3,4\n', 'counts-file.wrong-count', 'TN of row 1 is true or false'],
  ['a group twice', 'sex,TN,FP,FN,TP\nf,1,2,3,4\nm,1,2,3,4\nf,5,6,7,8\n', 'counts-file.repeated-group', 'as row 1 is'],
  ['no false negatives', 'sex,TN,FP,TP\nf,1,2,3\n', 'counts-file.missing-column', 'no column FN;'],
  ['a header alone', 'sex,TN,FP,FN,TP\n', 'tabular.empty', 'no rows'],
] as const)('%s is refused with the row', async (_name, text, kind, detail) => {
  expect(await read(text)).toMatchObject({ problem: { kind, detail: expect.stringContaining(detail) } });
});

test('zeros beside no small number look withheld', async () => {
  const of = async (text: string, options = {}) => must(await read(text, options)).facts.looksSuppressedBelow;
  expect(await of('sex,TN,FP,FN,TP\nf,0,12,30,40\nm,11,90,0,20\n')).toBe(11);
  expect(await of('sex,TN,FP,FN,TP\nf,0,2,30,40\n')).toBeNull();
  expect(await of('sex,TN,FP,FN,TP\nf,10,12,30,40\n')).toBeNull();
  expect(await of('sex,TN,FP,FN,TP\nf,0,12,30,40\n', { suppressedBelow: 10 })).toBeNull();
});

const amsterdam = '../shared/data/amsterdam-smart-check/confusion_counts.csv';
if (!existsSync(amsterdam)) test.skip(`skipped: Amsterdam, because ${amsterdam} is not there`, () => {});

describe('the counts of Amsterdam’s Smart Check', () => {
  const run = existsSync(amsterdam) ? test : test.skip;

  run('are six populations with eight attributes, of which 12 rows hold withheld cells', async () => {
    const { sets, facts } = must(await readCountsFile(tables, { file: amsterdam, suppressedBelow: 10 }));
    expect(facts).toMatchObject({ rows: 96, format: 'csv', looksSuppressedBelow: null });
    expect(sets).toHaveLength(6);
    for (const { counts, small } of sets) {
      expect(counts.partitions).toHaveLength(8);
      expect(small).toEqual([]);
    }
    expect(new Set(sets.flatMap(({ withheld }) => withheld.map(({ row }) => row))).size).toBe(12);
    const before = sets.find(({ constants }) => constants.Dataset === 'Prepilot' && constants.Model === 'BR');
    expect(before && cells(before, 'IsNederlands')).toEqual([
      ['0', 345, 78, 61, 84, 122],
      ['1', 876, 344, 120, 229, 183],
    ]);
    const rows = new Map(before?.totals.map(({ attribute, counts }) => [attribute, counts.n]));
    expect([rows.get('geslacht'), rows.get('IsNederlands'), rows.get('Leeftijd<30')]).toEqual([1253, 1221, 1255]);
    expect(rows.get('IsParttimeParent')).toBeNull();
  });

  run('could not hide 18 part-time parents: each of their cells is a difference', async () => {
    const { sets } = must(await readCountsFile(tables, { file: amsterdam, suppressedBelow: 10 }));
    const after = sets.find(({ constants }) => constants.Dataset === 'Prepilot' && constants.Model === 'AR');
    expect(after?.withheld.map(({ group, cell, most, bySubtraction }) => [group, cell, most, bySubtraction])).toEqual([
      ['1', 'tn', 9, 8],
      ['1', 'fp', 9, 3],
      ['1', 'fn', 9, 4],
      ['1', 'tp', 9, 3],
    ]);
  });

  run('look withheld to whoever is not told', async () => {
    expect(must(await readCountsFile(tables, { file: amsterdam })).facts.looksSuppressedBelow).toBe(10);
  });
});
