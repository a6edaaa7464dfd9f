import { digestOf, must } from '@hansa/kernel';
import fc from 'fast-check';
import { type AuditPlan, auditCounts, countJoint, type JointCounts, planDefaults } from '../index.js';

/** A row of a made-up population: label, decision, and one level of each attribute. */
export interface PlainRow {
  readonly y: number;
  readonly d: number;
  readonly values: readonly string[];
}

/** Rows of any kind with a sex, a race and an age out of these. */
export const plainRow = (ages: readonly string[]): fc.Arbitrary<PlainRow> =>
  fc.record({
    y: fc.nat(1),
    d: fc.nat(1),
    values: fc.tuple(
      fc.constantFrom('f', 'm', 'not stated'),
      fc.constantFrom('10', '9', 'b', 'A'),
      fc.constantFrom(...ages),
    ),
  });

/** A plan over two attributes, their crossing, and a control. */
export const sharedPlan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex', 'race'],
  intersections: [['sex', 'race']],
  controls: ['age'],
  conventions: ['fairlearn', 'aif360'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};

/** Rows as joint counts, by the attributes in their order. */
export function jointOf(
  rows: readonly PlainRow[],
  attributes: readonly string[],
  weights?: readonly number[],
): JointCounts {
  return must(
    countJoint({
      label: Uint8Array.from(rows, ({ y }) => y),
      decision: Uint8Array.from(rows, ({ d }) => d),
      attributes: attributes.map((attribute, k) => {
        const levels = [...new Set(rows.map(({ values }) => values[k] ?? ''))];
        return { attribute, levels, codes: Uint16Array.from(rows, ({ values }) => levels.indexOf(values[k] ?? '')) };
      }),
      ...(weights && { weights: Float64Array.from(weights) }),
    }),
  );
}

/** What a city hands out of joint counts. */
export function handedOut(joint: JointCounts, plan: AuditPlan, city: string, weighted = false) {
  const rows = joint.cells.reduce((sum, cell) => sum + cell, 0);
  return must(
    auditCounts({
      countedBy: city,
      plan,
      data: { digest: digestOf(city), rows },
      definitions: {
        label: { column: 'y', positive: ['1'] },
        decision: { kind: 'prediction', column: 'd', positive: ['1'] },
        ...(weighted && { weight: { column: 'w' } }),
      },
      joint,
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}
