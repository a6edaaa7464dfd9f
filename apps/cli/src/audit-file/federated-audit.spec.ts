import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditCounts, AuditReport } from '@hansa/fair';
import { afterAll, describe, expect, test } from '@jest/globals';
import { run, scratch } from '../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());

const hansa = (...args: readonly string[]) => run(['audit', ...args], { directory: folder.path });
const text = (name: string) => readFileSync(join(folder.path, name), 'utf8');
const plan = `outcome: { name: needs a check, positive: is checked, polarity: burden }
attributes: [sex, age]
intersections: [[sex, age]]
`;
folder.file('plan.yaml', plan);
/** Rows of which each third is positive; a man is checked more often than a woman. */
const rows = Array.from({ length: 900 }, (_, i) => {
  const sex = i % 2 ? 'm' : 'f';
  return `${sex},${i % 5 ? 'old' : 'young'},${i % 3 === 0 ? 1 : 0},${(i * 7) % 11 < (sex === 'm' ? 7 : 3) ? 1 : 0}`;
});
const csv = (own: readonly string[], names = 'sex,age,y,d') => `${[names, ...own].join('\n')}\n`;
folder.file('all.csv', csv(rows));
const people = (file: string, label = 'y', decision = 'd') => [
  ...['--data', file, '--label', label, '--prediction', decision, '--plan', 'plan.yaml'],
];
const count = (file: string, city: string, out: string, ...columns: readonly string[]) =>
  hansa('count', ...people(file, ...columns), '--by', city, '--out', out);

describe('hansa audit count and merge', () => {
  test('give the report of one file with all rows, apart from what names the data', async () => {
    folder.file('ghent.csv', csv(rows.slice(0, 250)));
    folder.file('bruges.csv', csv(rows.slice(250), 'sex,age,uitkomst,besluit'));
    expect((await count('ghent.csv', 'Ghent', 'ghent.json')).code).toBe(0);
    expect((await count('bruges.csv', 'did:web:bruges.example', 'bruges.json', 'uitkomst', 'besluit')).code).toBe(0);
    const merged = await hansa('merge', 'ghent.json', 'bruges.json', '--out', 'merged');
    const whole = await hansa('run', ...people('all.csv'), '--out', 'whole');
    expect([merged.code, merged.err]).toEqual([whole.code, '']);
    const [own, all] = ['merged', 'whole'].map((name): AuditReport => JSON.parse(text(`${name}/report.json`)));
    for (const member of ['slices', 'comparisons', 'verdict', 'plan', 'planDigest'] as const)
      expect(own?.[member]).toEqual(all?.[member]);
    expect(own?.data).toMatchObject({ rows: 900, cities: [{ countedBy: 'Ghent', rows: 250 }, { rows: 650 }] });
    expect(text('merged/plan.json')).toBe(text('whole/plan.json'));
    expect(text('merged/report.html')).toContain('counts of Ghent, did:web:bruges.example');
    expect(text('merged/report.html')).toMatch(
      /City by city[\s\S]*Over all cities the difference between m and f is 0\.\d+/,
    );
    expect(text('whole/report.html')).not.toContain('City by city');
  });

  test('hand out counts and no row, the same bytes each time', async () => {
    const once = text('ghent.json');
    await count('ghent.csv', 'Ghent', 'ghent.json');
    expect(text('ghent.json')).toBe(once);
    const { counts, definitions }: AuditCounts = JSON.parse(once);
    expect(counts.kind === 'joint' && counts.cells.flat().reduce((sum, n) => sum + n, 0)).toBe(250);
    expect(definitions.decision).toEqual({ kind: 'prediction', column: 'd', positive: ['1'] });
  });

  test('withhold small numbers where that is asked for, and the report says so', async () => {
    const careful = await hansa(
      'count',
      ...people('ghent.csv'),
      '--by',
      'Ghent',
      '--minimum-cell',
      '12',
      '--out',
      'k.json',
    );
    expect([careful.code, careful.out]).toEqual([0, expect.stringMatching(/Of \d+ numbers [1-9]\d* are withheld/)]);
    const merged = await hansa('merge', 'k.json', 'bruges.json', '--out', 'k');
    expect(merged.code).not.toBe(2);
    expect(merged.out).toContain('were withheld for');
    expect((await hansa('verify', 'k', 'k.json', 'bruges.json')).code).toBe(0);
    expect(
      (await hansa('count', ...people('ghent.csv'), '--by', 'G', '--minimum-cell', '1', '--out', 'k.json')).code,
    ).toBe(2);
  });

  test('refuse a plan that leaves open what is decided, with exit code 2', async () => {
    folder.file('open.yaml', 'attributes: [sex]\n');
    const { code, err } = await hansa(
      'count',
      ...people('all.csv').slice(0, -1),
      'open.yaml',
      '--by',
      'Ghent',
      '--out',
      'o.json',
    );
    expect([code, existsSync(join(folder.path, 'o.json'))]).toEqual([2, false]);
    expect(err).toContain('must say what is decided');
  });

  test('refuse counts that contradict each other, with the city', async () => {
    const again = await hansa('merge', 'ghent.json', 'ghent.json', '--out', 'no');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('Ghent is there twice')]);
    writeFileSync(join(folder.path, 'forged.json'), text('ghent.json').replace('"rows":250', '"rows":251'));
    const forged = await hansa('merge', 'forged.json', 'bruges.json', '--out', 'no');
    expect([forged.code, forged.err]).toEqual([2, expect.stringContaining('forged.json: The counts are of 250 rows')]);
  });
});

