import { canonicalJson, digestOf, type Json, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditPlan,
  type AuditReport,
  addCounts,
  buildReport,
  type Comparison,
  type ConfusionCounts,
  cellCounts,
  compare,
  countJoint,
  type JointRows,
  judge,
  type Partition,
  planDefaults,
  planDigest,
  pooledCounts,
  type ReportInput,
  reportBytes,
} from './index.js';

const plan: AuditPlan = {
  outcome: {
    name: 'lacks step-free access',
    positive: 'has barriers',
    polarity: 'benefit',
    words: {
      cases: 'stations',
      positives: 'stations that lack step-free access',
      negatives: 'stations without barriers',
    },
  },
  attributes: ['state'],
  metrics: [{ metric: 'equalOpportunityDifference', margin: 0.2, reason: 'A barrier that is not found stays.' }],
  ...planDefaults,
};

const confusion = (tn: number, fp: number, fn: number, tp: number): ConfusionCounts => ({
  n: tn + fp + fn + tp,
  tn,
  fp,
  fn,
  tp,
});

const partitionOf = (attribute: string, groups: Readonly<Record<string, ConfusionCounts>>): Partition => ({
  attribute,
  groups: Object.entries(groups).map(([group, counts]) => ({ group, attributes: { [attribute]: group }, counts })),
});

const counted = (rows: JointRows) => must(cellCounts(must(countJoint(rows)), plan));

function inputOf(groups: Readonly<Record<string, ConfusionCounts>>, changes: Partial<ReportInput> = {}): ReportInput {
  const partition = partitionOf('state', groups);
  const total = pooledCounts(partition);
  return {
    at: '2026-11-23T04:05:06.789Z',
    model: { digest: digestOf('model'), name: 'barriers', version: '1' },
    data: { digest: digestOf('data'), rows: total.n ?? 0 },
    plan,
    counts: { total, partitions: [partition] },
    software: { name: 'hansa', version: '0.1.0' },
    ...changes,
  };
}

const bavaria = confusion(280, 20, 34, 66);
const saarland = confusion(40, 3, 30, 1);
const similar = confusion(250, 18, 33, 60);

