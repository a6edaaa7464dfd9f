import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditPlan,
  type Comparison,
  compare,
  comparePair,
  comparisonMetrics,
  type DisclosedCounts,
  type Partition,
  pairMetrics,
  pairsOf,
  planDefaults,
  waysOf,
} from '../index.js';
import { compareAll } from './compare-all.js';

const plan: AuditPlan = {
  outcome: { name: 'is hired', positive: 'hired', polarity: 'benefit' },
  attributes: ['kind'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.1, reason: '' }],
  conventions: ['fairlearn', 'aif360'],
  ...planDefaults,
};
const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });
const partition = (groups: Readonly<Record<string, DisclosedCounts>>): Partition => ({
  attribute: 'kind',
  groups: Object.entries(groups).map(([group, counts]) => ({ group, attributes: { kind: group }, counts })),
});

const cell = fc.oneof({ arbitrary: fc.constant(0), weight: 1 }, { arbitrary: fc.nat(400), weight: 4 });
const counts = fc.tuple(cell, cell, cell, cell).map(([tn, fp, fn, tp]) => confusion(tn, fp, fn, tp));
const partitions = fc
  .array(counts, { minLength: 2, maxLength: 5 })
  .map((all) => partition(Object.fromEntries(all.map((own, i) => [`g${i}`, own]))));

describe('every comparison', () => {
  test('has its value within its interval and its range, or says why it has none', () => {
    const states = new Map<string, number>();
    fc.assert(
      fc.property(partitions, (some) => {
        for (const comparison of compareAll(some, plan)) {
          states.set(comparison.state, (states.get(comparison.state) ?? 0) + 1);
          if (comparison.state !== 'value') {
            expect(comparison.reason).toMatch(/\w+ /);
            continue;
          }
          const { value, interval, convention, contrast } = comparison;
          const what = [comparison.metric, comparison.aggregation, value, interval];
          expect([
            what,
            Number.isFinite(value),
            interval.lower <= value + 1e-9,
            interval.upper >= value - 1e-9,
          ]).toEqual([what, true, true, true]);
          if (convention === 'fairlearn') expect([what, value >= 0, value <= 1 + 1e-12]).toEqual([what, true, true]);
          if (contrast === 'ratio') expect([what, value >= 0]).toEqual([what, true]);
        }
      }),
      { numRuns: 60 },
    );
    expect([...states.values()].every((times) => times > 100)).toBe(true);
    expect([...states.keys()].sort()).toEqual(['undefined', 'value']);
  });

  test('does not depend on the order of groups', () => {
    fc.assert(
      fc.property(partitions, ({ attribute, groups }) => {
        const forward = compareAll({ attribute, groups }, { ...plan, conventions: ['fairlearn'] });
        const backward = compareAll(
          { attribute, groups: [...groups].reverse() },
          { ...plan, conventions: ['fairlearn'] },
        );
        const values = (all: readonly Comparison[]) => all.map((c) => (c.state === 'value' ? c.value : c.state));
        expect(values(backward)).toEqual(values(forward));
      }),
      { numRuns: 40 },
    );
  });

  test('is suppressed where a group of the pair withheld what it needs, and leaves such a group out of many', () => {
    const some = partition({
      a: confusion(50, 9, 8, 40),
      b: confusion(60, 12, 9, 30),
      c: { n: 118, tn: 100, fp: null, fn: null, tp: 18 },
    });
    const all = compareAll(some, plan);
    const withC = all.filter((c) => c.convention === 'aif360' && c.metric === 'falsePositiveRateDifference');
    expect(withC.map(({ state }) => state).sort()).toEqual(['suppressed', 'suppressed', 'value']);
    expect(compare('falsePositiveRateDifference', some, 'all', plan)).toMatchObject({
      state: 'value',
      leftOut: [{ group: 'c', why: 'suppressed', n: 118 }],
    });
    expect(
      compare('falsePositiveRateDifference', some, 'all', plan, { against: 'overall', of: 'worst' }),
    ).toMatchObject({ state: 'suppressed' });
  });
});

test('each metric is given in each of its ways once', () => {
  const all = compareAll(partition({ a: confusion(5, 4, 3, 8), b: confusion(6, 1, 2, 3) }), plan);
  const keys = all.map((c) => [c.convention, c.metric, c.aggregation, c.groups].join());
  expect(new Set(keys).size).toBe(keys.length);
  const ways = comparisonMetrics.reduce((sum, metric) => sum + waysOf(metric).length + 1, 0);
  expect(all).toHaveLength(ways + pairMetrics.length);
});

