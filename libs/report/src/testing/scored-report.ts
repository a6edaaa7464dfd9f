import {
  type AuditPlan,
  type AuditReport,
  buildReport,
  cellCounts,
  countJoint,
  type JointRows,
  planDefaults,
  scoresOfJoint,
  valuesGrid,
} from '@hansa/fair';
import { digestOf, must } from '@hansa/kernel';

const groups = ['north', 'south', '<b>west</b>', 'isle'];
const ages = ['old', 'young'];
const months = ['2026-01', '2026-02', '2026-03'];

const scoredPlan: AuditPlan = {
  ...planDefaults,
  outcome: { name: 'needs a visit', positive: 'visit', polarity: 'burden' },
  attributes: ['district'],
  controls: ['age'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'Needless visits burden people.' }],
  score: { column: 'p' },
  inequality: { concentration: 1 },
  draws: { seed: 1, replicates: 200 },
};

/** Rows of four districts, one of them with few, whose scores mean the same in each. */
const rows = Array.from({ length: 1203 }, (_, i) => {
  const district = i >= 1200 ? 3 : i % 3;
  const score = ((i * 7 + district * 20) % 90) / 100 + 0.05;
  return { district, age: i % 2, month: Math.floor(i / 410), score, label: (i * 31) % 97 < score * 97 ? 1 : 0 };
});
const coded = (attribute: string, levels: readonly string[], codes: readonly number[]) => ({
  attribute,
  levels,
  codes: Uint16Array.from(codes),
});
const scores = [...new Set(rows.map(({ score }) => String(score)))];
const joint = (weights: Float64Array | undefined) => {
  const own: JointRows = {
    label: Uint8Array.from(rows, ({ label }) => label),
    decision: Uint8Array.from(rows, ({ score }) => (score >= 0.5 ? 1 : 0)),
    attributes: [
      coded(
        'district',
        groups,
        rows.map(({ district }) => district),
      ),
      coded(
        'age',
        ages,
        rows.map(({ age }) => age),
      ),
      coded(
        'month',
        months,
        rows.map(({ month }) => month),
      ),
      coded(
        'p',
        scores,
        rows.map(({ score }) => scores.indexOf(String(score))),
      ),
    ],
    ...(weights && { weights }),
  };
  return must(countJoint(own));
};

/** A report with scores, inequality and draws; or with weights in place of draws. */
export function scoredReport(kind: 'drawn' | 'weighted' = 'drawn'): AuditReport {
  const { draws: _, ...undrawn } = scoredPlan;
  const plan = kind === 'drawn' ? scoredPlan : { ...undrawn, weight: 'w' };
  const counted = joint(kind === 'drawn' ? undefined : Float64Array.from(rows, (_row, i) => 1 + (i % 4)));
  const grid = must(valuesGrid(scores.map(Number)));
  const histogram = (by: string) => must(scoresOfJoint(counted, { by: [by], score: 'p', grid })).histogram;
  return must(
    buildReport({
      model: { digest: digestOf('decisions') },
      data: { digest: digestOf('people'), rows: rows.length },
      plan,
      counts: must(cellCounts(counted, plan)),
      scores: { histograms: [histogram('district')], months: histogram('month'), withoutScore: 2 },
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}