describe('a report', () => {
  test('says who is harmed, in a plain sentence, when the gap breaks the margin', () => {
    const report = must(buildReport(inputOf({ Bayern: bavaria, Saarland: saarland })));
    expect(report.verdict.outcome).toBe('fail');
    expect(report.findings).toEqual([
      {
        type: 'https://w3id.org/dpv/ai#AIBias',
        severity: 'high',
        attribute: 'state',
        text: 'Where state is Saarland, the model finds 3.2 % (1 of 31) of the stations that lack step-free access; where it is Bayern, 66 % (66 of 100).',
      },
    ]);
  });

  test('has everybody first, then each group, with all rates', () => {
    const { slices } = must(buildReport(inputOf({ Bayern: bavaria, Saarland: saarland })));
    expect(slices.map(({ attributes }) => attributes)).toEqual([{}, { state: 'Bayern' }, { state: 'Saarland' }]);
    expect(slices[2]?.rates.truePositiveRate).toMatchObject({ state: 'value', k: 1, n: 31 });
    expect(Object.keys(slices[0]?.rates ?? {})).toHaveLength(11);
  });

  test('passes within the margin, and says when chance could still turn that', () => {
    const { verdict } = must(buildReport(inputOf({ Bayern: bavaria, Hessen: similar })));
    expect(verdict).toMatchObject({ outcome: 'pass', reasons: [{ survivesInterval: true }] });
    const narrow = { ...plan, metrics: [{ metric: 'equalOpportunityDifference', margin: 0.1, reason: '' }] } as const;
    const close = must(buildReport(inputOf({ Bayern: bavaria, Hessen: similar }, { plan: narrow })));
    expect(close.verdict).toMatchObject({ outcome: 'pass', reasons: [{ survivesInterval: false }] });
    expect(close.verdict.reasons[0]?.text).toMatch(
      /^equalOpportunityDifference by state is 0\.0148 and keeps to the margin of 0\.1\. The verdict would not survive its 95 % interval, which reaches 0\.1\d+\.$/,
    );
  });

  test('leaves a group below the floors out of the verdict and names it', () => {
    const report = must(buildReport(inputOf({ Bayern: bavaria, Bremen: confusion(5, 0, 4, 0), Hessen: similar })));
    expect(report.verdict.outcome).toBe('pass');
    expect(report.findings.map(({ type, text }) => [type, text])).toEqual([
      [
        'https://w3id.org/hansa/v1#SmallGroupHeadline',
        'Over all groups of state, the difference in how often the model finds stations that lack step-free access (equalOpportunityDifference) would be 0.66, but that hangs on Bremen (0 of 4), too few to judge; without such groups it is 0.0148.',
      ],
      [
        'https://w3id.org/hansa/v1#GroupNotJudged',
        'Too few cases in 1.2 % of the rows, by state, to judge the difference in how often the model finds stations that lack step-free access (equalOpportunityDifference): Bremen (9 rows).',
      ],
    ]);
  });

  test('a group that the model fails is judged by what was expected of it, not by what was found', () => {
    const report = must(buildReport(inputOf({ Bayern: bavaria, Saarland: confusion(40, 3, 31, 0) })));
    expect(report.verdict.outcome).toBe('fail');
  });

  test('cannot judge one group, nor a population that is mostly in small groups', () => {
    expect(must(buildReport(inputOf({ Bayern: bavaria }))).verdict.reasons[0]?.text).toBe(
      'equalOpportunityDifference by state cannot be judged: fewer than two groups can be compared by truePositiveRate.',
    );
    const crumbs = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`town ${i}`, confusion(10, 1, 2, 4)]));
    const report = must(buildReport(inputOf({ Bayern: bavaria, Hessen: similar, ...crumbs })));
    expect(report.verdict).toMatchObject({ outcome: 'insufficient-data' });
    expect(report.verdict.reasons[0]?.text).toMatch(
      /groups with 47\.2 % of the rows are too small, and the plan allows 10 %/,
    );
    expect(report.findings.at(-1)?.text).toMatch(/, town 9 \(17 rows\) and 30 more\.$/);
  });

  test('a found gap fails even when much of the population could not be judged', () => {
    const crumbs = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`town ${i}`, confusion(10, 1, 2, 4)]));
    const report = must(buildReport(inputOf({ Bayern: bavaria, Saarland: saarland, ...crumbs })));
    expect(report.verdict.outcome).toBe('fail');
  });

  test('tells a burden from a benefit: the worst group is the other one', () => {
    const burden: AuditPlan = {
      ...plan,
      outcome: { name: 'fraud', positive: 'check this person', polarity: 'burden' },
      metrics: [{ metric: 'demographicParityRatio', margin: 0.8, reason: 'four fifths' }],
    };
    const report = must(buildReport(inputOf({ Bayern: bavaria, Saarland: saarland }, { plan: burden })));
    expect(report.findings[0]?.text).toBe(
      'Where state is Bayern, the model says "check this person" for 21.5 % (86 of 400) of the cases; where it is Saarland, 5.4 % (4 of 74).',
    );
  });

  test('is the same bytes for the same input, whatever the order of rows and levels', () => {
    const row = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(2));
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(row, { minLength: 90, maxLength: 300 }), (rows) => {
        const bytesOf = (order: typeof rows, levels: readonly string[]): string => {
          const counts = counted({
            label: Uint8Array.from(order, ([y]) => y),
            decision: Uint8Array.from(order, ([, d]) => d),
            attributes: [
              {
                attribute: 'state',
                levels,
                codes: Uint32Array.from(order, ([, , g]) => levels.indexOf(`state ${g}`)),
              },
            ],
          });
          const data = { digest: digestOf('data'), rows: order.length };
          const report = must(buildReport({ ...inputOf({ a: bavaria }), data, counts }));
          outcomes.add(report.verdict.outcome);
          return Buffer.from(reportBytes(report)).toString();
        };
        const first = bytesOf(rows, ['state 0', 'state 1', 'state 2']);
        expect(bytesOf([...rows].reverse(), ['state 2', 'state 0', 'state 1', 'nobody'])).toBe(first);
        expect(canonicalJson(JSON.parse(first))).toBe(first);
      }),
    );
    expect(outcomes.size).toBeGreaterThan(1);
  });

  test('carries an explanation when there is one', () => {
    const explanation: Json = { method: 'exact' };
    expect(must(buildReport(inputOf({ Bayern: bavaria }, { explanation }))).explanation).toEqual(explanation);
    expect('explanation' in must(buildReport(inputOf({ Bayern: bavaria })))).toBe(false);
  });

  const groups = { Bayern: bavaria, Saarland: saarland };
  test.each<[string, string, Partial<ReportInput>]>([
    ['no attribute', 'audit.invalid-plan', { plan: { ...plan, attributes: [] } }],
    ['no metric', 'audit.invalid-plan', { plan: { ...plan, metrics: [] } }],
    ['a level in percent', 'audit.invalid-plan', { plan: { ...plan, level: 95 } }],
    ['a negative floor', 'audit.invalid-plan', { plan: { ...plan, floors: { group: -1, events: 5 } } }],
    ['a column that was not counted', 'audit.unknown-attribute', { plan: { ...plan, attributes: ['sex'] } }],
    ['other rows than counted', 'audit.rows-differ', { data: { digest: digestOf('data'), rows: 3 } }],
    [
      'a margin that is no number',
      'audit.invalid-plan',
      { plan: { ...plan, metrics: [{ metric: 'equalizedOddsRatio', margin: Number.NaN, reason: '' }] } },
    ],
  ])('is refused for %s with %s', (_, kind, changes) => {
    expect(buildReport(inputOf(groups, changes))).toMatchObject({ ok: false, problem: { kind } });
  });

  test('is refused for no rows, and for groups that leave rows out', () => {
    expect(buildReport(inputOf({}))).toMatchObject({ ok: false, problem: { kind: 'audit.no-rows' } });
    const input = inputOf(groups);
    const { n, tn, fp, fn, tp } = addCounts([...Object.values(groups), confusion(1, 0, 0, 0)]);
    const total = { n, tn, fp, fn, tp };
    const short = { ...input, counts: { ...input.counts, total }, data: { ...input.data, rows: total.n } };
    expect(buildReport(short)).toMatchObject({ ok: false, problem: { kind: 'audit.rows-differ', at: 'state' } });
  });
});

