import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  type AuditReport,
  buildReport,
  type ConfusionCounts,
  compareReports,
  type Partition,
  planDefaults,
  pooledCounts,
} from './index.js';

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['nationality'],
  metrics: [{ metric: 'falsePositiveRateDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};
const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });

function reportOf(groups: Readonly<Record<string, ConfusionCounts>>, changes: Partial<AuditPlan> = {}): AuditReport {
  const partition: Partition = {
    attribute: 'nationality',
    groups: Object.entries(groups).map(([group, counts]) => ({ group, attributes: { nationality: group }, counts })),
  };
  const total = pooledCounts(partition);
  return must(
    buildReport({
      model: { digest: digestOf('model') },
      data: { digest: digestOf('data'), rows: total.n ?? 0 },
      plan: { ...plan, ...changes },
      counts: { total, partitions: [partition] },
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}

// False positives of Amsterdam's pilot model before and after it was reweighed: 61 of 139 and 120 of 464, then 30 and 103.
const before = reportOf({ 'not Dutch': confusion(78, 61, 42, 61), Dutch: confusion(344, 120, 120, 95) });
const after = reportOf({ 'not Dutch': confusion(109, 30, 54, 49), Dutch: confusion(361, 103, 138, 77) });

describe('two reports', () => {
  test('show who is better off and who is worse off, beyond what chance may do', () => {
    const { rates, gaps, verdict, notCompared } = must(compareReports(before, after));
    expect(verdict).toEqual({ before: 'fail', after: 'pass' });
    expect(notCompared).toEqual([]);
    const of = (nationality: string, rate: string) =>
      rates.find((r) => r.attributes.nationality === nationality && r.rate === rate);
    expect(of('not Dutch', 'falsePositiveRate')).toMatchObject({ change: 'better', before: 61 / 139, after: 30 / 139 });
    expect(of('not Dutch', 'falsePositiveRate')?.interval.upper).toBeLessThan(0);
    expect(of('Dutch', 'falsePositiveRate')?.change).toBe('same');
    expect(gaps.find(({ metric }) => metric === 'falsePositiveRateDifference')).toMatchObject({ change: 'better' });
  });

  test('are the same when nothing changed, and the other way round when they are swapped', () => {
    expect(must(compareReports(before, before)).rates.every(({ change }) => change === 'same')).toBe(true);
    const there = must(compareReports(before, after)).rates;
    const back = must(compareReports(after, before)).rates;
    const turned = { better: 'worse', worse: 'better', same: 'same' } as const;
    for (const { attributes, rate, change } of there) {
      const other = back.find((r) => r.rate === rate && r.attributes.nationality === attributes.nationality);
      expect([rate, attributes, other?.change]).toEqual([rate, attributes, turned[change]]);
    }
    expect(there.some(({ change }) => change !== 'same')).toBe(true);
  });

  test('put what got worse first', () => {
    const { rates } = must(compareReports(after, before));
    const changes = rates.map(({ change }) => change);
    expect(changes[0]).toBe('worse');
    expect(changes).toEqual([...changes].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  });
  const order = ['worse', 'better', 'same'];

  test('name the groups that only one of them has', () => {
    const other = reportOf({ 'not Dutch': confusion(109, 30, 54, 49), Belgian: confusion(361, 103, 138, 77) });
    expect(must(compareReports(before, other)).notCompared).toEqual([
      { nationality: 'Dutch' },
      { nationality: 'Belgian' },
    ]);
  });

  test('about other outcomes are refused', () => {
    const benefit = reportOf({ Dutch: confusion(1, 2, 3, 4) }, { outcome: { ...plan.outcome, polarity: 'benefit' } });
    expect(compareReports(before, benefit)).toMatchObject({ ok: false, problem: { kind: 'audit.other-outcome' } });
  });
});
