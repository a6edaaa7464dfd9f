import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupsOf, marginal, notStated, stratum, totalOf } from '@hansa/fair';
import { digestOf, must } from '@hansa/kernel';
import { TableEngine, unshaped } from '@hansa/tabular';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { AuditFileOptions } from './audit-file.js';
import { readAuditFile } from './read-audit-file.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-audit-file-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
function put(text: string | Uint8Array, suffix = 'csv'): string {
  const file = join(folder, `people${files++}.${suffix}`);
  writeFileSync(file, text);
  return file;
}

type Some = Partial<AuditFileOptions> & { readonly file: string };
const prediction = (column: string, ...positive: readonly string[]) =>
  ({ kind: 'prediction', column, ...(positive.length > 0 && { positive }) }) as const;
const read = (options: Some) =>
  readAuditFile(tables, {
    label: 'y',
    positive: '1',
    decision: prediction('yhat'),
    protected: ['sex'],
    ...options,
  });

const people = [
  'id,sex,race,y,yhat,p,w,day,site',
  '1,f,a,1,1,0.9,1,2026-01-05,x',
  '2,f,b,1,0,0.2,0.5,2026-01-06,x',
  '3,m,a,0,1,0.5,2,2026-02-01,x',
  '4,,b,0,0,0.1,0.25,2026-02-02,x',
  '5,m,?,,1,0.7,1,2026-02-03,x',
  '6,f,a,1,,0.6,1,,x',
  '6,f,a,1,,0.6,1,,x',
  '',
].join('\n');
const file = put(people);

