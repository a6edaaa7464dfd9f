import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type CellCounts,
  type ComparisonMetric,
  cellCounts,
  compare,
  comparePair,
  countJoint,
  type PairMetric,
  type Partition,
  type RateName,
  ratesOf,
} from './index.js';
import { coded, compasColumn, compasFile, compasPresent } from './testing/compas-rows.js';

const plan = { outcome: { polarity: 'burden' }, floors: { group: 30, events: 5 }, level: 0.95 } as const;

function compas(): CellCounts {
  const joint = must(
    countJoint({
      label: Uint8Array.from(compasColumn('two_year_recid'), Number),
      decision: Uint8Array.from(compasColumn('score_text'), (text) => (text === 'Low' ? 0 : 1)),
      attributes: ['race', 'sex'].map((name) => coded(name, compasColumn(name))),
    }),
  );
  return must(cellCounts(joint, { attributes: ['race', 'sex'] }));
}

if (!compasPresent) test.skip(`skipped: the figures of COMPAS, because ${compasFile} is not there`, () => {});

describe('the COMPAS data of ProPublica', () => {
  const run = compasPresent ? test : test.skip;
  const counts: CellCounts = compasPresent ? compas() : { total: { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 }, partitions: [] };
  const of = (name: string): Partition =>
    counts.partitions.find(({ attribute }) => attribute === name) ?? { attribute: name, groups: [] };
  const groups = new Map(counts.partitions.flatMap((a) => a.groups.map((g) => [g.group, g.counts])));

  // ProPublica's truth tables (the notebook "Compas Analysis"), recomputed: n, tn, fp, fn, tp, then FPR, FNR, PPV, selection.
  run.each([
    ['all', [7214, 2681, 1282, 1216, 2035], [0.323492, 0.374039, 0.613506, 0.4598]],
    ['African-American', [3696, 990, 805, 532, 1369], [0.448468, 0.279853, 0.629715, 0.588203]],
    ['Caucasian', [2454, 1139, 349, 461, 505], [0.234543, 0.477226, 0.591335, 0.348003]],
    ['Hispanic', [637, 318, 87, 129, 103], [0.214815, 0.556034, 0.542105, 0.298273]],
    ['Other', [377, 208, 36, 90, 43], [0.147541, 0.676692, 0.544304, 0.209549]],
    ['Asian', [32, 21, 2, 3, 6], [0.086957, 0.333333, 0.75, 0.25]],
    ['Native American', [18, 5, 3, 1, 9], [0.375, 0.1, 0.75, 0.666667]],
    ['Female', [1395, 609, 288, 195, 303], [0.32107, 0.391566, 0.51269, 0.423656]],
    ['Male', [5819, 2072, 994, 1021, 1732], [0.324201, 0.370868, 0.635363, 0.468465]],
  ] as const)('the table of %s', (group, [n, tn, fp, fn, tp], expected) => {
    const own = group === 'all' ? counts.total : (groups.get(group) ?? counts.total);
    expect(own).toEqual({ n, tn, fp, fn, tp });
    const rates = ratesOf(own, 0.95);
    const names = ['falsePositiveRate', 'falseNegativeRate', 'positivePredictiveValue', 'selectionRate'] as const;
    names.forEach((name: RateName, i) => {
      const rate = rates[name];
      expect(rate.state === 'value' && rate.value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
    });
  });

  const metrics: readonly ComparisonMetric[] = [
    'demographicParityDifference',
    'demographicParityRatio',
    'equalizedOddsDifference',
    'equalizedOddsRatio',
    'equalOpportunityDifference',
  ];
  const two = (all: Partition): Partition => ({
    ...all,
    groups: all.groups.filter(({ group }) => group === 'African-American' || group === 'Caucasian'),
  });

  // fairlearn 0.15.0 on the same 7214 rows.
  run.each([
    ['race, six groups', () => of('race'), [0.457118, 0.314324, 0.576692, 0.193897, 0.576692]],
    ['race, two groups', () => two(of('race')), [0.2402, 0.591638, 0.213925, 0.522987, 0.197373]],
    ['sex', () => of('sex'), [0.044809, 0.904348, 0.020698, 0.967101, 0.020698]],
  ])('the figures of fairlearn for %s', (_, attribute, expected) => {
    metrics.forEach((metric, i) => {
      const comparison = compare(metric, attribute(), 'all', plan);
      expect(comparison.state === 'value' && comparison.value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
    });
  });

  // fairlearn 0.15.0, method to_overall.
  run.each([
    ['race', 'demographicParityDifference', 0.250251],
    ['race', 'demographicParityRatio', 0.455739],
    ['race', 'equalizedOddsDifference', 0.302653],
    ['sex', 'demographicParityDifference', 0.036144],
    ['sex', 'demographicParityRatio', 0.921391],
    ['sex', 'equalizedOddsDifference', 0.017528],
  ] as const)('the figures of fairlearn against everybody for %s: %s', (attribute, metric, expected) => {
    const comparison = compare(metric, of(attribute), 'all', plan, { against: 'overall', of: 'worst' });
    expect(comparison.state === 'value' && comparison.value).toBeCloseTo(expected, 6);
    expect(comparison.state === 'value' && comparison.interval.lower).toBeLessThan(expected);
    expect(comparison.state === 'value' && comparison.interval.upper).toBeGreaterThan(expected);
  });

  // AIF360, African-American unprivileged, Caucasian privileged: favourable label 0 (a burden), then 1 (a benefit).
  run.each<[PairMetric, number, number]>([
    ['statisticalParityDifference', -0.2402, 0.2402],
    ['disparateImpact', 0.631593, 1.690224],
    ['equalOpportunityDifference', -0.213925, 0.197373],
    ['averageOddsDifference', -0.205649, 0.205649],
    ['errorRateDifference', 0.031669, 0.031669],
    ['averagePredictiveValueDifference', -0.049897, 0.049897],
  ])('the figures of AIF360: %s', (metric, burden, benefit) => {
    const group = (name: string) => of('race').groups.filter((g) => g.group === name);
    const [[unprivileged], [privileged]] = [group('African-American'), group('Caucasian')];
    if (!unprivileged || !privileged) throw new Error('the groups are missing');
    const values = (['burden', 'benefit'] as const).map((polarity) => {
      const comparison = comparePair(metric, of('race'), { unprivileged, privileged }, { polarity, level: 0.95 });
      return comparison.state === 'value' ? comparison.value : null;
    });
    expect(values[0]).toBeCloseTo(burden, 6);
    expect(values[1]).toBeCloseTo(benefit, 6);
  });

  run('a headline over six groups hangs on 18 people, and the floors leave them out by name', () => {
    const [all, judged] = (['all', 'judged'] as const).map((g) =>
      compare('demographicParityRatio', of('race'), g, plan),
    );
    expect(all).toMatchObject({ worst: { group: 'Native American', n: 18 }, best: { group: 'Other' } });
    expect(judged).toMatchObject({
      worst: { group: 'African-American' },
      leftOut: [{ group: 'Native American', n: 18 }],
    });
    expect(judged?.leftOutShare).toBeCloseTo(18 / 7214, 12);
  });

  run('the false positive rates of two groups differ by what Newcombe’s interval says', () => {
    const comparison = compare('equalizedOddsDifference', two(of('race')), 'all', plan);
    expect(comparison).toMatchObject({
      rate: 'falsePositiveRate',
      worst: { group: 'African-American', k: 805, n: 1795 },
    });
    expect(comparison.state === 'value' && comparison.interval.lower).toBeCloseTo(0.182053, 6);
    expect(comparison.state === 'value' && comparison.interval.upper).toBeCloseTo(0.245023, 6);
  });
});
