import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { logisticModel } from '@hansa/inference/testing';
import type { JsonObject } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, scratch, smallReport } from '../testing/index.js';
import type { FilesRerun } from './rerun-files.js';

const folder = scratch();
afterAll(() => folder.remove());

const hansa = (...args: readonly string[]) => run(['audit', ...args], { directory: folder.path });
const at = (name: string) => join(folder.path, name);
const reportOf = (name: string): JsonObject => JSON.parse(readFileSync(at(name), 'utf8'));

const rows = Array.from({ length: 600 }, (_, i) => {
  const sex = i % 2 ? 'm' : 'f';
  const score = ((i * 7) % 11) / 10;
  const clerk = i % 5 ? 'no' : 'yes';
  return `${sex},${i % 3 === 0 ? 'high' : i % 3 === 1 ? 'low' : 'none'},${score},2026-0${1 + (i % 9)}-01,${clerk},${(i % 7) - 3},${i}`;
});
const csv = (own: readonly string[]) => `${['sex,y,p,day,clerk,a,id', ...own].join('\n')}\n`;
const asked = ['--label', 'y', '--positive', 'high', '--protected', 'sex', '--outcome', 'burden'];

beforeAll(async () => {
  folder.file('people.csv', csv(rows));
  folder.file('train.csv', csv(rows.slice(0, 40)));
  folder.file('card.json', {
    name: 'm',
    version: '3',
    intendedUse: 'Tests.',
    threshold: { atLeast: 0.6, class: 1 },
    features: ['a', 'p'],
  });
  writeFileSync(at('m.onnx'), logisticModel([1, 1]));
  const counts = ['set,feature,level,TN,FP,FN,TP', 'a,sex,f,90,20,0,40', 'a,sex,m,95,25,15,45', 'b,sex,f,9,2,1,4'];
  folder.file('counts.csv', `${counts.join('\n')}\n`);
  const scored = ['--score', 'p', '--threshold', '0.5', '--seed', '3', '--time', 'day', '--proxies'];
  const more = ['--training', 'train.csv', '--at', '2026-11-23T10:00:00Z', '--out', 'scored'];
  await hansa('run', '--data', 'people.csv', ...asked, ...scored, ...more);
  for (const moved of ['people.csv', 'train.csv']) copyFileSync(at(moved), at(`moved-${moved}.copy`));
}, 60_000);

const again = ['--data', 'moved-people.csv.copy', '--training', 'moved-train.csv.copy'];

