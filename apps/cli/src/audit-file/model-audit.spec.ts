import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditReport, reportFrom } from '@hansa/fair';
import {
  classModel,
  dataType,
  logisticModel,
  mixedModel,
  model,
  node,
  tensorType,
  value,
  zipMapModel,
} from '@hansa/inference/testing';
import { digestOf } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, scratch } from '../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());
let runs = 0;

async function audit(args: readonly string[]) {
  const out = `out-${++runs}`;
  const ran = await run(['audit', 'run', ...args, '--out', out], { directory: folder.path });
  const read = (name: string) => {
    const file = join(folder.path, out, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const report = read('report.json');
  return { ...ran, report: report === null ? null : (JSON.parse(report) as AuditReport), read };
}

/** Rows of two groups; the model that adds `a` and `b` decides as `yhat` says, and `word` names the class. */
const cells = { Female: [600, 100, 60, 240], Male: [300, 400, 60, 240] } as const;
const rows = Object.entries(cells).flatMap(([sex, counts]) =>
  counts.flatMap((n, cell) =>
    Array.from({ length: n }, (_, i) => {
      const [y, d] = [cell >> 1, cell & 1];
      return `${sex},${y},${d},${d ? 2 + (i % 3) : -3},${i % 2},${d ? 'granted' : 'refused'},${i % 7 ? i : ''}`;
    }),
  ),
);
const header = 'sex,y,yhat,a,b,word,gappy';
const models: Readonly<Record<string, Uint8Array>> = {
  'm.onnx': logisticModel([1, 1]),
  'zip.onnx': zipMapModel(false),
  'names.onnx': classModel({ refused: [-1, 0], granted: [1, 0] }, true),
  'labels.onnx': classModel({ refused: [-1, 0], granted: [1, 0] }, false),
  'made-up.onnx': model({
    nodes: [node('Guess', ['X'], ['Y'])],
    inputs: [value('X', tensorType(dataType.float32, ['N', 2]))],
    outputs: [value('Y', tensorType(dataType.float32, ['N', 1]))],
  }),
};
beforeAll(() => {
  folder.file('people.csv', `${[header, ...rows].join('\n')}\n`);
  folder.file('word.csv', 'sex,y,a,b\nf,1,1,2\nm,0,2,"1,5"\nf,0,1,3\n');
  folder.file('not.onnx', 'this is no model');
  folder.file('card.json', {
    name: 'sums',
    version: '3',
    intendedUse: 'Tests.',
    threshold: { atLeast: 0.5, class: 1 },
    features: ['a', { name: 'b', type: 'float' }],
  });
  folder.file('half-card.json', { name: 'sums', version: '3' });
  for (const [name, bytes] of Object.entries(models)) writeFileSync(join(folder.path, name), bytes);
});

const base = ['--data', 'people.csv', '--label', 'y', '--protected', 'sex', '--outcome', 'burden'];
const ab = ['--features', 'a,b'];

describe('hansa audit run with a model', () => {
  test('counts as if the decisions stood in the file, and names the model', async () => {
    const decided = await audit([...base, '--prediction', 'yhat']);
    const scored = await audit([...base, '--model', 'm.onnx', ...ab, '--human-baseline', 'b']);
    expect([scored.code, scored.report?.verdict.outcome]).toEqual([1, 'fail']);
    expect(scored.report?.slices).toEqual(decided.report?.slices);
    expect(scored.report?.verdict).toEqual(decided.report?.verdict);
    expect(scored.report?.model).toEqual({
      digest: digestOf(models['m.onnx'] ?? new Uint8Array()),
      file: 'm.onnx',
      inputs: ['X'],
      outputs: ['label', 'probabilities'],
      output: 'probabilities',
      features: ['a', 'b'],
      threshold: 0.5,
      positiveClass: '1',
    });
    expect(scored.report && reportFrom(scored.report)).toEqual(scored.report);
    expect(scored.read('report.html')).toContain('--model m.onnx --features a,b');
    expect(scored.err).not.toContain('Scoring');
    const people = scored.report?.humanBaseline;
    const clerk = rows.map((row) => row.split(','));
    const yes = (y: string) => clerk.filter((row) => row[1] === y && row[4] === '1').length;
    expect([people?.rows, people?.leftOut, people?.positive]).toEqual([2000, 0, ['1']]);
    expect(people?.slices[0]?.people.counts).toMatchObject({ fp: yes('0'), tp: yes('1') });
    expect(people?.slices[0]?.model.counts).toEqual(scored.report?.slices[0]?.counts);
    expect(scored.read('report.html')).toContain('The model and people');
  });

  test.each<[string, readonly string[]]>([
    ['a sequence of maps, by its card', ['--model', 'zip.onnx', '--card', 'card.json']],
    ['labels without scores', ['--model', 'labels.onnx', ...ab, '--positive-class', 'granted']],
  ])('reads %s', async (_, args) => {
    const { err, report } = await audit([...base, ...args]);
    const { fp = 0, tp = 0 } = report?.slices[0]?.counts ?? {};
    expect([err.split('\n').length, Number(fp) + Number(tp)]).toEqual([2, 980]);
  });

  test('says which columns were empty where the model scored all the same', async () => {
    const gappy = logisticModel([1]);
    writeFileSync(join(folder.path, 'tree.onnx'), gappy);
    const refused = await audit([...base, '--model', 'tree.onnx', '--features', 'gappy']);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('no number (NaN) for row 1, in which there is no value in "gappy"'),
    ]);
    writeFileSync(join(folder.path, 'kind.onnx'), mixedModel());
    folder.file(
      'kinds.csv',
      `sex,y,lat,kind\n${rows.map((row, i) => `${row.slice(0, row.indexOf(',') + 2)},${i % 30},${i % 5 ? 'tram' : ''}`).join('\n')}\n`,
    );
    const { report } = await audit([...base, '--data', 'kinds.csv', '--model', 'kind.onnx', '--threshold', '12']);
    expect(report?.findings.map(({ text }) => text).join('\n')).toContain('"kind" in 400 of');
  });
});

