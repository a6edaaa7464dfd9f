import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditReport, rederive, reportFrom } from '@hansa/fair';
import { afterAll, expect, test } from '@jest/globals';
import { run, scratch } from '../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());
let runs = 0;

async function audit(...args: readonly string[]) {
  const out = `out-${++runs}`;
  const ran = await run(['audit', 'run', ...args, '--out', out], { directory: folder.path });
  const file = join(folder.path, out, 'report.json');
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AuditReport) : null;
  const page = report ? readFileSync(join(folder.path, out, 'report.html'), 'utf8') : '';
  return { ...ran, report, page };
}

/** 150 people with four decisions each, which are nearly always the same. */
const people = Array.from({ length: 600 }, (_, i) => {
  const person = Math.floor(i / 4);
  const sex = person % 2 ? 'f' : 'm';
  const label = person % 5 < 2 ? 1 : 0;
  const decision = (person * 7) % 10 < (sex === 'f' ? 7 : 4) ? 1 : i % 37 === 0 ? 1 : 0;
  return `${sex},${label},${decision},k${person},${((i * 37) % 100) / 100},${1 + (i % 3)}`;
});
folder.file('people.csv', `${['sex,y,yhat,person_id,p,w', ...people].join('\n')}\n`);
const base = [
  '--data',
  'people.csv',
  '--label',
  'y',
  '--prediction',
  'yhat',
  '--protected',
  'sex',
  '--outcome',
  'burden',
];

test('a number of people that occurs more than once is found, and the finding names the option that allows for it', async () => {
  const { report } = await audit(...base);
  const found = report?.findings.find(({ attribute }) => attribute === 'person_id');
  expect(found).toMatchObject({ type: 'https://w3id.org/hansa/v1#DependentRows', severity: 'medium' });
  expect(found?.text).toMatch(/^"person_id" has 150 values in 600 rows\. .* say --cluster person_id\.$/);
});

test('--cluster stands in the plan, widens intervals, lets tests find less, and can be derived again', async () => {
  const [plain, first, second] = [
    await audit(...base),
    await audit(...base, '--cluster', 'person_id', '--score', 'p'),
    await audit(...base, '--cluster', 'person_id', '--score', 'p'),
  ];
  const { report } = first;
  if (!report || !plain.report) throw new Error('no report');
  expect(report.plan.cluster).toBe('person_id');
  expect(second.report).toEqual(report);
  expect(reportFrom(report)).toEqual(report);
  expect(rederive(report).discrepancies).toEqual([]);
  const rateOf = ({ slices }: AuditReport) => {
    const rate = slices.find(({ attributes }) => attributes.sex === 'f')?.rates.selectionRate;
    if (rate?.state !== 'value') throw new Error('no rate');
    return { ...rate, width: rate.interval.upper - rate.interval.lower };
  };
  const [alone, together] = [rateOf(plain.report), rateOf(report)];
  expect(together.clustered).toMatchObject({ clusters: 75 });
  expect(together.clustered?.designEffect).toBeGreaterThan(3);
  expect(together.value).toBe(alone.value);
  const pOf = (own: AuditReport) => {
    const found = own.tests?.tests.find(
      ({ rate, question }) => rate === 'selectionRate' && question === 'same-in-groups',
    );
    return found?.result.state === 'value' ? found.result.p : Number.NaN;
  };
  expect(pOf(report)).toBeGreaterThan(2 * pOf(plain.report));
  expect(together.width / alone.width).toBeGreaterThan(1.6);
  const texts = report.findings.map(({ text }) => text).join('\n');
  expect(texts).toContain('600 rows belong to 150 clusters by "person_id"');
  expect(texts).not.toContain('say --cluster');
  expect(report.scores?.everybody.auc).not.toHaveProperty('interval');
  expect(first.page).toContain('Areas have no interval: the interval of an area (DeLong) takes rows to be unrelated');
  expect(first.page).toContain('Rows, and as how many unrelated ones they tell');
  expect(first.page).toContain('Rows belong together by');
  expect(first.page).toContain('variances are linearised over clusters');
});

test.each<[string, readonly string[], RegExp]>([
  ['weights', ['--weight', 'w'], /not allowed for together/],
  ['a seed', ['--seed', '1'], /leave out the seed or the clusters/],
  ['decisions by people', ['--human-baseline', 'p'], /row by row/],
])('clusters with %s end with 2 and a sentence that says why', async (_, args, sentence) => {
  const { code, err } = await audit(...base, '--cluster', 'person_id', ...args);
  expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
});

test('a cluster that is no column, or one with another part, ends with 2', async () => {
  expect((await audit(...base, '--cluster', 'nobody')).code).toBe(2);
  const same = await audit(...base, '--cluster', 'sex');
  expect([same.code, same.err]).toEqual([2, expect.stringMatching(/cannot/)]);
});
