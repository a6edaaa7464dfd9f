import { z } from 'zod';
import { humanBaselineDocument } from './baseline/human-baseline.schema.js';
import { ClusteredShareDocument, ClusterMomentsDocument } from './clusters/clusters.schema.js';
import { comparisonMetrics, pairMetrics } from './comparisons/metrics.js';
import { DrawnDocument } from './draws/drawn-gaps.schema.js';
import { federationDocument } from './federation/federation.schema.js';
import { IntervalDocument as Interval } from './figure.schema.js';
import { InequalityDocument } from './inequality/inequality-part.schema.js';
import { AuditPlanInput } from './plan.schema.js';
import { rateNames } from './rates.js';
import type { AuditReport } from './report.js';
import { RequestDocument } from './request/report-request.schema.js';
import { ScoreDocument } from './scores/score-part.schema.js';
import { reportTestsDocument } from './tests/report-tests.schema.js';

const Digest = z
  .string()
  .regex(/^sha-256:[0-9a-f]{64}$/)
  .describe('SHA-256 in hexadecimal');
const Count = z.int().min(0);
const Weight = z.number().min(0);
const Share = z.number().min(0).max(1);
const Name = z.string().min(1);
const Groups = z.record(z.string(), z.string());

const Reason = z.string().min(1).describe('Why there is no value, as a phrase');
const Rate = z
  .discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('value'),
      k: Count,
      n: Count,
      value: Share,
      interval: Interval,
      weighted: z
        .strictObject({ k: Weight, n: Weight, effective: Weight })
        .optional()
        .describe('The weights of the rows, and how many rows of equal weight would tell as much'),
      clustered: ClusteredShareDocument.optional(),
    }),
    z.strictObject({ state: z.literal('undefined'), k: z.literal(0), n: z.literal(0), reason: Reason }),
    z.strictObject({ state: z.literal('suppressed'), reason: Reason }),
  ])
  .meta({
    id: 'Rate',
    description: 'k of n rows; undefined where n is 0, suppressed where small counts were withheld',
  });

export { Rate as RateDocument };

const WeightTable = z.strictObject({ n: Weight, tn: Weight, fp: Weight, fn: Weight, tp: Weight });
const Counts = z.strictObject({
  n: Count.nullable(),
  tn: Count.nullable(),
  fp: Count.nullable(),
  fn: Count.nullable(),
  tp: Count.nullable(),
  weights: z
    .strictObject({ sums: WeightTable, squares: WeightTable })
    .optional()
    .describe('Sums of weights and of squared weights, where rows have them'),
  clusters: ClusterMomentsDocument.optional(),
});

const Slice = z
  .strictObject({
    attributes: Groups.describe('{} for everybody, {"sex":"Female"} for a group'),
    counts: Counts,
    rates: z.strictObject(Object.fromEntries(rateNames.map((name) => [name, Rate]))),
  })
  .describe('Part of the population, with everything counted in it; a count is null where it was withheld');

const ComparedGroup = z.strictObject({
  group: z.string(),
  k: Count,
  n: Count,
  value: Share,
  effective: Weight.optional().describe('Unrelated rows of equal weight that would tell as much'),
});
const comparisonHead = {
  metric: z.enum([...new Set([...comparisonMetrics, ...pairMetrics])]),
  attribute: Name.describe('sex, or sex*race where attributes are crossed'),
  stratum: Groups.optional().describe('The part of the population that is compared; absent for all of it'),
  convention: z.enum(['fairlearn', 'aif360']),
  contrast: z.enum(['difference', 'ratio']),
  aggregation: z.enum([
    'between_groups',
    'to_overall',
    'worst_case',
    'worst_case_to_overall',
    'mean',
    'mean_to_overall',
    'pair',
  ]),
  groups: z.enum(['all', 'judged']).describe('All groups with a defined rate, or those that reach the floors as well'),
  leftOut: z.array(
    z.strictObject({
      group: z.string(),
      rate: z.enum(rateNames),
      n: Count.nullable(),
      why: z.enum(['undefined', 'below-floor', 'suppressed']),
    }),
  ),
  leftOutShare: Share,
};
const Comparison = z
  .discriminatedUnion('state', [
    z.strictObject({
      ...comparisonHead,
      state: z.literal('value'),
      value: z.number(),
      interval: Interval,
      simultaneous: Interval.optional().describe(
        'Where the largest gap lies, with the confidence of the plan for all its comparisons together',
      ),
      rate: z.enum(rateNames).describe('The rate that decided'),
      best: ComparedGroup,
      worst: ComparedGroup,
      pair: z
        .strictObject({
          unprivileged: z.string(),
          privileged: z.string(),
          favourable: z.enum(['positive', 'negative']),
        })
        .optional(),
    }),
    z.strictObject({ ...comparisonHead, state: z.enum(['undefined', 'suppressed']), reason: Reason }),
  ])
  .meta({ id: 'Comparison', description: 'The groups of an attribute, compared by one metric' });

const reasonHead = { metric: z.enum(comparisonMetrics), attribute: Name, margin: Share, text: z.string() };
const VerdictReason = z.discriminatedUnion('outcome', [
  z.strictObject({
    ...reasonHead,
    outcome: z.enum(['pass', 'fail']),
    value: z.number(),
    interval: Interval,
    survivesInterval: z.boolean(),
  }),
  z.strictObject({ ...reasonHead, outcome: z.literal('insufficient-data') }),
]);

/** An audit report as a document: to check one that comes from elsewhere, and to publish its JSON Schema. */
export const AuditReportDocument = z
  .strictObject({
    type: z.literal('AuditReport'),
    at: z.iso.datetime().optional().describe('When the audit was planned; absent where that is not on record'),
    model: z.looseObject({ digest: Digest }),
    data: z.looseObject({ digest: Digest, rows: Count }),
    plan: AuditPlanInput,
    planDigest: Digest,
    verdict: z.strictObject({
      outcome: z.enum(['pass', 'fail', 'insufficient-data']),
      reasons: z.array(VerdictReason),
    }),
    findings: z.array(
      z.strictObject({
        type: z.url().describe('A term of the Data Privacy Vocabulary (W3C DPV 2), or of the Hansa namespace'),
        severity: z.enum(['high', 'medium', 'low']),
        attribute: z.string().optional(),
        text: z.string(),
      }),
    ),
    comparisons: z.array(Comparison),
    slices: z.array(Slice).min(1),
    tests: reportTestsDocument(Interval).optional(),
    scores: ScoreDocument.optional(),
    inequality: InequalityDocument.optional(),
    drawn: DrawnDocument.optional(),
    federation: federationDocument({ Interval, Rate, Counts }).optional(),
    humanBaseline: humanBaselineDocument({ Interval, ...Slice.shape, Comparison }).optional(),
    method: z.record(z.string(), z.string()),
    software: z.strictObject({ name: Name, version: Name }),
    request: RequestDocument.optional(),
    explanation: z.json().optional(),
  })
  .meta({ id: 'AuditReport' });

/** A report from elsewhere, or null: its members have the right form. Whether its figures are right only a re-run tells. */
export function reportFrom(document: unknown): AuditReport | null {
  const read = AuditReportDocument.safeParse(document);
  return read.success ? (document as AuditReport) : null;
}