describe('the interval of a largest gap', () => {
  const many = (size: number) =>
    partition(
      Object.fromEntries(Array.from({ length: size }, (_, i) => [`g${i}`, confusion(60, 20 + (i % 3), 20, 60)])),
    );

  test('is wider than that of the two extremes, with many groups, and holds the value', () => {
    for (const metric of [
      'demographicParityDifference',
      'demographicParityRatio',
      'equalizedOddsDifference',
    ] as const) {
      for (const size of [2, 6, 61]) {
        const comparison = compare(metric, many(size), 'judged', { ...plan, metrics: [], attributes: [] });
        if (comparison.state !== 'value' || !comparison.simultaneous) throw new Error('no interval');
        const { value, interval, simultaneous } = comparison;
        expect([metric, size, simultaneous.lower <= value, simultaneous.upper >= value]).toEqual([
          metric,
          size,
          true,
          true,
        ]);
        // Chance alone must explain at least as much as for two groups that nobody picked.
        const isHonest = simultaneous.lower <= Math.max(0, interval.lower) + 0.005;
        expect([metric, size, isHonest]).toEqual([metric, size, true]);
      }
    }
  });

  test('grows with the number of comparisons of the plan', () => {
    const [metric] = plan.metrics;
    if (!metric) throw new Error('no metric');
    const widths = [1, 4, 16].map((times) => {
      const metrics = Array.from({ length: times }, () => metric);
      const comparison = compare('demographicParityDifference', many(3), 'judged', { ...plan, metrics });
      const { upper, lower } = (comparison.state === 'value' && comparison.simultaneous) || { upper: 0, lower: 0 };
      return upper - lower;
    });
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(widths[2]).toBeGreaterThan(widths[0] ?? 1);
  });
});

describe('a pair in AIF360’s convention', () => {
  const a = { group: 'a', attributes: { kind: 'a' }, counts: confusion(50, 10, 20, 40) };
  const b = { group: 'b', attributes: { kind: 'b' }, counts: confusion(30, 30, 10, 50) };
  const value = (metric: (typeof pairMetrics)[number], swapped = false) => {
    const groups = swapped ? { unprivileged: b, privileged: a } : { unprivileged: a, privileged: b };
    const comparison = comparePair(metric, { attribute: 'kind' }, groups, { polarity: 'benefit', level: 0.95 });
    return comparison.state === 'value' ? comparison.value : Number.NaN;
  };

  test('changes its sign, or is turned over, with who is privileged', () => {
    for (const metric of pairMetrics) {
      const [one, other] = [value(metric), value(metric, true)];
      if (metric === 'disparateImpact' || metric.endsWith('Ratio')) expect(one * other).toBeCloseTo(1, 12);
      else if (metric === 'averageAbsOddsDifference' || metric === 'equalizedOddsDifference')
        expect(one).toBeCloseTo(other, 12);
      else expect(one).toBeCloseTo(-other, 12);
    }
  });

  test('means may cancel, and their sizes do not', () => {
    const crossing = { group: 'c', attributes: { kind: 'c' }, counts: confusion(20, 40, 36, 24) };
    const pair = { unprivileged: crossing, privileged: a };
    const of = (metric: (typeof pairMetrics)[number]) =>
      comparePair(metric, { attribute: 'kind' }, pair, { polarity: 'benefit', level: 0.95 });
    expect(of('averageOddsDifference')).toMatchObject({ state: 'value' });
    const [mean, size] = [of('averageOddsDifference'), of('averageAbsOddsDifference')];
    expect(Math.abs(mean.state === 'value' ? mean.value : 1)).toBeLessThan(0.15);
    expect(size.state === 'value' && size.value).toBeGreaterThan(0.3);
  });
});

describe('who is held against whom', () => {
  const many = (size: number) =>
    partition(Object.fromEntries(Array.from({ length: size }, (_, i) => [`g${i}`, confusion(10 + i, 5, 5, 10 * i)])));

  test('is each two of few groups, the one selected less as unprivileged when selection is a benefit', () => {
    const pairs = pairsOf(many(4), 'benefit').map(({ unprivileged, privileged }) => [
      unprivileged.group,
      privileged.group,
    ]);
    expect(pairs).toEqual([
      ['g0', 'g1'],
      ['g0', 'g2'],
      ['g0', 'g3'],
      ['g1', 'g2'],
      ['g1', 'g3'],
      ['g2', 'g3'],
    ]);
    expect(pairsOf(many(2), 'burden')[0]).toMatchObject({ unprivileged: { group: 'g1' }, privileged: { group: 'g0' } });
  });

  test('is each of many groups and the largest, or the one that was named', () => {
    expect(pairsOf(many(9), 'benefit')).toHaveLength(8);
    expect(pairsOf(many(200), 'benefit')).toHaveLength(50);
    expect(pairsOf(many(9), 'benefit')[0]).toMatchObject({ privileged: { group: 'g8' } });
    expect(pairsOf(many(4), 'benefit', 'g2').map(({ privileged }) => privileged.group)).toEqual(['g2', 'g2', 'g2']);
  });
});
