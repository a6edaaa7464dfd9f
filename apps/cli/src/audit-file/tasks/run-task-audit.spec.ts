import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TaskReport, TaskReportDocument } from '@hansa/fair';
import { afterAll, describe, expect, test } from '@jest/globals';
import { run, scratch } from '../../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());
let runs = 0;

async function audit(...args: readonly string[]) {
  const out = `out-${++runs}`;
  const ran = await run(['audit', 'run', ...args, '--out', out], { directory: folder.path });
  const file = join(folder.path, out, 'report.json');
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TaskReport) : null;
  return { ...ran, report, path: join(folder.path, out) };
}

const csv = (...lines: readonly string[]) => `sex,field,guess\n${lines.join('\n')}\n`;
const rows = (n: number, line: string) => Array.from({ length: n }, () => line);
const alike = (sex: string) => [
  ...rows(1200, `${sex},care,care`),
  ...rows(120, `${sex},care,craft`),
  ...rows(1200, `${sex},craft,craft`),
  ...rows(120, `${sex},craft,care`),
  ...rows(1200, `${sex},office,office`),
  ...rows(60, `${sex},office,care`),
  ...rows(60, `${sex},care,office`),
];
const apart = [...rows(150, 'Male,care,care'), ...rows(180, 'Male,care,craft'), ...rows(600, 'Male,craft,craft')];
const fair = csv(...alike('Female'), ...alike('Male'));
const multiclass = ['--task', 'multiclass', '--label', 'field', '--prediction', 'guess', '--protected', 'sex'];

