import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  buildReport,
  type Partition,
  planDefaults,
  pooledCounts,
  reportBytes,
  reportFrom,
} from '../index.js';

const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });
const groups = {
  a: confusion(60, 40, 20, 80),
  b: confusion(80, 20, 40, 60),
  c: confusion(3, 1, 2, 4),
};
const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [
    { metric: 'equalizedOddsDifference', margin: 0.1, reason: 'A needless check is a burden.' },
    { metric: 'demographicParityRatio', margin: 0.8, reason: 'Four fifths.' },
  ],
  ...planDefaults,
  draws: { seed: 7, replicates: 999 },
};

function report(own: AuditPlan = plan, withheld: object = {}) {
  const partition: Partition = {
    attribute: 'sex',
    groups: Object.entries(groups).map(([group, counts]) => ({
      group,
      attributes: { sex: group },
      counts: group === 'b' ? { ...counts, ...withheld } : counts,
    })),
  };
  return buildReport({
    model: { digest: digestOf('model') },
    data: { digest: digestOf('data'), rows: 410 },
    plan: own,
    counts: { total: pooledCounts(partition), partitions: [partition] },
    software: { name: 'hansa', version: '0.1.0' },
  });
}

describe('what is drawn', () => {
  test('is in the report only where the plan asks for it, and changes nothing else', () => {
    const { draws: _, ...without } = plan;
    const [plain, drawn] = [must(report(without)), must(report())];
    expect('drawn' in plain).toBe(false);
    const { drawn: part, plan: ____, planDigest: ___, ...rest } = drawn;
    const { plan: _____, planDigest: ______, ...same } = plain;
    expect(rest).toEqual(same);
    expect(part).toMatchObject({ seed: 7, replicates: 999 });
    expect(reportFrom(JSON.parse(JSON.stringify(drawn)))).toEqual(drawn);
  });

  test('is the same to the bit for the same seed, and the seed is part of the plan’s digest', () => {
    expect(reportBytes(must(report()))).toEqual(reportBytes(must(report())));
    const other = must(report({ ...plan, draws: { seed: 8, replicates: 999 } }));
    expect(other.planDigest).not.toBe(must(report()).planDigest);
    expect(other.drawn?.gaps[0]?.bootstrap).not.toEqual(must(report()).drawn?.gaps[0]?.bootstrap);
  });

  test('holds the planned figures between its ends', () => {
    const { drawn, comparisons } = must(report());
    expect(drawn?.gaps.map(({ metric }) => metric)).toEqual(['equalizedOddsDifference', 'demographicParityRatio']);
    for (const { metric, bootstrap } of drawn?.gaps ?? []) {
      const own = comparisons.find((c) => c.metric === metric && c.groups === 'judged');
      if (own?.state !== 'value' || bootstrap.state !== 'value') throw new Error('no figure');
      expect(bootstrap.lower).toBeLessThan(own.value);
      expect(bootstrap.upper).toBeGreaterThan(own.value);
    }
    // The group of ten rows is not judged: its 0.75 of 4 would be an end of nearly every draw.
    const [ofOdds] = drawn?.gaps ?? [];
    expect(ofOdds?.bootstrap).toMatchObject({ state: 'value', undefinedReplicates: 0 });
    expect(ofOdds?.bootstrap.state === 'value' && ofOdds.bootstrap.upper).toBeLessThan(0.4);
  });

  test('is not drawn from withheld counts, and says so', () => {
    const gaps = must(report(plan, { tp: null, fn: null })).drawn?.gaps ?? [];
    expect(gaps[0]?.bootstrap).toEqual({
      state: 'undefined',
      reason: 'small counts were withheld, so no table can be drawn',
    });
  });

  test('is refused in a weighted audit, where nothing could be drawn', () => {
    expect(report({ ...plan, weight: 'w' })).toMatchObject({
      ok: false,
      problem: { kind: 'audit.invalid-plan', at: '/draws', detail: expect.stringContaining('Leave out the seed') },
    });
  });
});