describe('readAuditFile', () => {
  test('counts people by their attributes; who states none is a group', async () => {
    const { joint } = must(await read({ file, control: ['race'] }));
    expect(joint.attributes.map(({ attribute }) => attribute)).toEqual(['sex', 'race']);
    expect(groupsOf(must(marginal(joint, ['sex'])))).toEqual([
      { levels: ['f'], counts: { n: 2, tn: 0, fp: 0, fn: 1, tp: 1 } },
      { levels: ['m'], counts: { n: 1, tn: 0, fp: 1, fn: 0, tp: 0 } },
      { levels: [notStated], counts: { n: 1, tn: 1, fp: 0, fn: 0, tp: 0 } },
    ]);
    expect(totalOf(must(stratum(joint, 'race', 'b'))).n).toBe(2);
  });

  test('tells what the file is, whom the tables leave out, and what looks wrong in it', async () => {
    const { facts } = must(await read({ file, control: ['race'], time: 'day' }));
    expect(facts).toMatchObject({
      format: 'csv',
      bytes: people.length,
      digest: digestOf(people),
      rows: 7,
      counted: 4,
      duplicates: 1,
      constantColumns: ['site'],
      label: {
        column: 'y',
        missing: 1,
        values: [
          { value: '0', rows: 2, positive: false },
          { value: '1', rows: 4, positive: true },
        ],
      },
      decision: { column: 'yhat', missing: 2 },
      missingCodes: [{ column: 'race', value: '?', rows: 1, firstRow: 5 }],
      lookalikes: [],
      months: [
        { month: '2026-01', rows: 2, labelPositive: 2, decidedPositive: 1 },
        { month: '2026-02', rows: 2, labelPositive: 0, decidedPositive: 1 },
        { month: null, rows: 0, labelPositive: 0, decidedPositive: 0 },
      ],
    });
    expect(facts.leftOut.filter(({ attribute }) => attribute === 'sex')).toEqual([
      { attribute: 'sex', level: 'f', rows: 4, withoutLabel: 0, withoutDecision: 2 },
      { attribute: 'sex', level: 'm', rows: 2, withoutLabel: 1, withoutDecision: 0 },
      { attribute: 'sex', level: notStated, rows: 1, withoutLabel: 0, withoutDecision: 0 },
    ]);
    expect(facts.columns.find(({ name }) => name === 'sex')).toMatchObject({ missing: 1, constant: false });
  });

  test('leaves out nobody when every row has a label and a decision', async () => {
    const { facts } = must(await read({ file: put('sex,y,yhat\nf,1,1\nm,0,1\n') }));
    expect(facts).toMatchObject({ rows: 2, counted: 2, leftOut: [], duplicates: 0 });
    expect(facts.months).toBeUndefined();
  });

  test('sums weights beside rows', async () => {
    const { joint } = must(await read({ file, weight: 'w' }));
    expect(groupsOf(joint).map(({ levels, weights }) => [levels[0], weights?.n])).toEqual([
      ['f', 1.5],
      ['m', 2],
      [notStated, 0.25],
    ]);
    expect(joint.weighted?.squares).toEqual(Float64Array.of(0, 0, 0.25, 1, 0, 4, 0, 0, 0.0625, 0, 0, 0));
  });

  test('decides by a threshold: a score that equals it is positive', async () => {
    const decision = { kind: 'threshold', column: 'p', threshold: 0.5 } as const;
    const { joint, facts } = must(await read({ file, decision }));
    expect(totalOf(joint)).toEqual({ n: 6, tn: 1, fp: 1, fn: 1, tp: 3 });
    expect(facts.decision.missing).toBe(0);
    const never = must(await read({ file, decision: { ...decision, threshold: 2 } }));
    expect(totalOf(never.joint)).toEqual({ n: 6, tn: 2, fp: 0, fn: 4, tp: 0 });
  });

  test('counts scores on a grid, or by each value, without changing the tables', async () => {
    const score = { column: 'p', grid: { lower: 0, upper: 1, bins: 10 } } as const;
    const { joint, scores } = must(await read({ file, score }));
    expect(scores && must(marginal(scores, ['sex']))).toEqual(joint);
    expect(scores?.attributes[1]).toEqual({ attribute: 'p', levels: ['1', '2', '5', '9'] });
    const values = must(await read({ file, score: { column: 'p', grid: 'values' } }));
    expect(values.scores?.attributes[1]?.levels).toEqual(['0.1', '0.2', '0.5', '0.9']);
  });

  test.each([
    ['numbers', '1.0', 'sex,y,yhat\nf,1,1\nm,0,1\n'],
    ['truth values', 'True', 'sex,y,yhat\nf,true,true\nm,false,true\n'],
    ['truth values named as numbers', '1', 'sex,y,yhat\nf,TRUE,True\nm,FALSE,True\n'],
    ['words', 'yes', 'sex,y,yhat\nf,yes,yes\nm,no,yes\n'],
    ['numbers with decimals', '1', 'sex,y,yhat\nf,1.0,1\nm,0.0,1\n'],
    ['a decimal comma beside', '1', 'sex;y;yhat;p\nf;1;1;0,5\nm;0;1;0,7\n'],
  ])('finds the positive value among %s', async (_name, positive, text) => {
    const { joint } = must(await read({ file: put(text), positive }));
    expect(totalOf(joint)).toEqual({ n: 2, tn: 0, fp: 1, fn: 0, tp: 1 });
  });

  test('several predictions may be positive', async () => {
    const source = put('sex,y,score\nf,1,High\nf,0,Medium\nm,0,Low\nm,1,Low\n');
    const decision = prediction('score', 'Medium', 'High');
    expect(totalOf(must(await read({ file: source, decision })).joint)).toEqual({ n: 4, tn: 1, fp: 1, fn: 1, tp: 1 });
  });

  test('a label with one value is read, and shows in the facts', async () => {
    const { joint, facts } = must(await read({ file: put('sex,y,yhat\nf,0,1\nm,0,0\n') }));
    expect(totalOf(joint)).toEqual({ n: 2, tn: 1, fp: 1, fn: 0, tp: 0 });
    expect(facts.label.values).toEqual([{ value: '0', rows: 2, positive: false }]);
  });

  test('values that differ in case or spaces only are pointed out, and counted apart', async () => {
    const { joint, facts } = must(await read({ file: put('sex,y,yhat\nMale,1,1\nmale,0,1\n Male,0,0\nf,0,0\n') }));
    expect(facts.lookalikes).toEqual([{ column: 'sex', values: [' Male', 'Male', 'male'] }]);
    expect(joint.attributes[0]?.levels).toHaveLength(4);
  });

  test('JSON and Parquet give the same tables as CSV', async () => {
    const { joint } = must(await read({ file, control: ['race'], weight: 'w' }));
    for (const format of ['json', 'parquet'] as const) {
      const target = { file: join(folder, `same.${format}`), format };
      must(await tables.writeRepresentation({ source: { file, format: 'csv' }, shaping: unshaped, target }));
      expect(must(await read({ file: target.file, control: ['race'], weight: 'w' })).joint).toEqual(joint);
    }
  });

  test('10,000 groups', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `g${i % 10_000},${i % 2},${i % 3 === 0 ? 1 : 0}`);
    const { joint } = must(await read({ file: put(`sex,y,yhat\n${rows.join('\n')}\n`) }));
    expect(joint.attributes[0]?.levels).toHaveLength(10_000);
    expect(totalOf(joint).n).toBe(30_000);
  });
});

