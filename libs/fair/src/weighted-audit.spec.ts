import { readFileSync } from 'node:fs';
import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditPlan,
  buildReport,
  type CellCounts,
  type ComparisonMetric,
  cellCounts,
  compare,
  comparePair,
  countJoint,
  effectiveRows,
  type PairMetric,
  planDefaults,
  rateOf,
  rederive,
  reportFrom,
} from './index.js';

interface Oracle {
  readonly cases: readonly {
    readonly name: string;
    /** Group, label, decision, weight. */
    readonly rows: readonly (readonly [number, number, number, number])[];
    /** Of each group: tn, fp, fn, tp in weight. */
    readonly tables: readonly (readonly number[])[];
    readonly fairlearn: Readonly<Record<string, number>>;
    readonly aif360: Readonly<Record<PairMetric, number>>;
    readonly selection: readonly { readonly value: number; readonly effective: number; readonly interval: number[] }[];
  }[];
}
const { cases }: Oracle = JSON.parse(readFileSync(new URL('./fixtures/weights.json', import.meta.url), 'utf8'));

type Rows = Oracle['cases'][number]['rows'];
function counted(rows: Rows, weightOf: (weight: number) => number = (weight) => weight): CellCounts {
  const levels = [...new Set(rows.map(([group]) => String(group)))].sort();
  const joint = countJoint({
    label: Uint8Array.from(rows, ([, label]) => label),
    decision: Uint8Array.from(rows, ([, , decision]) => decision),
    attributes: [{ attribute: 'group', levels, codes: Uint16Array.from(rows, ([g]) => levels.indexOf(String(g))) }],
    weights: Float64Array.from(rows, ([, , , weight]) => weightOf(weight)),
  });
  return must(cellCounts(must(joint), { attributes: ['group'] }));
}

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'benefit' },
  attributes: ['group'],
  weight: 'w',
  conventions: ['fairlearn', 'aif360'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.2, reason: 'Checks help.' }],
  ...planDefaults,
};
const reportOf = (counts: CellCounts, own: AuditPlan = plan) =>
  buildReport({
    model: { digest: digestOf('model') },
    data: { digest: digestOf('data'), rows: counts.total.n ?? 0 },
    plan: own,
    counts,
    software: { name: 'hansa', version: '0.1.0' },
  });
const stems: Readonly<Record<string, string>> = {
  demographic_parity: 'demographicParity',
  equalized_odds: 'equalizedOdds',
  equal_opportunity: 'equalOpportunity',
};

describe.each(cases)('weighted decisions of $name', ({ rows, tables, fairlearn, aif360, selection }) => {
  const counts = counted(rows);
  const [partition] = counts.partitions;
  if (!partition) throw new Error('nothing was counted');

  test('have scikit-learn’s weighted tables, beside the rows', () => {
    const own = partition.groups.map(({ counts: { weights } }) => weights?.sums);
    expect(own.map((sums) => [sums?.tn, sums?.fp, sums?.fn, sums?.tp])).toEqual(tables);
    expect(counts.total.n).toBe(rows.length);
  });

  test.each(Object.entries(fairlearn))('are as far apart as fairlearn says: %s', (name, expected) => {
    const [, stem = '', contrast = '', method] = /^(\w+)_(difference|ratio) (\w+)$/.exec(name) ?? [];
    const metric = `${stems[stem]}${contrast === 'ratio' ? 'Ratio' : 'Difference'}` as ComparisonMetric;
    const how = { against: method === 'to_overall' ? 'overall' : 'each-other', of: 'worst' } as const;
    const { outcome, level } = plan;
    const own = compare(metric, partition, 'all', { outcome, level, floors: { group: 0, events: 0 } }, how);
    if (own.state !== 'value') throw new Error(own.reason);
    expect(own.value).toBeCloseTo(expected, 12);
    expect(own.interval.lower).toBeLessThanOrEqual(own.value);
    expect(own.interval.upper).toBeGreaterThanOrEqual(own.value - 1e-12);
  });

  test.each(Object.entries(aif360))('are as far apart as AIF360 says: %s', (metric, expected) => {
    const [privileged, unprivileged] = partition.groups;
    if (!privileged || !unprivileged) throw new Error('two groups are needed');
    const pair = { privileged, unprivileged };
    const own = comparePair(metric as PairMetric, partition, pair, { polarity: 'benefit', level: 0.95 });
    expect(own.state === 'value' && own.value).toBeCloseTo(expected, 12);
  });

  test('have the effective rows and the interval that the rows themselves give', () => {
    partition.groups.forEach(({ counts: own }, i) => {
      const rate = rateOf('selectionRate', own, 0.95);
      if (rate.state !== 'value') throw new Error(rate.reason);
      const { value, effective, interval } = selection[i] ?? { value: 0, effective: 0, interval: [] };
      expect([rate.value, rate.weighted?.effective]).toEqual([expect.closeTo(value, 12), expect.closeTo(effective, 9)]);
      expect([rate.interval.lower, rate.interval.upper]).toEqual(interval.map((end) => expect.closeTo(end, 9)));
      expect(rate.n).toBe(own.n);
    });
  });
});