describe('weights and scores of several cities', () => {
  const scored = rows.map((row, i) => `${row},${1 + (i % 4) / 8},${((i * 37) % 100) / 100}`);
  const asked = '\nweight: w\nscore: { column: p, range: [0, 1] }\n';
  const own = (file: string) => [...['--data', file, '--label', 'y', '--prediction', 'd', '--plan', 'scored.yaml']];

  test('are added to those of one file, whatever the columns are called', async () => {
    folder.file('scored.yaml', plan + asked);
    folder.file('scored.csv', csv(scored, 'sex,age,y,d,w,p'));
    folder.file('one.csv', csv(scored.slice(0, 300), 'sex,age,y,d,w,p'));
    folder.file('two.csv', csv(scored.slice(300), 'sex,age,y,d,gewicht,kans'));
    const named = ['--weight', 'gewicht', '--score', 'kans'];
    const one = await hansa('count', ...own('one.csv'), '--by', 'One', '--out', 'one.json');
    const two = await hansa('count', ...own('two.csv'), ...named, '--by', 'Two', '--out', 'two.json');
    expect([one.err, two.err, one.code, two.code]).toEqual(['', '', 0, 0]);
    const merged = await hansa('merge', 'one.json', 'two.json', '--out', 'scored');
    const whole = await hansa('run', ...own('scored.csv'), '--out', 'scored-whole');
    expect([merged.code, merged.err]).toEqual([whole.code, '']);
    const [sum, all] = ['scored', 'scored-whole'].map((name): AuditReport => JSON.parse(text(`${name}/report.json`)));
    expect(sum?.scores?.everybody.n).toBe(900);
    for (const member of ['slices', 'comparisons', 'verdict', 'scores', 'method', 'planDigest'] as const)
      expect(sum?.[member]).toEqual(all?.[member]);
    expect((await hansa('verify', 'scored', 'one.json', 'two.json')).code).toBe(0);
  });

  test('are refused where the plan does not ask for them, or numbers are withheld from weights', async () => {
    const unasked = await hansa('count', ...people('all.csv'), '--weight', 'w', '--by', 'G', '--out', 'no.json');
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('asks for no weights')]);
    const careful = ['--by', 'G', '--minimum-cell', '10', '--out', 'no.json'];
    const withheld = await hansa('count', ...own('one.csv'), ...careful);
    expect([withheld.code, withheld.err]).toEqual([2, expect.stringContaining('leave out the weights')]);
  });
});

describe('hansa audit verify', () => {
  test('finds nothing wrong with a report, a directory, and one with its counts', async () => {
    for (const args of [['merged'], ['whole/report.json'], ['merged', 'ghent.json', 'bruges.json']]) {
      const { code, out } = await hansa('verify', ...args);
      expect([code, out]).toEqual([0, expect.stringContaining('is as it must be')]);
    }
  });

  test('lists what was changed, member by member', async () => {
    const report = JSON.parse(text('merged/report.json'));
    report.slices[1].rates.selectionRate.value = 0.25;
    report.verdict.outcome = 'pass';
    folder.file('changed.json', JSON.stringify(report));
    const { code, out } = await hansa('verify', 'changed.json');
    expect(code).toBe(1);
    expect(out).toMatch(/\/slices\/1\/rates\/selectionRate\/value: 0\.25, and must be 0\.\d+/);
    expect(out).toMatch(/\/verdict\/outcome: "pass", and must be "(fail|insufficient-data)"/);
  });

  test('finds a report whose counts are not those of the files, and a plan that is not the one beside it', async () => {
    await count('all.csv', 'Ghent', 'other.json');
    const other = await hansa('verify', 'merged', 'other.json', 'bruges.json');
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('/slices')]);
    writeFileSync(join(folder.path, 'whole/plan.json'), text('whole/plan.json').replace('"level":0.95', '"level":0.9'));
    expect((await hansa('verify', 'whole')).out).toContain('/planDigest');
  });

  test('says where a document is no report', async () => {
    folder.file('half.json', JSON.stringify({ ...JSON.parse(text('merged/report.json')), slices: [] }));
    const half = await hansa('verify', 'half.json');
    expect([half.code, half.out]).toEqual([1, expect.stringContaining('/slices')]);
    expect((await hansa('verify', 'ghent.json')).code).toBe(2);
  });
});