describe('what does not fit is refused', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['a file that is no ONNX', ['--model', 'not.onnx', ...ab], /not\.onnx: The file is not an ONNX model/],
    ['a model that is not there', ['--model', 'gone.onnx', ...ab], /There is no file .*gone\.onnx on this machine/],
    ['a model of a node', ['--model', 'urn:uuid:1'], /ONNX file on this machine.*--dataset/],
    ['a directory', ['--model', '.', ...ab], /not a file/],
    [
      'a model of operators that nobody knows',
      ['--model', 'made-up.onnx', ...ab],
      /made-up\.onnx: ONNX Runtime could not load.*Guess/,
    ],
    ['a matrix without names', ['--model', 'm.onnx'], /takes 2 columns in a fixed order.*--features a,b,c/],
    [
      'words for numbers',
      ['--model', 'm.onnx', '--features', 'a,word'],
      /numbers in the column "word".* "refused" in row 1/,
    ],
    ['a decimal comma', ['--data', 'word.csv', '--model', 'm.onnx', ...ab], /"b".* "1,5" in row 2/],
    ['the label among the inputs', ['--model', 'm.onnx', '--features', 'a,y'], /label "y" is among the inputs/],
    [
      'classes that are not those of the label',
      ['--model', 'names.onnx', ...ab],
      /"refused", "granted".*positive label "1".*--positive-class/,
    ],
    [
      'a threshold for labels',
      ['--model', 'labels.onnx', ...ab, '--positive-class', 'granted', '--threshold', '0.5'],
      /no scores/,
    ],
    [
      'a column of decisions as well',
      ['--model', 'm.onnx', ...ab, '--prediction', 'yhat'],
      /--model, which makes the decisions, or --prediction/,
    ],
    [
      'decisions by people of several kinds',
      ['--prediction', 'yhat', '--human-baseline', 'a'],
      /"a" has 4 values.*--positive-baseline/,
    ],
    [
      'decisions by people in the column of the label',
      ['--prediction', 'yhat', '--human-baseline', 'y'],
      /"y" cannot be an outcome and something else/,
    ],
    [
      'a card without members',
      ['--model', 'm.onnx', '--card', 'half-card.json'],
      /half-card\.json is no model card.*intendedUse/,
    ],
    [
      'a card that says otherwise',
      ['--model', 'm.onnx', '--card', 'card.json', '--threshold', '0.7'],
      /card says 0\.5.*--threshold 0\.7/,
    ],
    ['a card without a model', ['--card', 'card.json', '--prediction', 'yhat'], /--card.*--model/],
  ])('%s', async (_, args, sentence) => {
    const { code, out, err, read } = await audit([...base, ...args]);
    expect([code, out, read('report.json')]).toEqual([2, '', null]);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
  });
});

describe('a label of several classes', () => {
  const lines = [
    'sex,y,yhat',
    ...Array.from(
      { length: 600 },
      (_, i) => `${i % 2 ? 'f' : 'm'},${['low', 'middle', 'high'][i % 3]},${['low', 'high', 'high', 'middle'][i % 4]}`,
    ),
  ];
  const args = [
    '--data',
    'classes.csv',
    '--label',
    'y',
    '--prediction',
    'yhat',
    '--protected',
    'sex',
    '--outcome',
    'burden',
  ];

  test('is audited one class against the rest, and the report says so', async () => {
    folder.file('classes.csv', `${lines.join('\n')}\n`);
    const { err, report } = await audit([...args, '--positive', 'high']);
    expect(err).toMatch(/^The plan is fixed/);
    expect(report?.slices[0]?.counts).toEqual({ n: 600, tn: 200, fp: 200, fn: 100, tp: 100 });
    expect(report?.findings.map(({ text }) => text).join()).toContain(
      '"high" (200 rows) is positive here, against all others: "low" (200 rows), "middle" (200 rows)',
    );
  });

  test('without a choice its classes are listed, with the way to choose', async () => {
    folder.file('classes.csv', `${lines.join('\n')}\n`);
    const { code, err } = await audit(args);
    expect(code).toBe(2);
    expect(err).toContain('with --positive "middle", and audit each class in a run of its own; or audit all classes');
    expect(err).toContain('"low" (first in row 1), "middle" (first in row 2), "high" (first in row 3)');
  });
});
