import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AuditReport, reportFrom } from '@hansa/fair';
import { readerMissing, readPdf, textOfStructure } from '@hansa/pdf/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import { run, scratch } from '../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());
let runs = 0;

async function audit(args: readonly string[]) {
  const out = `out-${++runs}`;
  const ran = await run(['audit', 'run', ...args, '--out', out], { directory: folder.path });
  const file = (name: string) => join(folder.path, out, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : null);
  const report = read('report.json');
  return { ...ran, file, report: report === null ? null : (JSON.parse(report) as AuditReport), read };
}

/** What a reader of the page sees, without drawings and the link for keyboards. */
function textOfPage(page: string): string {
  const body = page.slice(page.indexOf('<header'));
  const words = body
    .replace(/<svg class="chart".*?<\/svg>\n<p/gs, '<p')
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]*>/g, ' ');
  return words
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** So many rows of a group with its label and decision. */
function rows(group: string, cells: Readonly<Record<'tn' | 'fp' | 'fn' | 'tp', number>>): readonly string[] {
  const of = { tn: '0,0', fp: '0,1', fn: '1,0', tp: '1,1' } as const;
  return Object.entries(cells).flatMap(([cell, n]) =>
    Array.from({ length: n }, (_, i) => `${group},${of[cell as keyof typeof of]},${i}`),
  );
}
const csv = (...lines: readonly string[]) => `${['sex,y,yhat,id', ...lines].join('\n')}\n`;

const alike = { tn: 600, fp: 100, fn: 60, tp: 240 };
const fair = csv(...rows('Female', alike), ...rows('Male', alike));
const unfair = csv(...rows('Female', alike), ...rows('Male', { ...alike, fp: 400, tn: 300 }));
const base = ['--label', 'y', '--prediction', 'yhat', '--protected', 'sex', '--outcome', 'burden'];

