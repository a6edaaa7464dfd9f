import { readFileSync } from 'node:fs';
import { must, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { pairShares } from '../comparisons/clustered-pairs.js';
import { comparableOf } from '../comparisons/fairlearn.js';
import {
  type AuditPlan,
  buildReport,
  cellCounts,
  countJoint,
  type Interval,
  newcombe,
  planDefaults,
  rateOf,
  rederive,
  reportBytes,
  reportFrom,
  shareOf,
  wilson,
} from '../index.js';

type RateOfFixture = {
  readonly groups: readonly {
    readonly k: number;
    readonly n: number;
    readonly clusters: number;
    readonly designEffect: number;
    readonly effective: number;
  }[];
  readonly scales: Readonly<Record<'difference' | 'ratio' | 'ratio of complements', number>>;
};
interface Case {
  readonly shared: boolean;
  /** Cluster, group, label, decision. */
  readonly rows: readonly (readonly [number, number, number, number])[];
  readonly selectionRate: RateOfFixture;
  readonly truePositiveRate: RateOfFixture;
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/clusters.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const rates = ['selectionRate', 'truePositiveRate'] as const;

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [
    { metric: 'equalizedOddsDifference', margin: 0.1, reason: 'A needless check is a burden.' },
    { metric: 'demographicParityRatio', margin: 0.8, reason: 'Four fifths.' },
  ],
  ...planDefaults,
  conventions: ['fairlearn', 'aif360'],
  rule: { kind: 'interval', unjudgedShare: 0.1 },
  tests: { power: 0.8, replicates: 199, seed: 1 },
  cluster: 'person',
};

type Row = readonly [cluster: string, group: string, label: number, decision: number, level?: string];

function countsOf(rows: readonly Row[], divisions: Pick<AuditPlan, 'attributes' | 'controls'> = plan) {
  const coded = (attribute: string, values: readonly string[]) => {
    const levels = [...new Set(values)];
    return { attribute, levels, codes: Uint32Array.from(values, (value) => levels.indexOf(value)) };
  };
  const label = Uint8Array.from(rows, (row) => row[2]);
  const decision = Uint8Array.from(rows, (row) => row[3]);
  const attributes = [
    coded(
      'sex',
      rows.map((row) => row[1]),
    ),
    coded(
      'level',
      rows.map((row) => row[4] ?? 'one'),
    ),
  ];
  const joint = must(countJoint({ label, decision, attributes }));
  const clusters = coded(
    'person',
    rows.map((row) => row[0]),
  );
  const clustered = must(countJoint({ label, decision, attributes: [...attributes, clusters] }));
  return must(cellCounts(joint, divisions, { joint: clustered, cluster: 'person' }));
}

function reportOf(rows: readonly Row[], own: AuditPlan = plan) {
  const digest = `sha-256:${'0'.repeat(64)}` as const;
  return buildReport({
    model: { digest },
    data: { digest, rows: rows.length },
    plan: own,
    counts: countsOf(rows, own),
    software: { name: 'hansa', version: '0.1.0' },
  });
}

const rowsOf = ({ rows }: Case): readonly Row[] =>
  rows.map(([cluster, group, label, decision]) => [`p${cluster}`, `g${group}`, label, decision]);

describe('rates of clustered rows', () => {
  test('have the cluster-robust variance of statsmodels, by rates whose denominators differ between clusters', () => {
    for (const own of cases) {
      const [partition] = countsOf(rowsOf(own)).partitions;
      for (const name of rates)
        for (const [i, expected] of own[name].groups.entries()) {
          const rate = rateOf(name, partition?.groups[i]?.counts ?? { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 }, 0.95);
          if (rate.state !== 'value') throw new Error('no rate');
          expect([rate.k, rate.n, rate.clustered?.clusters]).toEqual([expected.k, expected.n, expected.clusters]);
          expect((rate.clustered?.designEffect ?? 0) / expected.designEffect).toBeCloseTo(1, 9);
          expect((rate.clustered?.effective ?? 0) / expected.effective).toBeCloseTo(1, 9);
        }
    }
  });

  test('are held against each other with their covariance, where clusters have rows of both groups', () => {
    for (const own of cases) {
      const [partition] = countsOf(rowsOf(own)).partitions;
      if (!partition) throw new Error('nothing was counted');
      for (const name of rates) {
        const { compared } = comparableOf(name, partition, { group: 0, events: 0 });
        const [a, b] = compared;
        if (!a || !b) throw new Error('no pair');
        for (const contrast of ['difference', 'ratio', 'ratio of complements'] as const) {
          const [share] = pairShares(name, partition)(a, b, contrast);
          expect(shareOf(a).n / share.n).toBeCloseTo(own[name].scales[contrast], 9);
        }
        expect(own[name].scales.difference === 1).toBe(!own.shared);
      }
    }
  });

  test('of which nothing or all is counted take a cluster for one row', () => {
    const rows = Array.from({ length: 120 }, (_, i): Row => [`p${Math.floor(i / 4)}`, 'a', 1, 1]);
    const rate = rateOf('truePositiveRate', countsOf(rows).partitions[0]?.groups[0]?.counts ?? zero, 0.95);
    expect(rate).toMatchObject({ value: 1, n: 120, clustered: { clusters: 30, designEffect: null } });
    // 30 clusters, lowered by (1.96 / 2.045)².
    expect(rate.state === 'value' && rate.clustered?.effective).toBeCloseTo(30 * (1.959964 / 2.04523) ** 2, 3);
  });

  test('of one row in each cluster, or of rows without one, are about those of unrelated rows', () => {
    const plain = Array.from(
      { length: 600 },
      (_, i): Row => [`p${i}`, `g${i % 2}`, i % 3 ? 1 : 0, (i >> 1) % 3 ? 1 : 0],
    );
    const without = plain.map(([, ...row]): Row => ['not stated', ...row]);
    const [one, other] = [plain, without].map((rows) => countsOf(rows).partitions[0]?.groups[0]?.counts);
    expect(other).toEqual(one);
    const rate = rateOf('selectionRate', one ?? zero, 0.95);
    expect(rate.state === 'value' && rate.clustered?.designEffect).toBeCloseTo(300 / 299, 9);
  });
});

const zero = { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 };

describe('a report on clustered rows', () => {
  const [, crossing] = cases;
  if (!crossing) throw new Error('the fixture has two cases');
  const rows = rowsOf(crossing);

  test('names the method, the clusters and their design effect, and has the same bytes whatever the order of rows', () => {
    const report = must(reportOf(rows));
    expect(report.method.clusters).toBe('linearised');
    expect(report.findings.find(({ attribute }) => attribute === 'person')?.text).toMatch(
      /^\d+ rows belong to 70 clusters by "person"\. .* of unrelated rows: \d\.\d+ in selectionRate/,
    );
    expect(reportBytes(must(reportOf([...rows].reverse())))).toEqual(reportBytes(report));
    expect(reportFrom(JSON.parse(JSON.stringify(report)))).toEqual(report);
    const tests = report.tests?.tests.flatMap(({ result }) => (result.state === 'value' ? [result.test] : []));
    expect(new Set(tests)).toEqual(new Set(['chi-square of effective rows']));
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });

  test('follows from its own counts, also within controls and where clusters cross groups', () => {
    const levels = rows.map(
      ([cluster, group, label, decision], i): Row => [cluster, group, label, decision, `l${i % 2}`],
    );
    const own = { ...plan, controls: ['level'] };
    const report = must(reportOf(levels, own));
    expect(rederive(JSON.parse(JSON.stringify(report))).discrepancies).toEqual([]);
    const stated = JSON.parse(JSON.stringify(report));
    stated.slices[1].counts.clusters.products[0] += 5;
    expect(rederive(stated).discrepancies).not.toEqual([]);
  });

  test('does not judge groups of fewer than ten clusters, and warns of fewer than forty', () => {
    const few = rows.map(
      ([cluster, , label, decision], i): Row => [
        `p${Number(cluster.slice(1)) % 18}`,
        Number(cluster.slice(1)) % 18 < 9 ? 'small' : i % 2 ? 'a' : 'b',
        label,
        decision,
      ],
    );
    const report = must(reportOf(few));
    expect(report.verdict.outcome).toBe('insufficient-data');
    expect(report.findings.find(({ text }) => text.startsWith('Fewer than 40 clusters'))?.text).toContain('small (9)');
    const judged = report.comparisons.find(({ groups }) => groups === 'judged');
    expect(judged?.leftOut.map(({ why }) => why)).toContain('below-floor');
  });

  test('is refused with draws, with a cluster that is a group, and without its counts', () => {
    const problem = (own: Partial<AuditPlan>) => {
      const refused = reportOf(rows, { ...plan, ...own });
      return refused.ok ? undefined : refused.problem;
    };
    expect(problem({ draws: { seed: 1, replicates: 999 } })?.detail).toContain('leave out the seed');
    expect(problem({ cluster: 'sex' })?.at).toBe('/cluster');
    const { cluster: _, ...without } = plan;
    expect(reportOf(rows, without)).toMatchObject({ ok: false, problem: { kind: 'audit.clusters-differ' } });
  });
});

/** Rows of 60 clusters of 8 with an intra-class correlation of 0.3; the second group has the decision 0.1 more often. */
function sample(random: () => number, isCrossed: boolean): readonly Row[] {
  const [middle, spread] = [0.4, Math.sqrt(0.3 * 0.4 * 0.6)];
  return Array.from({ length: 60 }, (_, c) => ({ c, chance: middle + (random() < 0.5 ? spread : -spread) })).flatMap(
    ({ c, chance }) =>
      Array.from({ length: 8 }, (__, i): Row => {
        const group = (isCrossed ? i : c) % 2;
        return [`p${c}`, `g${group}`, 1, random() < chance + 0.1 * group ? 1 : 0];
      }),
  );
}

describe('intervals of 95 % of rows with an intra-class correlation of 0.3', () => {
  test.each([
    ['groups of clusters of their own', false],
    ['groups that cross clusters', true],
  ])('hold the rate and the gap in 92 to 98 %% of samples, and those of unrelated rows do not: %s', (_, isCrossed) => {
    const random = seededRandom(isCrossed ? 7 : 5);
    const samples = 600;
    let [ofRate, ofGap, plainRate, plainGap] = [0, 0, 0, 0];
    for (let i = 0; i < samples; i++) {
      const [partition] = countsOf(sample(random, isCrossed)).partitions;
      if (!partition) throw new Error('nothing was counted');
      const [a, b] = comparableOf('selectionRate', partition, { group: 0, events: 0 }).compared;
      if (!a || !b) throw new Error('no pair');
      const holds = ({ lower, upper }: Pick<Interval, 'lower' | 'upper'>, truth: number) =>
        lower <= truth && truth <= upper ? 1 : 0;
      const [own, other] = pairShares('selectionRate', partition)(b, a, 'difference');
      ofRate += holds(wilson(shareOf(a).k, shareOf(a).n, 0.95), 0.4);
      ofGap += holds(newcombe(own, other, 0.95), 0.1);
      plainRate += holds(wilson(a.k, a.n, 0.95), 0.4);
      plainGap += holds(newcombe(b, a, 0.95), 0.1);
    }
    const [rate, gap] = [ofRate / samples, ofGap / samples];
    expect([rate, gap].filter((share) => share < 0.92 || share > 0.98)).toEqual([]);
    expect(plainRate / samples).toBeLessThan(0.88);
    // Of groups that cross clusters the gap varies less than it would if rows were unrelated.
    if (isCrossed) expect(plainGap / samples).toBeGreaterThan(0.96);
    else expect(plainGap / samples).toBeLessThan(0.85);
  });
});