describe('what cannot be audited', () => {
  const bad = put('sex,y,yhat,w\nf,1,1,1\nm,0,2,1\nf,2,0,-1\nm,1,1,1\n');

  test.each([
    [
      'a label of three values',
      { file: bad },
      'audit-file.label-values',
      'Its values: "1" (first in row 1), "0" (first in row 2), "2" (first in row 3).',
    ],
    [
      'a positive value that does not occur',
      { file: put('sex,y,yhat\nf,Yes,1\nm,No,0\n'), positive: 'yes' },
      'audit-file.label-values',
      'No row has the label "yes"; perhaps "Yes" is meant. Its values: "Yes" (first in row 1)',
    ],
    [
      'a prediction of three values',
      { file: put('sex,y,yhat\nf,1,low\nm,0,high\nm,0,mid\n') },
      'audit-file.prediction-values',
      '--positive-prediction a,b; or, if it is a score, give --score yhat with --threshold',
    ],
    [
      'a prediction in other words than the label',
      { file: put('sex,y,yhat\nf,1,deny\nm,0,grant\n') },
      'audit-file.prediction-values',
      'name the positive one with --positive-prediction',
    ],
    [
      'a positive prediction that does not occur',
      { file, decision: prediction('yhat', '1', '7') },
      'audit-file.prediction-values',
      'No row has the prediction "7"',
    ],
    ['a missing column', { file, protected: ['raec'] }, 'tabular.missing-column', 'did you mean "race"?'],
    ['a negative weight', { file: bad, weight: 'w' }, 'tabular.wrong-weight', 'row 3 is -1'],
    ['a protected label', { file, protected: ['y'] }, 'audit-file.repeated-column', '"y" cannot be'],
    ['a prediction that is the label', { file, decision: prediction('y') }, 'audit-file.repeated-column', '"y"'],
    ['another format', { file: put('x', 'xlsx') }, 'audit-file.unknown-format', '".xlsx" says nothing'],
    ['an empty file', { file: put('') }, 'tabular.empty', '0 bytes'],
    ['a header alone', { file: put('sex,y,yhat\n') }, 'tabular.empty', 'no rows'],
    [
      'no row with both outcomes',
      { file: put('sex,y,yhat\nf,1,\nm,,1\nm,0,\n') },
      'audit-file.no-rows',
      'both a label ("y")',
    ],
    ['a ragged file', { file: put('sex,y,yhat\nf,1,1\nm,0\n') }, 'tabular.malformed', 'line 3'],
  ] as const)('%s is refused', async (_name, options, kind, detail) => {
    expect(await read(options)).toMatchObject({
      ok: false,
      problem: { kind, detail: expect.stringContaining(detail) },
    });
  });

  test('a score in place of decisions: the way out is told, however many values it has', async () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => `f,${i % 2},${i / 300_000}`);
    expect(await read({ file: put(`sex,y,yhat\n${rows.join('\n')}\n`) })).toMatchObject({
      problem: { kind: 'audit-file.prediction-values', detail: expect.stringContaining('--threshold') },
    });
  });
});

const compas = '../shared/data/compas/compas-scores-two-years.csv';
if (!existsSync(compas)) test.skip(`skipped: COMPAS, because ${compas} is not there`, () => {});

describe('the COMPAS data of ProPublica', () => {
  (existsSync(compas) ? test : test.skip)(
    'gives the published truth tables, and shows its defect by month',
    async () => {
      const { joint, facts } = must(
        await read({
          file: compas,
          label: 'two_year_recid',
          decision: prediction('score_text', 'Medium', 'High'),
          protected: ['race', 'sex'],
          time: 'compas_screening_date',
          score: { column: 'decile_score', grid: 'values' },
        }),
      );
      expect(groupsOf(must(marginal(joint, ['race'])))).toMatchObject([
        { levels: ['African-American'], counts: { n: 3696, tn: 990, fp: 805, fn: 532, tp: 1369 } },
        { levels: ['Asian'], counts: { n: 32, tn: 21, fp: 2, fn: 3, tp: 6 } },
        { levels: ['Caucasian'], counts: { n: 2454, tn: 1139, fp: 349, fn: 461, tp: 505 } },
        { levels: ['Hispanic'], counts: { n: 637, tn: 318, fp: 87, fn: 129, tp: 103 } },
        { levels: ['Native American'], counts: { n: 18, tn: 5, fp: 3, fn: 1, tp: 9 } },
        { levels: ['Other'], counts: { n: 377, tn: 208, fp: 36, fn: 90, tp: 43 } },
      ]);
      expect(totalOf(joint)).toEqual({ n: 7214, tn: 2681, fp: 1282, fn: 1216, tp: 2035 });
      expect(facts).toMatchObject({ rows: 7214, counted: 7214, digest: digestOf(readFileSync(compas)), duplicates: 0 });
      const late = facts.months?.filter(({ month }) => month !== null && month > '2014-04') ?? [];
      expect(late.length).toBeGreaterThan(5);
      for (const { rows, labelPositive } of late) expect(labelPositive).toBe(rows);
    },
  );
});