describe('hansa audit rerun', () => {
  test('comes to the same bytes from the files alone, whatever they are called here', async () => {
    const { code, out } = await hansa('rerun', 'scored/report.json', ...again);
    expect(out).toMatch(/^scored\/report.json: identical to the byte \(sha-256:[0-9a-f]{64}\), no member left out.\n$/);
    expect(code).toBe(0);
  });

  test('of a model with its card, beside what people decided, needs the model and no card', async () => {
    const first = await hansa(
      ...['run', '--data', 'people.csv', '--model', 'm.onnx', '--card', 'card.json', ...asked, '--out', 'model'],
      ...['--human-baseline', 'clerk', '--positive-baseline', 'yes'],
    );
    expect(first).toMatchObject({ code: 3, err: expect.not.stringContaining('hansa: ') });
    copyFileSync(at('m.onnx'), at('other-name.onnx'));
    const files = ['--data', 'people.csv', '--model', 'other-name.onnx'];
    expect((await hansa('rerun', 'model/report.json', ...files)).code).toBe(0);
    const missing = await hansa('rerun', 'model/report.json', '--data', 'people.csv');
    expect([missing.code, missing.err]).toEqual([2, expect.stringMatching(/looked at m\.onnx \(sha-256:.*--model/)]);
    writeFileSync(at('other-name.onnx'), logisticModel([1, 2]));
    const other = await hansa('rerun', 'model/report.json', ...files);
    expect([other.code, other.out]).toEqual([
      1,
      expect.stringContaining('another model file: the report is about m.onnx'),
    ]);
  }, 60_000);

  test('of published counts chooses the same tables', async () => {
    const from = ['--counts', 'counts.csv', '--population', 'set=a', '--suppressed-below', '5'];
    await hansa('run', ...from, '--outcome', 'burden', '--protected', 'sex', '--out', 'counts');
    expect((await hansa('rerun', 'counts/report.json', '--counts', 'counts.csv')).code).toBe(0);
    const people = await hansa('rerun', 'counts/report.json', '--data', 'people.csv');
    expect([people.code, people.err]).toEqual([2, expect.stringContaining('The report is of counts')]);
  });

  test('of a file with one row changed says that it is another, and which figures follow', async () => {
    folder.file('changed.csv', csv(rows.map((row, i) => (i === 9 ? row.replace(',high,', ',low,') : row))));
    const args = ['--data', 'changed.csv', '--training', 'train.csv', '-o', 'json'];
    const { code, out } = await hansa('rerun', 'scored/report.json', ...args);
    expect(code).toBe(1);
    const { differences, differing, files }: FilesRerun = JSON.parse(out);
    expect(differences[0]).toMatchObject({ at: '/data/digest', stated: files[0]?.stated, rederived: files[0]?.found });
    expect(differences.map((one) => one.at)).toContain('/slices/0/counts/tp');
    expect(differing).toBeGreaterThan(differences.length - 1);
    expect(files.map(({ stated, found }) => stated === found)).toEqual([false, true]);
  });

  test('of a file that cannot be audited alike is bad input, and says first that it is another file', async () => {
    folder.file('else.csv', 'town,count\nGhent,3\nBruges,4\n');
    const { code, err } = await hansa('rerun', 'scored/report.json', '--data', 'else.csv', '--training', 'train.csv');
    expect(err).toMatch(/This is another file: else\.csv is sha-256:\w+, and people\.csv of the report is sha-256:/);
    expect(code).toBe(2);
  });

  const forged = (name: string, change: (report: Record<string, JsonObject>) => void) => {
    const report = JSON.parse(JSON.stringify(reportOf('scored/report.json')));
    change(report);
    return folder.file(name, report);
  };

  test('names another version, another plan, and a figure that was changed', async () => {
    const old = forged('old.json', ({ plan, software }) => {
      Object.assign(software ?? {}, { version: '0.0.1' });
      Object.assign(plan ?? {}, { draws: { seed: 4, replicates: 1999 } });
    });
    const other = await hansa('rerun', old, ...again);
    expect(other.out).toContain('another version: hansa 0.0.1 wrote the report, this is hansa');
    expect(other.out).toContain('another plan: the one in the report (margins, seeds, groups)');
    expect(other.out).toContain('/planDigest: ');
    const figure = forged('figure.json', ({ verdict }) => Object.assign(verdict ?? {}, { outcome: 'pass' }));
    const changed = await hansa('rerun', figure, ...again);
    expect(changed.out).toContain('same files, same plan, same version: the report was changed');
    expect([other.code, changed.code]).toEqual([1, 1]);
  }, 60_000);

  test.each<[string, () => string, readonly string[], RegExp]>([
    [
      'a report that ends in the middle',
      () => folder.file('cut.json', readFileSync(at('scored/report.json'), 'utf8').slice(0, 999)),
      again,
      /not JSON/,
    ],
    ['a plan', () => 'scored/plan.json', again, /is not an audit report/],
    [
      'a report with a member taken away',
      () => forged('less.json', (report) => delete report.verdict),
      again,
      /does not have the form/,
    ],
    [
      'a report that does not say how it was asked for',
      () => forged('mute.json', (report) => delete report.request),
      again,
      /does not say how it was asked for: a version of hansa/,
    ],
    [
      'an option that this version does not have',
      () => forged('new.json', ({ request }) => Object.assign(request ?? {}, { options: { depth: 3 } })),
      again,
      /asked for with --depth/,
    ],
    [
      'a file among the options',
      () => forged('file.json', ({ request }) => Object.assign(request ?? {}, { options: { card: 'c' } })),
      again,
      /asked for with --card/,
    ],
    [
      'an option of another kind',
      () => forged('kind.json', ({ request }) => Object.assign(request ?? {}, { options: { label: 3 } })),
      again,
      /no string for --label/,
    ],
    [
      'a file that is not there',
      () => 'scored/report.json',
      ['--data', 'gone.csv', '--training', 'train.csv'],
      /gone\.csv cannot be read/,
    ],
    ['the training data left out', () => 'scored/report.json', ['--data', 'people.csv'], /train\.csv .*--training/],
    [
      'a model that the report does not know',
      () => 'scored/report.json',
      [...again, '--model', 'm.onnx'],
      /no model file/,
    ],
  ])('refuses %s', async (_, file, args, words) => {
    const { code, err } = await hansa('rerun', file(), ...args);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });

  test('of several cities says how that is done', async () => {
    const plan = reportOf('scored/plan.json');
    folder.file('shared.json', { outcome: plan.outcome, attributes: ['sex'] } as object);
    for (const [city, own] of [
      ['ghent', rows.slice(0, 200)],
      ['bruges', rows.slice(200)],
    ] as const) {
      folder.file(`${city}.csv`, csv(own));
      const counted = ['--label', 'clerk', '--positive', 'yes', '--prediction', 'p', '--threshold', '0.5'];
      const named = ['--data', `${city}.csv`, '--plan', 'shared.json', '--by', city, '--out', `${city}.json`];
      await hansa('count', ...named, ...counted);
    }
    await hansa('merge', 'ghent.json', 'bruges.json', '--out', 'merged');
    const { code, err } = await hansa('rerun', 'merged/report.json', '--data', 'people.csv');
    expect(err).toMatch(/of 2 cities.*hansa audit count.*hansa audit verify/);
    expect(code).toBe(2);
  });

  test('of a report that a node made from its dataset names the way over a node', async () => {
    const report = smallReport();
    folder.file('node.json', { ...report, data: { ...report.data, dataset: 'urn:uuid:1' } });
    const { code, err } = await hansa('rerun', 'node.json', '--data', 'people.csv');
    expect([code, err]).toEqual([2, expect.stringContaining('from its dataset urn:uuid:1')]);
  });
});

const compas = resolve('../shared/data/compas/compas-scores-two-years.csv');
if (!existsSync(compas)) test.skip(`skipped: COMPAS again, because ${compas} is not there`, () => undefined);
else
  test('an audit of COMPAS with everything that can be asked for comes to the same bytes again', async () => {
    await hansa(
      ...['run', '--data', compas, '--label', 'two_year_recid', '--score', 'decile_score', '--threshold', '5'],
      ...['--outcome', 'burden', '--protected', 'race,sex', '--intersect', 'sex*race', '--control', 'age_cat'],
      ...['--privileged', 'race=Caucasian', '--time', 'compas_screening_date', '--out', 'compas'],
    );
    const { code, out } = await hansa('rerun', 'compas/report.json', '--data', compas);
    expect([code, out]).toEqual([0, expect.stringContaining('identical to the byte')]);
  }, 60_000);
