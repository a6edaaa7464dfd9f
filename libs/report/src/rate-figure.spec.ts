import type { AuditPlan, ComparisonMetric } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateFigures } from './rate-figure.js';
import { auditReport, cellCounts, compas, confusion, plan, recidivismPlan, states } from './testing/index.js';

const burden: AuditPlan = { ...recidivismPlan, attributes: ['race'], metrics: recidivismPlan.metrics.slice(0, 1) };

describe('a figure', () => {
  test('of COMPAS begins with those flagged wrongly most often, and leaves small groups to the end', () => {
    const [, falseAlarms] = rateFigures(auditReport(burden, compas));
    expect(falseAlarms?.rate).toBe('falsePositiveRate');
    expect(falseAlarms?.rows.map(({ group, standing }) => [group, standing])).toEqual([
      ['African-American', 'outside'],
      ['Caucasian', 'outside'],
      ['Hispanic', 'outside'],
      ['Other', 'within'],
      ['Asian', 'within'],
      ['Native American', 'small'],
    ]);
    expect(falseAlarms?.band?.from).toBeCloseTo(0.086957, 6);
    expect(falseAlarms?.band?.to).toBeCloseTo(0.186957, 6);
    expect(falseAlarms?.overall).toMatchObject({ state: 'value', k: 1282, n: 3963 });
  });

  test('lays the band of a ratio from the best-off group, for a benefit and for a burden', () => {
    const metrics = [{ metric: 'demographicParityRatio', margin: 0.8, reason: 'four fifths' }] as const;
    const bandOf = (own: AuditPlan, counts: typeof compas) => rateFigures(auditReport(own, counts))[0]?.band;
    const benefit = bandOf({ ...plan, metrics }, cellCounts(states));
    expect(benefit?.to).toBeCloseTo(78 / 361, 12);
    expect(benefit?.from).toBeCloseTo((0.8 * 78) / 361, 12);
    const flagged = bandOf({ ...burden, metrics }, compas);
    expect(flagged?.from).toBeCloseTo(79 / 377, 12);
    expect(flagged?.to).toBeCloseTo(79 / 377 / 0.8, 12);
  });

  test('shows the strictest of several margins on one rate', () => {
    const metrics = [
      { metric: 'demographicParityDifference', margin: 0.5, reason: '' },
      { metric: 'demographicParityRatio', margin: 0.9, reason: '' },
    ] as const;
    const figures = rateFigures(auditReport({ ...plan, metrics }, cellCounts(states)));
    expect(figures.map(({ band }) => band?.metric.metric)).toEqual(['demographicParityRatio']);
  });

  test('names groups in which the question does not arise', () => {
    const counts = cellCounts({ state: { ...states.state, Nowhere: confusion(7, 2, 0, 0) } });
    const [figure] = rateFigures(auditReport(plan, counts));
    expect(figure?.withoutValue).toEqual([
      { group: 'Nowhere', rate: { state: 'undefined', k: 0, n: 0, reason: 'no rows with a positive label' } },
    ]);
    expect(figure?.rows.some(({ group }) => group === 'Nowhere')).toBe(false);
  });

  test('has an axis that holds every interval', () => {
    const rare = cellCounts({ state: { a: confusion(9000, 0, 980, 20), b: confusion(9000, 0, 990, 10) } });
    expect(rateFigures(auditReport(plan, rare))[0]?.most).toBe(0.05);
    expect(rateFigures(auditReport(plan, cellCounts(states)))[0]?.most).toBe(1);
  });

  test('has a group outside its band exactly when the verdict is a failure', () => {
    const cells = fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200), fc.nat(200));
    const groups = fc.array(cells, { minLength: 2, maxLength: 5 });
    const metric = fc.constantFrom<ComparisonMetric>(
      'demographicParityDifference',
      'demographicParityRatio',
      'equalizedOddsDifference',
      'equalizedOddsRatio',
      'equalOpportunityDifference',
    );
    const polarity = fc.constantFrom('benefit' as const, 'burden' as const);
    const seen = new Set<string>();
    fc.assert(
      fc.property(groups, metric, polarity, fc.integer({ min: 1, max: 99 }), (tables, name, side, percent) => {
        const counts = cellCounts({
          state: Object.fromEntries(tables.map(([tn, fp, fn, tp], i) => [`s${i}`, confusion(tn, fp, fn, tp + 1)])),
        });
        const own: AuditPlan = {
          ...plan,
          outcome: { ...plan.outcome, polarity: side },
          metrics: [{ metric: name, margin: percent / 100, reason: '' }],
        };
        const report = auditReport(own, counts);
        const [reason] = report.verdict.reasons;
        // A ratio is undefined when nobody is positive, and equalized odds when one of its rates cannot be judged.
        if (reason?.outcome === 'insufficient-data') return;
        const isOutside = rateFigures(report).some(({ rows }) => rows.some(({ standing }) => standing === 'outside'));
        seen.add(`${name} ${side} ${isOutside}`);
        expect(isOutside).toBe(reason?.outcome === 'fail');
      }),
      { numRuns: 500 },
    );
    expect(seen.size).toBe(20);
  });
});