describe('compare', () => {
  const attribute = (groups: Readonly<Record<string, ConfusionCounts>>) => partitionOf('x', groups);

  test('leaves a group without positives out of the true positive rate, instead of calling it 0', () => {
    const c = compare(
      'equalizedOddsDifference',
      attribute({ a: bavaria, b: similar, c: confusion(9, 1, 0, 0) }),
      'all',
      plan,
    );
    expect(c).toMatchObject({ state: 'value', leftOut: [{ group: 'c', rate: 'truePositiveRate', why: 'undefined' }] });
    expect(c.state === 'value' && c.value).toBeLessThan(0.1);
  });

  test('has no ratio when nobody is decided positive, and a difference of 0 between two groups', () => {
    const never = attribute({ a: confusion(50, 0, 9, 0), b: confusion(70, 0, 3, 0) });
    expect(compare('demographicParityRatio', never, 'all', plan)).toMatchObject({
      state: 'undefined',
      reason: 'selectionRate is 0 in every group, so it has no ratio',
    });
    const difference = compare('demographicParityDifference', never, 'all', plan);
    expect(difference).toMatchObject({ state: 'value', value: 0 });
    expect(difference.state === 'value' && difference.best.group !== difference.worst.group).toBe(true);
  });
});

describe('the rule by intervals', () => {
  const byInterval: AuditPlan = { ...plan, rule: { kind: 'interval', unjudgedShare: 0.1 } };
  const outcomeOf = (margin: number, groups: Readonly<Record<string, ConfusionCounts>>) => {
    const metrics = [{ metric: 'equalOpportunityDifference', margin, reason: '' }] as const;
    const { verdict } = must(buildReport(inputOf(groups, { plan: { ...byInterval, metrics } })));
    return [verdict.outcome, verdict.reasons[0]?.text] as const;
  };
  const two = { Bayern: bavaria, Saarland: saarland };

  test('fails what is beyond the margin with confidence, and passes what is within it', () => {
    expect(outcomeOf(0.2, two)[0]).toBe('fail');
    expect(outcomeOf(0.9, two)[0]).toBe('pass');
    expect(outcomeOf(0.2, two)[1]).toMatch(
      /^equalOpportunityDifference by state is 0\.6277, with 95 % confidence between 0\.\d+ and 0\.\d+: it breaks the margin of 0\.2\.$/,
    );
  });

  test('finds the data insufficient where the margin lies within the interval', () => {
    const [outcome, text] = outcomeOf(0.62, two);
    expect(outcome).toBe('insufficient-data');
    expect(text).toMatch(/and the margin of 0\.62 lies in between\.$/);
  });

  test('never turns a pass into a failure or back with a little more or less margin', () => {
    const order = ['fail', 'insufficient-data', 'pass'];
    const outcomes = Array.from({ length: 101 }, (_, i) => order.indexOf(outcomeOf(i / 100, two)[0]));
    expect(outcomes).toEqual([...outcomes].sort((a, b) => a - b));
    expect(new Set(outcomes).size).toBe(3);
  });
});

describe('judge', () => {
  test('never passes a plan whose comparisons are absent', () => {
    expect(judge(plan, []).outcome).toBe('insufficient-data');
    expect(judge({ ...plan, metrics: [] }, []).outcome).toBe('insufficient-data');
  });

  test('looks at judged groups only', () => {
    const all: Comparison = compare(
      'equalOpportunityDifference',
      partitionOf('state', { a: bavaria, b: similar }),
      'all',
      plan,
    );
    expect(judge(plan, [all])).toMatchObject({ outcome: 'insufficient-data' });
  });
});

test('the digest of a plan does not depend on the order of its members, and changes with a margin', () => {
  const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as AuditPlan;
  expect(planDigest(turned)).toBe(planDigest(plan));
  const metrics = plan.metrics.map((metric) => ({ ...metric, margin: 0.21 }));
  expect(planDigest({ ...plan, metrics })).not.toBe(planDigest(plan));
});

test('a report survives JSON', () => {
  const report: AuditReport = must(buildReport(inputOf({ Bayern: bavaria, Saarland: saarland })));
  expect(JSON.parse(Buffer.from(reportBytes(report)).toString())).toEqual(report);
});
