import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AuditReport, buildReport, cellCounts, planDigest, rederive } from './index.js';
import { jointOf, type PlainRow, sharedPlan } from './testing/federated-rows.js';

const rowArbitrary: fc.Arbitrary<PlainRow> = fc.record({
  y: fc.nat(1),
  d: fc.nat(1),
  values: fc.tuple(fc.constantFrom('f', 'm'), fc.constantFrom('10', '9', 'b'), fc.constantFrom('1', '2')),
});
const joint = jointOf(fc.sample(rowArbitrary, { numRuns: 400, seed: 2 }), ['sex', 'race', 'age']);
const digest = digestOf('data');
const report = must(
  buildReport({
    at: '2026-11-23T04:05:06.789Z',
    model: { digest },
    data: { digest, rows: 400 },
    plan: sharedPlan,
    counts: must(cellCounts(joint, sharedPlan)),
    software: { name: 'hansa', version: '0.1.0' },
  }),
);
/** The report as it comes from a file, with one value changed. */
function forged(path: readonly (string | number)[], value: unknown): AuditReport {
  const copy = JSON.parse(JSON.stringify(report));
  const last = path.at(-1) ?? '';
  path.slice(0, -1).reduce((at, step) => at[step], copy)[last] = value;
  return copy;
}
const places = (of: AuditReport) => rederive(of).discrepancies.map(({ at }) => at);
const first = report.comparisons.findIndex(({ state }) => state === 'value');

describe('computing a report again from its own counts', () => {
  test('finds nothing in one that was not changed, strata and crossings included', () => {
    expect(rederive(JSON.parse(JSON.stringify(report)))).toEqual({
      discrepancies: [],
      unchecked: ['at', 'model', 'data', 'findings', 'software'],
    });
    expect(report.slices.some(({ attributes }) => Object.keys(attributes).length === 3)).toBe(true);
  });

  test.each<[string, AuditReport, string]>([
    ['a rate', forged(['slices', 3, 'rates', 'selectionRate', 'value'], 0.123), '/slices/3/rates/selectionRate/value'],
    [
      'an end of an interval',
      forged(['slices', 2, 'rates', 'accuracy', 'interval', 'upper'], 0.99),
      '/slices/2/rates/accuracy/interval/upper',
    ],
    ['a comparison', forged(['comparisons', first, 'value'], 0.001), `/comparisons/${first}/value`],
    [
      'the verdict',
      forged(['verdict', 'outcome'], report.verdict.outcome === 'pass' ? 'fail' : 'pass'),
      '/verdict/outcome',
    ],
    ['the digest of the plan', forged(['planDigest'], digestOf('x')), '/planDigest'],
    ['a finding taken away', forged(['findings'], []), '/findings'],
    ['rows that are in no group', forged(['slices', 0, 'counts', 'n'], 401), '/slices/0/counts/n'],
  ])('finds %s that was changed, and says where', (_, changed, place) => {
    expect(places(changed)).toContain(place);
  });

  test('finds a finding about a group that the counts do not show', () => {
    const made = { type: 'https://w3id.org/dpv/ai#AIBias', severity: 'high', text: 'Somebody is harmed.' };
    expect(rederive(forged(['findings', report.findings.length], made)).discrepancies).toEqual([
      { at: '/findings', stated: 'Somebody is harmed.', rederived: null },
    ]);
  });

  test('finds margins that were changed after the digest of the plan was taken', () => {
    const plan = { ...sharedPlan, metrics: sharedPlan.metrics.map((metric) => ({ ...metric, margin: 0.9 })) };
    expect(places(forged(['plan'], plan))).toContain('/planDigest');
    const both = { ...forged(['plan'], plan), planDigest: planDigest(plan) };
    expect(places(both)).toContain('/verdict/reasons/0/margin');
  });
});