describe('weights', () => {
  const [{ rows }] = cases as [Oracle['cases'][number]];

  test('that are all alike change no figure', () => {
    const { weight: _, ...without } = plan;
    const [plain, own] = [must(reportOf(unweighted(counted(rows)), without)), must(reportOf(counted(rows, () => 3)))];
    plain.slices.forEach(({ rates }, i) => {
      for (const [name, rate] of Object.entries(rates)) {
        const same = own.slices[i]?.rates[name as keyof typeof rates];
        if (rate.state !== 'value' || same?.state !== 'value') throw new Error('a rate is missing');
        expect([same.k, same.n, same.weighted?.effective]).toEqual([rate.k, rate.n, expect.closeTo(rate.n, 9)]);
        expect(same.interval.lower).toBeCloseTo(rate.interval.lower, 12);
        expect(same.interval.upper).toBeCloseTo(rate.interval.upper, 12);
      }
    });
    expect(own.verdict.outcome).toBe(plain.verdict.outcome);
  });

  test('of any scale change no figure, and unequal ones tell less than as many rows', () => {
    const [one, seven] = [must(reportOf(counted(rows))), must(reportOf(counted(rows, (w) => w * 8)))];
    expect(seven.comparisons).toEqual(one.comparisons);
    for (const { rates } of one.slices)
      for (const rate of Object.values(rates))
        if (rate.state === 'value') expect(rate.weighted?.effective).toBeLessThanOrEqual(rate.n);
  });

  test('make a report of the published form, which says rows and effective rows', () => {
    const report = must(reportOf(counted(rows)));
    expect(reportFrom(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.method.weights).toBe('effective-rows');
    expect(rederive(report).discrepancies).toEqual([]);
    const failing = { ...plan, metrics: [{ metric: 'demographicParityDifference', margin: 0, reason: '' }] } as const;
    expect(must(reportOf(counted(rows), failing)).findings[0]?.text).toMatch(
      /\(weighted; \d+ of 40 rows, which tell as much as 25\.5 of equal weight\)/,
    );
  });

  test('of a group that weighs nothing leave its rates undefined, not 0', () => {
    const own = must(reportOf(counted(rows.map(([g, y, d, w]) => [g, y, d, g === 1 ? 0 : w] as const))));
    expect(own.slices[2]?.rates.selectionRate).toEqual({
      state: 'undefined',
      k: 0,
      n: 0,
      reason: 'no rows of a weight above 0',
    });
  });

  test('are refused where the plan and the counts do not agree, or where all are 0', () => {
    const { weight: _, ...without } = plan;
    const refused = [
      reportOf(counted(rows), without),
      reportOf(unweighted(counted(rows))),
      reportOf(counted(rows, () => 0)),
    ];
    expect(refused.map((one) => !one.ok && [one.problem.kind, one.problem.at])).toEqual([
      ['audit.weights-differ', undefined],
      ['audit.weights-differ', 'w'],
      ['audit.no-weight', 'w'],
    ]);
  });

  test('leave no place for tests of rows, which would take unequal ones for equal', () => {
    const refused = reportOf(counted(rows), { ...plan, tests: {} as never });
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'audit.invalid-plan', at: '/tests' } });
  });

  test('leave as many effective rows as there are at most, and more the more alike they are', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    const sums = (own: readonly number[]) => ({
      sum: own.reduce((sum, w) => sum + w, 0),
      squares: own.reduce((sum, w) => sum + w * w, 0),
    });
    const seen = { all: 0, less: 0 };
    fc.assert(
      fc.property(weights, weights, (counted, others) => {
        const rows = counted.length + others.length;
        const effective = effectiveRows(sums(counted), sums(others), rows);
        expect(effective).toBeGreaterThan(0);
        expect(effective).toBeLessThanOrEqual(rows);
        if (effective > rows - 1e-9) seen.all++;
        else seen.less++;
      }),
    );
    expect(seen.less).toBeGreaterThan(50);
    expect(effectiveRows(sums([2, 2]), sums([2, 2, 2]), 5)).toBeCloseTo(5, 12);
  });
});

function unweighted({ total, partitions }: CellCounts): CellCounts {
  const plain = ({ weights: _, ...rows }: CellCounts['total']) => rows;
  return {
    total: plain(total),
    partitions: partitions.map((one) => ({
      ...one,
      groups: one.groups.map((group) => ({ ...group, counts: plain(group.counts) })),
    })),
  };
}
