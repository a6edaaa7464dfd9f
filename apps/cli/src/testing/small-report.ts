import { type AuditPlan, type AuditReport, buildReport, cellCounts, countJoint, planDefaults } from '@hansa/fair';
import { digestOf, must } from '@hansa/kernel';

const plan: AuditPlan = {
  outcome: { name: 'repaid', positive: 'granted', polarity: 'benefit' },
  attributes: ['sex'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.2, reason: 'A test.' }],
  ...planDefaults,
};

/** A real report about 200 people, whose groups are treated alike. */
export function smallReport(): AuditReport {
  const codes = Uint16Array.from({ length: 200 }, (_, i) => i % 2);
  const bits = Uint8Array.from({ length: 200 }, (_, i) => (i >> 1) % 2);
  const joint = must(
    countJoint({ label: bits, decision: bits, attributes: [{ attribute: 'sex', levels: ['f', 'm'], codes }] }),
  );
  return must(
    buildReport({
      at: '2026-11-23T10:00:00.000Z',
      model: { digest: digestOf('model') },
      data: { digest: digestOf('data'), rows: 200 },
      plan,
      counts: must(cellCounts(joint, plan)),
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}
