import {
  type AuditPlan,
  type AuditReport,
  addCounts,
  buildReport,
  type CellCounts,
  type ConfusionCounts,
  type DisclosedCounts,
  humanBaseline,
  jointCounts,
  type ModelReference,
  planDefaults,
} from '@hansa/fair';
import { digestOf, must } from '@hansa/kernel';

export const confusion = (tn: number, fp: number, fn: number, tp: number): ConfusionCounts => ({
  n: tn + fp + fn + tp,
  tn,
  fp,
  fn,
  tp,
});

export type Groups = Readonly<Record<string, Readonly<Record<string, DisclosedCounts>>>>;

/** Counts by attribute and group. */
export function cellCounts(attributes: Groups): CellCounts {
  const tables = Object.entries(attributes).map(([attribute, groups]) => ({
    attribute,
    groups: Object.entries(groups).map(([group, counts]) => ({ group, attributes: { [attribute]: group }, counts })),
  }));
  return { total: addCounts(tables[0]?.groups.map(({ counts }) => counts) ?? []), partitions: tables };
}

const someModel: ModelReference = { digest: digestOf('model') };

/** The report of an audit of these counts. */
export function auditReport(plan: AuditPlan, counts: CellCounts, model: ModelReference = someModel): AuditReport {
  return must(
    buildReport({
      at: '2026-11-23T04:05:06.789Z',
      model,
      data: { digest: digestOf('data'), rows: counts.total.n ?? 0, title: 'Stations of Deutsche Bahn' },
      plan,
      counts,
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}

export const plan: AuditPlan = {
  outcome: {
    name: 'lacks step-free access',
    positive: 'has barriers',
    polarity: 'benefit',
    words: {
      cases: 'stations',
      positives: 'stations that lack step-free access',
      negatives: 'stations with step-free access',
    },
  },
  attributes: ['state'],
  metrics: [{ metric: 'equalOpportunityDifference', margin: 0.25, reason: 'A barrier that is not found stays.' }],
  ...planDefaults,
};

export const states: Groups = {
  state: {
    Bayern: confusion(280, 20, 34, 66),
    Bremen: confusion(5, 0, 4, 0),
    Hessen: confusion(250, 18, 33, 60),
    Saarland: confusion(40, 3, 30, 1),
  },
};

/** ProPublica's truth tables of COMPAS, as published in the notebook "Compas Analysis": tn, fp, fn, tp. */
export const compas = cellCounts({
  race: {
    'African-American': confusion(990, 805, 532, 1369),
    Asian: confusion(21, 2, 3, 6),
    Caucasian: confusion(1139, 349, 461, 505),
    Hispanic: confusion(318, 87, 129, 103),
    'Native American': confusion(5, 3, 1, 9),
    Other: confusion(208, 36, 90, 43),
  },
  sex: { Female: confusion(609, 288, 195, 303), Male: confusion(2072, 994, 1021, 1732) },
});

/** What a defendant's advocate might ask of COMPAS. */
export const recidivismPlan: AuditPlan = {
  ...planDefaults,
  outcome: {
    name: 're-offends within two years',
    positive: 'medium or high risk',
    polarity: 'burden',
    words: {
      cases: 'defendants',
      positives: 'defendants who re-offended',
      negatives: 'defendants who did not re-offend',
    },
  },
  attributes: ['race', 'sex'],
  metrics: [
    { metric: 'equalizedOddsDifference', margin: 0.1, reason: 'Nobody should be flagged wrongly more often.' },
    { metric: 'demographicParityRatio', margin: 0.8, reason: 'The four-fifths rule.' },
  ],
};

/** A report with decisions by people beside it: alike for men, and for women fewer false alarms than the model gives. */
export function withPeople(report: AuditReport, attribute: string, groups: readonly [string, string]): AuditReport {
  const rows = [
    [0, 0, 1, 0, 100],
    [0, 0, 0, 1, 20],
    [0, 0, 0, 0, 280],
    [1, 0, 1, 0, 21],
    [1, 0, 0, 1, 19],
    [1, 0, 0, 0, 360],
    [0, 1, 1, 1, 50],
    [1, 1, 1, 1, 50],
  ] as const;
  const joint = must(
    jointCounts({
      attributes: [
        { attribute, values: groups },
        { attribute: 'clerk', values: ['0', '1'] },
      ],
      codes: Uint32Array.from(rows.flatMap(([group, , , people]) => [group, people])),
      label: Uint8Array.from(rows, (row) => row[1]),
      decision: Uint8Array.from(rows, (row) => row[2]),
      rows: Float64Array.from(rows, (row) => row[4]),
    }),
  );
  const plan = { ...report.plan, attributes: [attribute] };
  const decisions = { column: 'clerk', positive: ['checked'], leftOut: 12, joint };
  return { ...report, humanBaseline: must(humanBaseline(decisions, plan)) };
}
