import { describe, expect, test } from '@jest/globals';
import { classReport } from '../testing/task-reports.js';
import type { ReportDocumentOptions } from './options.js';
import { printableTaskReport } from './printable-report.js';
import { taskDocument } from './task-document.js';

const options: ReportDocumentOptions = {
  subject: 'the decisions in jobs.csv',
  kind: 'decisions',
  data: 'jobs.csv',
  more: [['Column with the true answer', 'field']],
  command: 'hansa audit run --data jobs.csv --task multiclass --out audit',
};

const textOf = (document: string): string =>
  document
    .slice(document.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/[\s\u00A0]+/g, ' ');

describe('a report on decisions among classes as a file of its own', () => {
  const report = classReport(['care', 'craft', 'office']);
  const document = taskDocument(report, options);
  const text = textOf(document);

  test('has its parts in the order in which they are read', () => {
    const titles = [...document.matchAll(/<h2 id="\w+">([^<]*)</g)].map(([, title]) => title);
    expect(titles).toEqual([
      'In short',
      'Findings',
      'Class by class',
      'Method and plan',
      'What this report does not examine',
      'Evidence, and how to compute it again',
    ]);
  });

  test('says between whom the gaps are, with counts, and how far chance could go', () => {
    expect(text).toContain('Audit failed');
    expect(text).toContain('Where region is west, the model is right for 62.7 % (210 of 335) of the cases');
    expect(text).toMatch(/lowest where it is west \(62\.7 %\): \d+\.\d percentage points apart \(between \d+\.\d and/);
  });

  test('has for every chart a table with the same groups', () => {
    const charts = document.match(/<svg class="chart"/g)?.length ?? 0;
    expect(charts).toBe(4);
    for (const figure of document.match(/<figure>.*?<\/figure>/gs) ?? [])
      for (const group of ['east', 'north', 'west'])
        expect(figure.match(new RegExp(`>${group}<`, 'g'))).toHaveLength(2);
  });

  test('names the group that is too small to judge, and does not draw it away', () => {
    expect(text).toMatch(/isle \(8 rows\)/);
  });

  test('shows what names try to do as text', () => {
    expect(taskDocument(classReport(['<script>alert(1)</script>', 'b']), options)).not.toContain('<script>alert');
  });

  test('goes to print with itself as data inside', () => {
    const printable = printableTaskReport(report, options);
    expect(printable.markup).toBe(document);
    expect(printable.attachments.map(({ name }) => name)).toEqual(['report.json']);
    expect(printable.date).toEqual(new Date('2026-11-24T04:05:06.789Z'));
  });
});