describe('hansa audit run --task multiclass', () => {
  test('passes a fair file, writes plan, report and page, and gives the same bytes for rows in another order', async () => {
    folder.file('fair.csv', fair);
    const first = await audit('--data', 'fair.csv', ...multiclass);
    expect([first.code, first.report?.verdict.outcome]).toEqual([0, 'pass']);
    expect(TaskReportDocument.parse(first.report)).toEqual(first.report);
    expect(JSON.parse(readFileSync(join(first.path, 'plan.json'), 'utf8'))).toEqual(first.report?.plan);
    expect(readFileSync(join(first.path, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    folder.file('turned.csv', csv(...alike('Male').reverse(), ...alike('Female').reverse()));
    const turned = await audit('--data', 'turned.csv', ...multiclass);
    expect(turned.report?.classes).toEqual(first.report?.classes);
    expect(turned.report?.verdict).toEqual(first.report?.verdict);
  });

  test('fails a file in which one class is missed in one group, and says so', async () => {
    folder.file('unfair.csv', csv(...alike('Female'), ...apart));
    const { code, out, report } = await audit('--data', 'unfair.csv', ...multiclass);
    expect([code, report?.verdict.outcome]).toEqual([1, 'fail']);
    expect(out).toContain(
      'high: Where sex is Male, the model rightly says "care" for 45.5 % (150 of 330) of the cases that truly are "care"; where it is Female, 87 % (1200 of 1380).',
    );
  });

  test('leaves out and names rows without an answer, and says when there are too few', async () => {
    folder.file(
      'few.csv',
      csv(...rows(20, 'Female,care,care'), ...rows(20, 'Male,craft,craft'), ...rows(3, 'Male,craft,')),
    );
    const { code, report } = await audit('--data', 'few.csv', ...multiclass);
    expect(code).toBe(3);
    expect(report?.data).toMatchObject({ rows: 40, rowsInFile: 43 });
    expect(report?.findings.map(({ text }) => text).join(' ')).toContain('3 of 43 rows');
  });

  test('takes the task from the plan, whose margins decide', async () => {
    const metrics = [{ metric: 'macroF1Difference', margin: 0.9, reason: 'Nearly anything goes.' }];
    folder.file('plan.json', { task: 'multiclass', attributes: ['sex'], metrics });
    folder.file('unfair.csv', csv(...alike('Female'), ...apart, ...rows(200, 'Male,office,office')));
    const { code, report } = await audit(
      '--data',
      'unfair.csv',
      '--plan',
      'plan.json',
      '--label',
      'field',
      '--prediction',
      'guess',
    );
    expect(code).toBe(0);
    expect(report?.plan).toMatchObject({ task: 'multiclass', outcome: { name: 'field' }, metrics });
  });

  test.each([
    [
      'one class only',
      csv(...rows(9, 'F,care,care'), 'M,care,craft'),
      multiclass,
      'with one class there is nothing to tell apart',
    ],
    [
      'words that no label has',
      csv('F,care,0', 'M,craft,1'),
      multiclass,
      'No value of the prediction "guess" is a class of the label',
    ],
    [
      'an option of other audits',
      fair,
      [...multiclass, '--positive', 'care'],
      '--positive is for audits of yes-or-no decisions',
    ],
    ['an unknown task', fair, ['--task', 'clusters'], '--task is binary, multiclass'],
    ['a metric that there is not', fair, [...multiclass, '--plan', 'bad.json'], 'The plan cannot be used'],
    ['no task for several classes', fair, [...multiclass.slice(2), '--outcome', 'benefit'], '--task multiclass'],
    [
      'numbers as classes',
      csv(...Array.from({ length: 60 }, (_, i) => `F,${i},${i}`)),
      multiclass,
      'has 60 values; classes are at most 50',
    ],
    [
      'numbers without saying that they are classes',
      csv(...Array.from({ length: 60 }, (_, i) => `F,${i},${i}`)),
      [...multiclass.slice(2), '--outcome', 'benefit'],
      'in a run of its own. ',
    ],
    ['no rows with both', csv('F,care,', 'M,craft,', 'M,,care'), multiclass, 'No row has both'],
    ['the same column twice', fair, [...multiclass.slice(0, -1), 'guess'], 'cannot be an outcome and something else'],
  ])('refuses %s with what to do', async (_, content, args, message) => {
    folder.file('people.csv', content);
    folder.file('bad.json', { metrics: [{ metric: 'f7', margin: 0.1, reason: 'None.' }] });
    const { code, err, report } = await audit('--data', 'people.csv', ...args);
    expect([code, report]).toEqual([2, null]);
    expect(err).toContain(message);
  });

  test('prints a report later, which no credential signs and nobody can verify by itself', async () => {
    folder.file('fair.csv', fair);
    const { path } = await audit('--data', 'fair.csv', ...multiclass);
    const file = join(path, 'report.json');
    const pdf = join(path, 'later.pdf');
    expect((await run(['audit', 'pdf', file, '--out', pdf])).code).toBe(0);
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await run(['audit', 'pdf', file, '--out', pdf, '--credential', file])).err).toContain('have no credential');
    expect((await run(['verify', file])).err).toContain('a report on another task than yes-or-no decisions');
  });

  test('keeps plans of tasks away from counts of several cities', async () => {
    folder.file('plan.json', { task: 'multiclass', attributes: ['sex'] });
    folder.file('fair.csv', fair);
    const args = [
      '--data',
      'fair.csv',
      '--label',
      'field',
      '--prediction',
      'guess',
      '--plan',
      'plan.json',
      '--by',
      'Ghent',
    ];
    const { code, err } = await run(['audit', 'count', ...args, '--out', 'c.json'], { directory: folder.path });
    expect(code).toBe(2);
    expect(err).toContain('several cities can only audit yes-or-no decisions together');
  });
});

const census = resolve(import.meta.dirname, '../../../../../../shared/data/dutch-census-2001/dutch.csv');
const onCensus = existsSync(census) ? test : test.skip;

onCensus(
  'on the Dutch census of 2001, a guess of education from work misses levels that women and men have alike',
  async () => {
    const lines = readFileSync(census, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const known = new Map<string, Map<string, number>>();
    const key = (row: readonly string[]) => `${row[11]} ${row[9]}`;
    const training = lines.filter((_, i) => i % 2 === 0);
    for (const row of training) {
      const seen = known.get(key(row)) ?? new Map<string, number>();
      seen.set(row[7] ?? '', (seen.get(row[7] ?? '') ?? 0) + 1);
      known.set(key(row), seen);
    }
    const guess = (row: readonly string[]) =>
      [...(known.get(key(row)) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
    const held = lines.filter((row, i) => i % 2 === 1 && guess(row) !== '');
    folder.file('census.csv', csv(...held.map((row) => `${row[0]},${row[7]},${guess(row)}`)));
    const { code, report } = await audit('--data', 'census.csv', ...multiclass);
    expect(code).toBe(1);
    const right = held.filter((row) => row[7] === guess(row)).length;
    expect(report?.classes?.everybody.accuracy).toMatchObject({ state: 'value', k: right, n: held.length });
    expect(report?.verdict.reasons.find(({ class: name }) => name === '5')).toMatchObject({ outcome: 'fail' });
  },
);
