import { readFileSync } from 'node:fs';
import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  type AuditPlan,
  AuditReportDocument,
  buildReport,
  type Partition,
  planDefaults,
  pooledCounts,
  reportFrom,
} from './index.js';

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex'],
  conventions: ['fairlearn', 'aif360'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};
const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });
const partition: Partition = {
  attribute: 'sex',
  groups: [
    { group: 'Female', attributes: { sex: 'Female' }, counts: confusion(80, 40, 10, 40) },
    { group: 'Male', attributes: { sex: 'Male' }, counts: confusion(80, 20, 10, 40) },
    { group: 'Other', attributes: { sex: 'Other' }, counts: { n: 118, tn: 100, fp: null, fn: null, tp: 18 } },
    { group: 'not stated', attributes: { sex: 'not stated' }, counts: confusion(3, 1, 0, 0) },
  ],
};
const report = must(
  buildReport({
    at: '2026-11-23T04:05:06.789Z',
    model: { digest: digestOf('model'), name: 'checks' },
    data: { digest: digestOf('data'), rows: 442 },
    plan,
    counts: { total: pooledCounts(partition), partitions: [partition] },
    software: { name: 'hansa', version: '0.1.0' },
  }),
);
const document = JSON.parse(JSON.stringify(report));

describe('the form of a report', () => {
  test('is that of every report, with values, undefined and suppressed figures', () => {
    const states = new Set(report.comparisons.map(({ state }) => state));
    expect([...states].sort()).toEqual(['suppressed', 'undefined', 'value']);
    expect(AuditReportDocument.safeParse(document).error?.issues ?? []).toEqual([]);
    expect(reportFrom(document)).toEqual(report);
  });

  test.each<[string, (report: typeof document) => void]>([
    ['a member that nobody knows', (r) => (r.surprise = 1)],
    ['no verdict', (r) => delete r.verdict],
    ['a rate above 1', (r) => (r.slices[0].rates.accuracy.value = 1.5)],
    ['half a row', (r) => (r.slices[1].counts.tp = 0.5)],
    ['a state of its own', (r) => (r.comparisons[0].state = 'unknown')],
    ['an undefined rate with a value', (r) => (r.slices[1].rates.accuracy.state = 'undefined')],
    ['a digest of another kind', (r) => (r.data.digest = 'md5:0')],
    ['a plan without metrics', (r) => (r.plan.metrics = [])],
    ['no slices', (r) => (r.slices = [])],
  ])('is not that of a document with %s', (_, change) => {
    const changed = structuredClone(document);
    change(changed);
    expect(reportFrom(changed)).toBeNull();
  });

  test('is published as a JSON Schema', () => {
    const published = JSON.parse(readFileSync('docs/reference/audit-report.schema.json', 'utf8'));
    // After a change: npm run build && node tools/report-schema.mjs
    expect(published).toEqual(z.toJSONSchema(AuditReportDocument, { io: 'output' }));
  });
});