describe('hansa audit run on a file', () => {
  test('passes a fair file, and writes the plan, the report and its page', async () => {
    folder.file('fair.csv', fair);
    const { code, out, report, read } = await audit(['--data', 'fair.csv', ...base]);
    expect([code, report?.verdict.outcome]).toEqual([0, 'pass']);
    expect(out).toContain('pass');
    expect(JSON.parse(read('plan.json') ?? '')).toEqual(report?.plan);
    expect(read('report.html')).toMatch(/^<!doctype html>/i);
    expect(report && reportFrom(report)).toEqual(report);
  });

  test('fails an unfair one with exit code 1, and says who is harmed', async () => {
    folder.file('unfair.csv', unfair);
    const { code, out, report } = await audit(['--data', 'unfair.csv', ...base]);
    expect([code, report?.verdict.outcome]).toEqual([1, 'fail']);
    expect(report?.findings[0]).toMatchObject({ severity: 'high', attribute: 'sex' });
    expect(report?.findings[0]?.text).toMatch(/^Where sex is Male, .*57\.1 % \(400 of 700\)/);
    expect(out).toContain('Where sex is Male');
    expect(report?.tests?.tests[0]?.text).toMatch(/^truePositiveRate by sex: chance alone could explain/);
    expect(report?.tests?.gaps.map(({ rate }) => rate)).toContain('falsePositiveRate');
  });

  test('ends with 3 where the data cannot decide', async () => {
    const few = { tn: 6, fp: 2, fn: 2, tp: 8 };
    folder.file('few.csv', csv(...rows('Female', few), ...rows('Male', few)));
    const { code, report } = await audit(['--data', 'few.csv', ...base]);
    expect([code, report?.verdict.outcome]).toEqual([3, 'insufficient-data']);
  });

  test('gives the same bytes for the same input', async () => {
    folder.file('fair.csv', fair);
    const [one, two] = [await audit(['--data', 'fair.csv', ...base]), await audit(['--data', 'fair.csv', ...base])];
    expect(two.read('report.json')).toBe(one.read('report.json'));
    expect(two.read('report.html')).toBe(one.read('report.html'));
  });

  test('prints the report: the words of the page in their order, with the report enclosed, and the same bytes again', async () => {
    folder.file('fair.csv', fair);
    const { report, read, file } = await audit([
      '--data',
      'fair.csv',
      ...base,
      '--at',
      '2026-11-23T10:00:00Z',
      '--pdf',
    ]);
    const pdf = readFileSync(file('report.pdf'));
    expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.7');
    const again = await run(['audit', 'pdf', file('report.json'), '--out', 'again.pdf', '-o', 'json'], {
      directory: folder.path,
    });
    const twice = await run(['audit', 'pdf', file('report.json'), '--out', 'twice.pdf'], { directory: folder.path });
    expect([again.code, twice.code, twice.out]).toEqual([0, 0, 'Written: twice.pdf\n']);
    const bytes = (name: string) => readFileSync(join(folder.path, name));
    expect(bytes('again.pdf').equals(bytes('twice.pdf'))).toBe(true);
    if (readerMissing !== null) return;
    const seen = readPdf(pdf, ['report.json']);
    expect([seen.complaints, seen.enclosed['report.json']]).toEqual(['', JSON.stringify(report)]);
    expect(seen.facts).toMatchObject({ Title: 'Audit report: the decisions in fair.csv', Tagged: 'yes' });
    const squeezed = (text: string) => text.replace(/[\s\u00A0]+/g, '');
    expect(squeezed(textOfStructure(seen.structure))).toBe(squeezed(textOfPage(read('report.html') ?? '')));
  });

  test('crosses attributes and looks within a control', async () => {
    const lines = fair.trimEnd().split('\n');
    const wide = lines.map((line, i) => `${line},${i === 0 ? 'age,branch' : `${i % 2 ? 'old' : 'young'},${i % 3}`}`);
    folder.file('wide.csv', `${wide.join('\n')}\n`);
    const { code, report } = await audit([
      ...['--data', 'wide.csv', ...base],
      ...['--protected', 'sex,age', '--intersect', 'sex*age', '--control', 'branch'],
    ]);
    expect(code).not.toBe(2);
    const slices = report?.slices.map(({ attributes }) => attributes) ?? [];
    expect(slices).toContainEqual({ sex: 'Female', age: 'young' });
    expect(slices).toContainEqual({ branch: '2', sex: 'Male' });
    expect(report?.comparisons.some((c) => c.attribute === 'sex*age' && !c.stratum)).toBe(true);
    expect(report?.comparisons.some((c) => c.attribute === 'sex' && c.stratum?.branch === '1')).toBe(true);
  });

  test('reads quoted text, semicolons, a byte order mark and other values for yes', async () => {
    const lines = [
      'sex;truth;decision',
      ...[...rows('Female', alike), ...rows('Male', alike)].map((line) => {
        const [sex, y, d] = line.split(',');
        return `"${sex}";${y === '1' ? 'yes' : 'no'};${d === '1' ? 'yes' : 'no'}`;
      }),
    ];
    folder.file('german.csv', `\ufeff${lines.join('\r\n')}\r\n`);
    const { code, err, report } = await audit([
      ...['--data', 'german.csv', '--label', 'truth', '--prediction', 'decision', '--positive', 'yes'],
      ...['--protected', 'sex', '--outcome', 'benefit'],
    ]);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^The plan is fixed: sha-256:\w+\. Reading german\.csv …\n$/),
    ]);
    expect(report?.slices[1]).toMatchObject({ attributes: { sex: 'Female' }, counts: { n: 1000, ...alike } });
  });

  test('finds what stands in for a protected attribute, and rows that the model was trained on', async () => {
    // The school tells the sex of nine in ten; the height in centimetres less; the shoe says nothing.
    const people = [...rows('Female', alike), ...rows('Male', alike)].map((row, i) => {
      const isMale = row.startsWith('Male');
      const school = (i % 10 === 0) === isMale ? 'north' : 'south';
      return `${row},${school},${160 + ((i * 7) % 20) + (isMale ? 8 : 0)},${i % 3},${i === 4 ? 'x' : 'y'}`;
    });
    const head = 'sex,y,yhat,id,school,height,shoe,rare';
    folder.file('test.csv', `${[head, ...people].join('\n')}\n`);
    folder.file('train.csv', `${[head.replace('shoe', 'extra'), ...people.slice(100, 150)].join('\n')}\n`);
    const { code, report, read } = await audit([
      ...['--data', 'test.csv', ...base, '--training', 'train.csv', '--proxies'],
    ]);
    expect(code).toBe(0);
    const found = (type: string) => report?.findings.filter((finding) => finding.type.endsWith(type)) ?? [];
    expect(found('#TrainingLeakage')).toEqual([
      expect.objectContaining({
        severity: 'high',
        text: expect.stringMatching(
          /^50 of 2.000 rows \(2\.5 %\) stand in the training data train\.csv .* all 7 columns/,
        ),
      }),
    ]);
    expect(report?.data).toMatchObject({ training: { file: 'train.csv', sharedRows: 50 } });
    const [proxy, second] = found('#IndirectDiscrimination');
    expect(second).toBeUndefined();
    expect(proxy).toMatchObject({ severity: 'medium', attribute: 'sex' });
    expect(proxy?.text).toMatch(
      /^Columns that tell much of sex, .*: school \(0\.80\), height \(0\.\d\d\)\. Who guesses sex from school is right for 90 % of rows, without it for 50 %\./,
    );
    expect(found('#ColumnNotExamined')[0]?.text).toContain('rare (the same value in nearly all rows)');
    expect(read('report.html')).toContain('--training train.csv --proxies');
  });

  test('refuses to look for rows in counts', async () => {
    folder.file('plain.csv', 'sex,TN,FP,FN,TP\nFemale,60,10,6,24\nMale,60,10,6,24\n');
    const { code, err } = await audit(['--counts', 'plain.csv', ...base.slice(4), '--proxies']);
    expect(code).toBe(2);
    expect(err).toContain('need the rows of --data');
  });

  test('counts people without a group as a group of their own', async () => {
    folder.file(
      'missing.csv',
      csv(...rows('Female', alike), ...rows('Male', alike), ...rows('', { ...alike, fp: 90 })),
    );
    const { report } = await audit(['--data', 'missing.csv', ...base]);
    expect(report?.slices.at(-1)).toMatchObject({ attributes: { sex: 'not stated' }, counts: { n: 990 } });
    expect(report?.findings.map(({ type }) => type)).toContain('https://w3id.org/dpv/risk#NonResponseBias');
  });
});

