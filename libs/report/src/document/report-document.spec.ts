import { type AuditReport, findingTypes } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import {
  auditReport,
  cellCounts,
  compas,
  confusion,
  hostileStrings,
  plan,
  recidivismPlan,
  states,
} from '../testing/index.js';
import type { ReportDocumentOptions } from './options.js';
import { reportDocument } from './report-document.js';

const options: ReportDocumentOptions = {
  subject: 'the decisions in people.csv',
  kind: 'decisions',
  data: 'people.csv',
  more: [['Column with the true answer', 'two_year_recid']],
  command: 'hansa audit run --data people.csv --plan plan.json --out report',
};
const stations = auditReport(plan, cellCounts(states));

const bodyOf = (document: string): string => document.slice(document.indexOf('<body>'));

/** What a reader sees: text without tags, white space as one blank. */
function textOf(document: string): string {
  return bodyOf(document)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[\s\u00A0]+/g, ' ');
}

const textOfReport = (report: AuditReport): string => textOf(reportDocument(report, options));

describe('a report as a file of its own', () => {
  test('keeps its words and its drawing', () => {
    expect(bodyOf(reportDocument(stations, options))).toMatchSnapshot();
  });

  test('has its parts in the order in which they are read', () => {
    const document = reportDocument(auditReport(recidivismPlan, compas), options);
    const titles = [...document.matchAll(/<h2 id="\w+">([^<]*)</g)].map(([, title]) => title);
    expect(titles).toEqual([
      'In short',
      'Findings',
      'Group by group',
      'The comparisons',
      'Method and plan',
      'What this report does not examine',
      'Evidence, and how to compute it again',
    ]);
    expect(document).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  test('needs nothing else: no script, and no address but anchors and terms', () => {
    const document = reportDocument(auditReport(recidivismPlan, compas), options);
    expect(document).not.toMatch(/<script|<iframe|<object|<img|@import|url\(|@font-face/);
    const addresses = [...document.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !/^(#\w+|data:,|https:\/\/w3id\.org\/dpv\/.*)$/.test(address ?? ''))).toEqual(
      [],
    );
  });

  test('gives three answers first: who is harmed, how sure that is, and what is wrong with the data', () => {
    const text = textOfReport(auditReport(recidivismPlan, compas));
    expect(text).toContain(
      'Audit failed This audit asks whether groups are treated alike by the decisions in people.csv',
    );
    expect(text).toContain(
      'Who is harmed? Where race is African-American, the model rightly says "medium or high risk" for 72 % (1369 of 1901)',
    );
    expect(text).toContain(
      'How sure is that? 2 margins are broken, and would be so even at the cautious end of the 95 %',
    );
    expect(text).toContain('By race, 2 groups could not be judged by every measure, with 50 of 7,214 defendants');
    expect(text.indexOf('Who is harmed?')).toBeLessThan(text.indexOf('Findings To get'));
  });

  test('does not claim that a plan came first which nobody put on record', () => {
    const text = textOfReport(stations);
    expect(text).toContain('This file cannot prove that the plan came before the results.');
    expect(text).not.toContain('before the results were seen');
    expect(text).toContain(stations.planDigest);
  });

  test('says what an interval allows for, where the plan judges by it', () => {
    const rule = { kind: 'interval', unjudgedShare: 0.1 } as const;
    const counts = cellCounts({ state: { Bayern: confusion(280, 20, 34, 66), Saarland: confusion(40, 3, 30, 1) } });
    const text = textOfReport(auditReport({ ...plan, rule }, counts));
    expect(text).toContain(
      'The interval allows for having picked the widest of all gaps, and for 1 comparison together',
    );
    expect(text).not.toContain('This takes the two groups as given');
  });

  test('tells what could not be judged apart from a pass', () => {
    const open = auditReport(plan, cellCounts({ state: { Bayern: confusion(280, 20, 34, 66) } }));
    const text = textOfReport(open);
    expect(text).toContain('Could not be judged');
    expect(text).toContain('No harm was shown. That is not the same as no harm');
    expect(text).toContain('there were too few cases to say whether it is kept');
  });

  test('names what is wrong with the data before the numbers', () => {
    const turned = cellCounts({ state: { Bayern: confusion(10, 90, 90, 10), Hessen: confusion(12, 80, 80, 12) } });
    const text = textOfReport(auditReport(plan, turned));
    expect(text).toContain('What is wrong with the data? Of the rows decided positive 11.5 % are truly positive');
  });

  test('does not call it a defect of the data that two demands exclude each other', () => {
    const text = 'Base rates differ.';
    const finding = { type: findingTypes.incompatibleDemands, severity: 'medium', text } as const;
    const summary = textOfReport({ ...stations, findings: [finding, finding] });
    expect(summary).toContain(`What cannot be had together? ${text} What is wrong with the data?`);
    expect(textOfReport(stations)).not.toContain('What cannot be had together?');
  });

  test('shows a withheld count as withheld, and a question that does not arise as no number', () => {
    const counts = cellCounts({
      state: { ...states.state, Hamburg: { ...confusion(90, 9, 30, 40), tp: null }, Nowhere: confusion(70, 20, 0, 0) },
    });
    const text = textOfReport(auditReport(plan, counts));
    expect(text).toContain('Hamburg withheld withheld – small counts of rows with a positive label were withheld');
    expect(text).toContain('Nowhere 0 – – no rows with a positive label');
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test('puts crossed attributes into words', () => {
    const total = confusion(40, 8, 48, 180);
    const own = { ...plan, attributes: ['sex'], intersections: [['sex', 'race']] };
    const bySex = cellCounts({ sex: { F: confusion(20, 4, 24, 90), M: confusion(20, 4, 24, 90) } }).partitions;
    const crossed = ['A', 'B'].flatMap((race) =>
      ['F', 'M'].map((sex) => ({
        group: `${sex}, ${race}`,
        attributes: { sex, race },
        counts: confusion(10, 2, 12, race === 'A' ? 60 : 30),
      })),
    );
    const text = textOfReport(
      auditReport(own, { total, partitions: [...bySex, { attribute: 'sex*race', groups: crossed }] }),
    );
    expect(text).toContain('By sex and race together');
    expect(text).toContain('where sex and race are F, B');
    expect(text).toContain('and where sex and race cross; other combinations were not');
    expect(text).not.toContain('sex*race is');
  });

  test('of thousands of groups shows both ends, says what it leaves out, and stays readable', () => {
    const towns = Array.from({ length: 2000 }, (_, i) => [
      `town ${i}`,
      confusion(100 + (i % 17), 10 + (i % 23), 5 + (i % 31), 20 + ((i * 7) % 41)),
    ]);
    const document = reportDocument(
      auditReport({ ...plan, attributes: ['town'] }, cellCounts({ town: Object.fromEntries(towns) })),
      options,
    );
    const text = textOf(document);
    expect(text).toContain('⋮ 1,976 groups in between are not drawn ⋮');
    expect(text).toContain('The 16 worst-off and the 8 best-off of 2,000 groups are drawn.');
    expect(text).toContain('… 1,850 more groups');
    expect(text).toContain('These are the 150 largest of 2,000 groups; report.json has all.');
    expect(document.length).toBeLessThan(300_000);
  });

  test('no hostile name changes its markup', () => {
    const tags = (markup: string): readonly string[] =>
      markup.match(/<\/?[a-z0-9]+(?: [\w:-]+="[^"<>]*")*\/?>/gi) ?? [];
    /** Tags and attribute names, without what stands in them. */
    const skeleton = (markup: string) => tags(markup).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    const documentWith = (word: string): string => {
      const words = { cases: word, positives: word, negatives: word };
      const groups = { [word]: { [word]: confusion(280, 20, 34, 66), other: confusion(40, 3, 30, 1) } };
      const metrics = plan.metrics.map((metric) => ({ ...metric, reason: word }));
      const outcome = { ...plan.outcome, name: word, positive: word, words };
      const report = auditReport({ ...plan, attributes: [word], metrics, outcome }, cellCounts(groups));
      return bodyOf(
        reportDocument(report, { ...options, subject: word, data: word, more: [[word, word]], command: word }),
      );
    };
    const harmless = skeleton(documentWith('word'));
    for (const hostile of hostileStrings) {
      const body = documentWith(hostile);
      expect(skeleton(body)).toEqual(harmless);
      expect(body.split('<')).toHaveLength(tags(body).length + 1);
    }
  });
});
