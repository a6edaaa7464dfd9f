import { describe, expect, test } from '@jest/globals';
import { scoredReport } from '../testing/index.js';
import { reportDocument } from './report-document.js';

const options = { subject: 'p', kind: 'decisions', data: 'people.csv', command: null } as const;
const bodyOf = (document: string): string => document.slice(document.indexOf('<body>'));
const textOf = (document: string): string =>
  bodyOf(document)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00A0]+/g, ' ');

describe('a report with scores, inequality and draws', () => {
  const report = scoredReport();
  const document = reportDocument(report, options);
  const text = textOf(document);

  test('has a section for each, between the comparisons and the method', () => {
    const titles = [...document.matchAll(/<h2 id="\w+">([^<]*)</g)].map(([, title]) => title);
    expect(titles.slice(3, 8)).toEqual([
      'The comparisons',
      'The scores',
      'Inequality',
      'What draws show',
      'Method and plan',
    ]);
  });

  test('gives every figure a sentence, a chart that is named, and a table', () => {
    const figures = [...bodyOf(document).matchAll(/<figure>[\s\S]*?<\/figure>/g)].map(([figure]) => figure);
    // Two rates, four figures of scores, months, treatment equality.
    expect(figures).toHaveLength(8);
    for (const figure of figures) {
      expect(figure).toMatch(/<figcaption>[\s\S]*<p>[A-Z0-9][^<]*[.:]/);
      expect(figure).toMatch(/<svg class="chart" role="img" aria-labelledby="([\w-]+)-title \1-description"/);
      expect(figure).toContain('<table>');
    }
    const ids = [...document.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says in words what is drawn, with the numbers of the report', () => {
    const { auc } = report.scores?.everybody ?? {};
    expect(text).toContain(
      `the area under the ROC curve is ${auc?.state === 'value' ? Number(auc.value.toFixed(3)) : ''}`,
    );
    expect(text).toContain('2 rows have no score and are left out.');
    expect(text).toContain('Bins: 10 of one width from 0 to 1.');
    expect(text).toContain('Drawn 200 times from seed 1 of the plan');
    expect(text).toContain('Among people with the same age,');
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test('escapes the names of groups in charts and tables', () => {
    expect(document).not.toContain('<b>west</b>');
    expect(document).toContain('&lt;b&gt;west&lt;/b&gt;');
  });
});

test('a weighted report says so with its shares, and how many rows of equal weight would tell as much', () => {
  const report = scoredReport('weighted');
  const document = reportDocument(report, options);
  const text = textOf(document);
  expect(document).not.toContain('What draws show');
  expect(text).toContain('Rows weighed by w');
  expect(text).toContain('Rows, and as how many of equal weight they tell');
  expect(text).toContain('Korn and Graubard’s (1998)');
  expect(text).toContain('Here each row counts once, whatever its weight.');
  expect(text).toMatch(/\(weighted; \d+ of \d+ rows\)/);
});