describe('bad input', () => {
  folder.file('fair.csv', fair);
  folder.file('empty.csv', '');
  folder.file('head.csv', 'sex,y,yhat\n');
  folder.file('three.csv', 'sex,y,yhat\nFemale,0,1\nMale,1,0\nMale,2,1\n');
  folder.file('twice.csv', 'sex,y,y,yhat\nFemale,0,1,1\n');
  folder.file('plan.yaml', 'metrics:\n  - metric: demographicParityDifference\n    margin: 2\n    reason: none\n');
  folder.file('other.yaml', 'attributes: [age]\n');
  folder.file('broken.yaml', 'metrics: [\n');

  test.each<[string, readonly string[], RegExp]>([
    ['a file that is not there', ['--data', 'nowhere.csv', ...base], /nowhere\.csv/],
    ['an empty file', ['--data', 'empty.csv', ...base], /empty|no rows/i],
    ['a file of a header alone', ['--data', 'head.csv', ...base], /no rows/i],
    ['a column that is not there', ['--data', 'fair.csv', ...base, '--label', 'yy'], /"yy".*"?y"?/],
    ['a protected column that is not there', ['--data', 'fair.csv', ...base, '--protected', 'race'], /"race"/],
    ['a label of three values', ['--data', 'three.csv', ...base], /"?y"?.*2/],
    ['a positive value that does not occur', ['--data', 'fair.csv', ...base, '--positive', 'yes'], /yes/],
    ['a column named twice', ['--data', 'twice.csv', ...base], /several columns "y"/],
    ['no outcome', ['--data', 'fair.csv', ...base.slice(0, -2)], /--outcome benefit/],
    ['an outcome of another kind', ['--data', 'fair.csv', ...base.slice(0, -1), 'good'], /benefit/],
    [
      'no protected column',
      ['--data', 'fair.csv', ...base.filter((w) => !['--protected', 'sex'].includes(w))],
      /--protected/,
    ],
    ['a margin beyond 1', ['--data', 'fair.csv', ...base, '--plan', 'plan.yaml'], /metrics\.0\.margin/],
    ['a plan that contradicts the options', ['--data', 'fair.csv', ...base, '--plan', 'other.yaml'], /attributes/],
    ['a plan that is no YAML', ['--data', 'fair.csv', ...base, '--plan', 'broken.yaml'], /broken\.yaml/],
    ['a plan that is not there', ['--data', 'fair.csv', ...base, '--plan', 'no.yaml'], /no\.yaml/],
    ['a crossing of one column', ['--data', 'fair.csv', ...base, '--intersect', 'sex'], /sex\*race/],
  ])('%s ends with 2, says why in one sentence, and writes no report', async (_, args, sentence) => {
    const { code, out, err, read } = await audit(args);
    expect([code, out, read('report.json')]).toEqual([2, '', null]);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  test('without a directory to write to nothing is read', async () => {
    const { code, err } = await run(['audit', 'run', '--data', 'fair.csv', ...base], { directory: folder.path });
    expect([code, err]).toEqual([2, expect.stringContaining('--out')]);
  });
});

describe('hansa audit run on confusion tables', () => {
  const tables = [
    'model,sex,TN,FP,FN,TP',
    'a,Female,600,100,60,240',
    'a,Male,300,400,60,240',
    'b,Female,600,100,60,240',
    'b,Male,600,0,60,240',
  ];
  folder.file('counts.csv', `${tables.join('\n')}\n`);
  const burden = ['--outcome', 'burden', '--protected', 'sex'];

  test('judges them as it judges people', async () => {
    folder.file('unfair.csv', unfair);
    const people = await audit(['--data', 'unfair.csv', ...base]);
    const { code, report } = await audit(['--counts', 'counts.csv', '--population', 'model=a', ...burden]);
    expect(code).toBe(1);
    expect(report?.slices).toEqual(people.report?.slices);
    expect(report?.verdict).toEqual(people.report?.verdict);
  });

  test('keeps its own number of rows where a column of the file is called "rows"', async () => {
    folder.file('named.csv', tables.map((line, i) => `${i === 0 ? 'rows' : '7'},${line}\n`).join(''));
    const { report } = await audit(['--counts', 'named.csv', '--population', 'model=a,rows=7', ...burden]);
    expect(report?.data).toMatchObject({ model: 'a', rows: 2000, file: 'named.csv' });
  });

  test('asks which population is meant, and names them', async () => {
    const { code, err } = await audit(['--counts', 'counts.csv', ...burden]);
    expect([code, err]).toEqual([2, expect.stringContaining('model=a; model=b')]);
    const other = await audit(['--counts', 'counts.csv', '--population', 'model=c', ...burden]);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('other populations')]);
  });

  test('never takes a withheld count for zero', async () => {
    const withheld = await audit([
      '--counts',
      'counts.csv',
      '--suppressed-below',
      '10',
      '--population',
      'model=b',
      ...burden,
    ]);
    const male = withheld.report?.slices.find(({ attributes }) => attributes.sex === 'Male');
    expect(male?.counts.fp).toBeNull();
    expect(male?.rates.falsePositiveRate.state).toBe('suppressed');
    const told = await audit(['--counts', 'counts.csv', '--population', 'model=b', ...burden]);
    expect(told.report?.slices.find(({ attributes }) => attributes.sex === 'Male')?.counts.fp).toBe(0);
    expect(told.report?.findings.map(({ text }) => text).join()).toContain('--suppressed-below');
  });
});

