import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { type AuditPlan, humanBaseline, jointCounts, mcnemar, planDefaults } from '../index.js';
import { baselineFindings } from './human-baseline.js';

const plan: AuditPlan = {
  outcome: { name: 'owes money', positive: 'checked', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [{ metric: 'falsePositiveRateDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};

/** Rows as `sex label model people: n`. */
function decisions(rows: readonly (readonly [sex: number, label: number, model: number, people: number, n: number])[]) {
  const joint = must(
    jointCounts({
      attributes: [
        { attribute: 'sex', values: ['f', 'm'] },
        { attribute: 'clerk', values: ['0', '1'] },
      ],
      codes: Uint32Array.from(rows.flatMap(([sex, , , people]) => [sex, people])),
      label: Uint8Array.from(rows, (row) => row[1]),
      decision: Uint8Array.from(rows, (row) => row[2]),
      rows: Float64Array.from(rows, (row) => row[4]),
    }),
  );
  return { column: 'clerk', positive: ['yes'], leftOut: 7, joint };
}

/** Women with a negative label: the model checks 120 of 400, clerks 40; for men and for positive labels they are alike. */
const harsher = decisions([
  [0, 0, 1, 0, 100],
  [0, 0, 0, 1, 20],
  [0, 0, 1, 1, 20],
  [0, 0, 0, 0, 260],
  [1, 0, 1, 0, 21],
  [1, 0, 0, 1, 19],
  [1, 0, 1, 1, 20],
  [1, 0, 0, 0, 340],
  [0, 1, 1, 1, 50],
  [1, 1, 0, 0, 50],
]);

describe('humanBaseline', () => {
  const part = must(humanBaseline(harsher, plan));
  const women = { sex: 'f' };

  test('has the confusion tables of both sides on the same rows', () => {
    expect([part.rows, part.leftOut]).toEqual([900, 7]);
    expect(part.slices.map(({ attributes }) => attributes)).toEqual([{}, { sex: 'f' }, { sex: 'm' }]);
    const [, f] = part.slices;
    expect(f?.model.counts).toEqual({ n: 450, tn: 280, fp: 120, fn: 0, tp: 50 });
    expect(f?.people.counts).toEqual({ n: 450, tn: 360, fp: 40, fn: 0, tp: 50 });
    expect(f?.people.rates.falsePositiveRate).toMatchObject({ k: 40, n: 400, value: 0.1 });
  });

  test('has the gaps of both sides by the metrics of the plan', () => {
    expect(part.gaps).toMatchObject([
      {
        attribute: 'sex',
        metric: 'falsePositiveRateDifference',
        model: { state: 'value', worst: { group: 'f', k: 120, n: 400 }, best: { group: 'm', k: 41, n: 400 } },
        people: { state: 'value', value: 40 / 400 - 39 / 400 },
      },
    ]);
  });

  test("tests each rate by McNemar's test, overall and per group, and allows for all tests", () => {
    const of = (attributes: object, rate: string) =>
      part.tests.comparisons.find(
        (t) => t.rate === rate && JSON.stringify(t.attributes) === JSON.stringify(attributes),
      );
    const p = (a: number, b: number) => {
      const test = mcnemar(a, b);
      return test.state === 'value' ? test.p : Number.NaN;
    };
    expect(part.tests.comparisons).toHaveLength(12);
    // Positive labels are decided alike: no test of them.
    expect(part.tests.size).toBe(9);
    expect(of(women, 'falsePositiveRate')).toMatchObject({
      state: 'value',
      n: 400,
      onlyModel: 100,
      onlyPeople: 20,
      difference: 0.2,
      interval: { method: 'bonett-price' },
      test: { state: 'value', p: p(100, 20) },
    });
    expect(of(women, 'accuracy')).toMatchObject({ n: 450, onlyModel: 20, onlyPeople: 100, difference: -80 / 450 });
    expect(of({ sex: 'm' }, 'falsePositiveRate')).toMatchObject({ test: { p: p(21, 19), adjusted: 1 } });
    expect(of({ sex: 'm' }, 'truePositiveRate')).toMatchObject({ difference: 0, test: { state: 'undefined' } });
    const adjusted = of(women, 'falsePositiveRate');
    if (adjusted?.state !== 'value' || adjusted.test.state !== 'value') throw new Error('no test');
    expect(adjusted.test.adjusted / adjusted.test.p).toBeGreaterThan(3);
  });

  test('finds who is worse off with the model, and nobody where sides differ by chance', () => {
    const findings = baselineFindings(part, plan);
    expect(findings.map(({ attribute }) => attribute)).toEqual([undefined, 'sex']);
    expect(findings[1]?.text).toMatch(
      /^Where sex is f, those concerned fare worse with the model than with people on the same rows: .* 30 %, they did about 10 % /,
    );
    const benefit = baselineFindings(part, { ...plan, outcome: { ...plan.outcome, polarity: 'benefit' } });
    expect(benefit.map(({ text }) => text).join()).toContain('it is right about 73.3 %, they were about 91.1 %');
    expect(benefit.map(({ text }) => text).join()).not.toContain('negative label');
  });

  test('has a part for people who always decide the same, and for rates that do not arise', () => {
    const same = must(
      humanBaseline(
        decisions([
          [0, 0, 1, 0, 5],
          [1, 0, 0, 0, 9],
        ]),
        plan,
      ),
    );
    expect(same.slices[0]?.people.counts).toEqual({ n: 14, tn: 14, fp: 0, fn: 0, tp: 0 });
    expect(same.tests.comparisons.find(({ rate }) => rate === 'truePositiveRate')).toMatchObject({
      state: 'undefined',
      reason: 'no rows with a positive label',
    });
  });
});
