import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  buildReport,
  calibrationGapOf,
  calibrationOf,
  cellCounts,
  countJoint,
  countScores,
  equalWidthGrid,
  findingTypes,
  planDefaults,
  reportFrom,
  type ScoreGrid,
  scoresOfJoint,
  valuesGrid,
} from '../index.js';
import { coded, compasColumn, compasPresent } from '../testing/compas-rows.js';

const plan: AuditPlan = {
  outcome: { name: 'recid', positive: 'medium or high', polarity: 'burden' },
  attributes: ['race'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'Mistakes should fall on all alike.' }],
  ...planDefaults,
  score: { column: 'decile_score' },
};
const deciles = must(valuesGrid([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));

describe('scores out of joint counts', () => {
  const label = Uint8Array.of(1, 0, 1, 0, 1, 0);
  const groups = [coded('g', ['a', 'a', 'b', 'b', 'b', 'a'])];
  const jointOf = (levels: readonly string[]) =>
    must(countJoint({ label, decision: label, attributes: [...groups, coded('p', levels)] }));

  test('are the histogram that the rows give, bit for bit', () => {
    const scores = [0.1, 0.25, 0.7, 0.1, 0.7, 0.7];
    const grid = must(valuesGrid(scores));
    const [rows] = must(countScores({ label, score: Float64Array.from(scores), groups, grid }));
    const own = must(scoresOfJoint(jointOf(scores.map(String)), { by: ['g'], score: 'p', grid }));
    expect(own).toEqual({ histogram: rows, withoutScore: 0 });
  });

  test('on a grid stand in the middle of their bins; who has none is counted apart', () => {
    const grid = must(equalWidthGrid(0, 1, 4));
    const own = must(scoresOfJoint(jointOf(['0', '1', '3', 'not stated', '2', '1']), { by: ['g'], score: 'p', grid }));
    expect(own.withoutScore).toBe(1);
    const b = own.histogram.groups[1];
    if (!b) throw new Error('a group is missing');
    // 0.875 and 0.625, both positive.
    expect(calibrationOf(b, grid, { kind: 'grid' }).inTheLarge).toEqual({ state: 'value', value: 0.75 - 1 });
  });

  test.each<[string, string, ScoreGrid, RegExp]>([
    ['below a range', '-1', must(equalWidthGrid(0, 1, 4)), /1 rows have a score "p" below the range from 0 to 1/],
    ['above it', '4', must(equalWidthGrid(0, 1, 4)), /above the range/],
    ['no number', 'high', deciles, /"high" in "p", which is not a number/],
  ])('are refused %s', (_, level, grid, sentence) => {
    const levels = ['1', '1', '1', '1', '1', level];
    expect(scoresOfJoint(jointOf(levels), { by: ['g'], score: 'p', grid })).toMatchObject({
      ok: false,
      problem: { kind: 'scores.outside-grid', at: 'p', detail: expect.stringMatching(sentence) },
    });
  });
});

describe('the difference of positives at the same score', () => {
  const histogram = (rows: readonly (readonly [string, number, number])[]) => {
    const label = Uint8Array.from(rows, ([, , y]) => y);
    const score = Float64Array.from(rows, ([, s]) => s);
    const [own] = must(
      countScores({
        label,
        score,
        groups: [
          coded(
            'g',
            rows.map(([g]) => g),
          ),
        ],
        grid: must(valuesGrid(score)),
      }),
    );
    const [a, b] = own?.groups ?? [];
    if (!a || !b) throw new Error('a group is missing');
    return [a, b] as const;
  };
  const many = (n: number, k: number, g: string, s: number) =>
    Array.from({ length: n }, (_, i) => [g, s, i < k ? 1 : 0] as const);

  test('of one score is that of two shares, with their standard error', () => {
    const [a, b] = histogram([...many(100, 60, 'a', 5), ...many(100, 40, 'b', 5)]);
    const half = 1.959963984540054 * Math.sqrt((2 * 0.24) / 100);
    expect(calibrationGapOf(a, b, 0.95)).toMatchObject({
      value: expect.closeTo(0.2, 12),
      interval: { lower: expect.closeTo(0.2 - half, 9), upper: expect.closeTo(0.2 + half, 9) },
    });
  });

  test('is 0 where only the scores differ, and turns with the groups', () => {
    const [a, b] = histogram([
      ...[...many(100, 20, 'a', 1), ...many(300, 240, 'a', 9)],
      ...[...many(300, 60, 'b', 1), ...many(100, 80, 'b', 9)],
    ]);
    expect(calibrationGapOf(a, b, 0.95)).toMatchObject({ value: expect.closeTo(0, 12) });
    const [c, d] = histogram([
      ...many(30, 9, 'a', 1),
      ...many(20, 11, 'b', 1),
      ...many(5, 1, 'b', 2),
      ...many(7, 7, 'a', 2),
    ]);
    const [there, back] = [calibrationGapOf(c, d, 0.9), calibrationGapOf(d, c, 0.9)];
    if (there.state !== 'value' || back.state !== 'value') throw new Error('no figure');
    expect(back.value).toBeCloseTo(-there.value, 12);
    expect(back.interval.upper).toBeCloseTo(-there.interval.lower, 12);
  });

  test('is undefined where no score occurs in both', () => {
    const [a, b] = histogram([...many(3, 1, 'a', 1), ...many(3, 1, 'b', 2)]);
    expect(calibrationGapOf(a, b, 0.95)).toEqual({ state: 'undefined', reason: 'no score occurs in both groups' });
  });
});

if (!compasPresent)
  test.skip('skipped: the report on the deciles of COMPAS, because ../shared/data is not there', () => {});
(compasPresent ? describe : describe.skip)('a report on the deciles of COMPAS', () => {
  const made = () => {
    const label = Uint8Array.from(compasColumn('two_year_recid'), Number);
    const decision = Uint8Array.from(compasColumn('score_text'), (text) => (text === 'Low' ? 0 : 1));
    const race = coded('race', compasColumn('race'));
    const month = coded(
      'month',
      compasColumn('compas_screening_date').map((day) => day.slice(0, 7)),
    );
    const decile = coded('decile_score', compasColumn('decile_score'));
    const joint = must(countJoint({ label, decision, attributes: [race, month, decile] }));
    const of = (by: string) => must(scoresOfJoint(joint, { by: [by], score: 'decile_score', grid: deciles }));
    const counts = must(cellCounts(joint, plan));
    const build = (own: AuditPlan, scores?: { readonly withoutScore: number }) =>
      buildReport({
        model: { digest: digestOf('model') },
        data: { digest: digestOf('data'), rows: 7214 },
        plan: own,
        counts,
        software: { name: 'hansa', version: '0.1.0' },
        ...(scores && { scores: { histograms: [of('race').histogram], months: of('month').histogram, ...scores } }),
      });
    return build;
  };
  const build = compasPresent ? made() : null;
  const report = build && must(build(plan, { withoutScore: 0 }));
  const race = report?.scores?.attributes[0];
  const of = (name: string) => race?.groups.find(({ group }) => group === name);

  // Recomputed from ProPublica's file with scikit-learn.
  test.each([
    ['African-American', 0.691834],
    ['Caucasian', 0.693146],
    ['Hispanic', 0.637926],
  ])('has the area under the curve of %s, within its interval', (group, area) => {
    expect(of(group)?.auc).toMatchObject({ state: 'value', value: expect.closeTo(area, 6), errorBound: 0 });
    const { auc } = of(group) ?? {};
    expect(auc?.state === 'value' && auc.interval && auc.interval.lower < area && area < auc.interval.upper).toBe(true);
    expect(of(group)?.reliability).toHaveLength(10);
  });

  test('is of the published form', () => {
    expect(report && reportFrom(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report?.scores?.everybody.auc).toMatchObject({ value: expect.closeTo(0.702166, 6) });
  });

  test('sweeps the threshold through the gap of the decisions', () => {
    const five = race?.sweep.find(({ threshold }) => threshold === 5);
    const white = of('Caucasian')?.roc;
    const point = white?.state === 'value' && white.points.find(({ threshold }) => threshold === 5);
    expect(point).toMatchObject({ falsePositiveRate: expect.closeTo(349 / 1488, 12) });
    // Asian and Other are apart from African-American; Native American, 18 rows, is too few.
    expect(five?.falsePositiveRate).toMatchObject({
      difference: expect.closeTo(805 / 1795 - 2 / 23, 12),
      high: { group: 'African-American' },
      low: { group: 'Asian' },
    });
  });

  test('says in one finding why the same scores give other mistakes, with the identity in numbers', () => {
    const found = report?.findings.filter(({ type }) => type === findingTypes.incompatibleDemands) ?? [];
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toMatch(
      /^Where race is African-American, 51\.4 % are truly positive; where it is Caucasian, 39\.4 %\. Yet at the same score/,
    );
    expect(found[0]?.text).toContain('For African-American: 0.514 / 0.486 × 0.370 / 0.630 × 0.720 = 0.448.');
    expect(found[0]?.text).toContain('For Caucasian: 0.394 / 0.606 × 0.409 / 0.591 × 0.523 = 0.235.');
  });

  test('holds each month against those before it', () => {
    const months = report?.scores?.months ?? [];
    expect(months[0]?.month).toBe('2013-02');
    expect(months.every(({ distances }) => distances.kolmogorovSmirnov.state === 'value')).toBe(true);
  });

  test('is refused where the plan and the counts do not agree', () => {
    const { score: _, ...without } = plan;
    expect([build?.(plan), build?.(without, { withoutScore: 0 })]).toMatchObject([
      { ok: false, problem: { kind: 'audit.scores-differ', at: 'decile_score' } },
      { ok: false, problem: { kind: 'audit.scores-differ' } },
    ]);
  });
});