const amsterdam = resolve('../shared/data/amsterdam-smart-check/confusion_counts.csv');
if (!existsSync(amsterdam)) test.skip('skipped: an audit of Amsterdam, because ../shared/data is not there', () => {});
(existsSync(amsterdam) ? test : test.skip)(
  'Amsterdam: the gap of the pilot model, and the counts that leak',
  async () => {
    const { code, report } = await audit([
      ...['--counts', amsterdam, '--suppressed-below', '10', '--population', 'Dataset=Prepilot,Model=BR'],
      ...['--outcome', 'burden', '--protected', 'IsNederlands,IsParttimeParent'],
    ]);
    expect(code).toBe(1);
    const gap = report?.comparisons.find(
      (c) => c.metric === 'falsePositiveRateDifference' && c.attribute === 'IsNederlands' && c.groups === 'all',
    );
    if (gap?.state !== 'value') throw new Error('no gap');
    expect([gap.value, gap.interval.lower, gap.interval.upper].map((x) => x.toFixed(6))).toEqual([
      '0.180228',
      '0.090228',
      '0.271445',
    ]);
    expect(report?.findings.map(({ text }) => text).join('\n')).toContain('IsParttimeParent 1 tn = 8');
  },
);

const compas = resolve('../shared/data/compas/compas-scores-two-years.csv');
const isThere = existsSync(compas);
if (!isThere) test.skip('skipped: an audit of COMPAS, because ../shared/data is not there', () => {});
(isThere ? test : test.skip)('COMPAS: who is harmed, how sure that is, and what is wrong with the file', async () => {
  const { code, report } = await audit([
    ...[
      '--data',
      compas,
      '--label',
      'two_year_recid',
      '--prediction',
      'score_text',
      '--positive-prediction',
      'Medium,High',
    ],
    ...['--protected', 'race,sex', '--outcome', 'burden', '--time', 'compas_screening_date'],
  ]);
  expect(code).toBe(1);
  expect(report?.slices[0]?.counts).toEqual({ n: 7214, tn: 2681, fp: 1282, fn: 1216, tp: 2035 });
  const texts = report?.findings.map(({ severity, text }) => `${severity}: ${text}`).join('\n') ?? '';
  expect(texts).toMatch(/high: .*African-American.*44\.8 % \(805 of 1795\)/);
  expect(texts).toMatch(/high: .*jumps over time.*2014-04/);
  const value = (metric: string, convention: string, aggregation: string) =>
    report?.comparisons.find(
      (c) =>
        c.metric === metric &&
        c.attribute === 'race' &&
        c.convention === convention &&
        c.aggregation === aggregation &&
        c.groups === 'all' &&
        (!('pair' in c) ||
          !c.pair ||
          (c.pair.unprivileged === 'African-American' && c.pair.privileged === 'Caucasian')),
    );
  for (const [metric, convention, aggregation, expected] of [
    ['demographicParityDifference', 'fairlearn', 'between_groups', 0.457118],
    ['demographicParityRatio', 'fairlearn', 'to_overall', 0.455739],
    ['equalizedOddsDifference', 'fairlearn', 'worst_case', 0.576692],
    ['disparateImpact', 'aif360', 'pair', 0.631593],
    ['averageOddsDifference', 'aif360', 'pair', -0.205649],
  ] as const) {
    const comparison = value(metric, convention, aggregation);
    expect([metric, comparison?.state === 'value' && comparison.value.toFixed(6)]).toEqual([
      metric,
      expected.toFixed(6),
    ]);
  }
});
