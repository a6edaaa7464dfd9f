import { z } from 'zod';
import { estimated, FigureDocument, IntervalDocument, SpreadDocument } from '../figure.schema.js';

const Count = z.int().min(0);
const Share = z.number().min(0).max(1);
const Name = z.string().min(1);

const auc = {
  value: Share,
  errorBound: Share.describe('How far the raw scores may be from the binned ones'),
  standardError: FigureDocument,
  inverted: z.boolean(),
  positives: Count,
  negatives: Count,
};
const Auc = estimated(auc).meta({ id: 'Auc', description: 'An area under a ROC curve' });
const AucWithInterval = estimated({ ...auc, interval: IntervalDocument.optional() });

const Binning = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid') }),
  z.strictObject({ kind: z.literal('equal-width'), bins: Count, lower: z.number(), upper: z.number() }),
  z.strictObject({ kind: z.literal('equal-mass'), bins: Count }),
]);
const Calibration = z.strictObject({
  binning: Binning,
  expectedError: FigureDocument,
  maximumError: FigureDocument,
  inTheLarge: FigureDocument,
  recalibration: z.strictObject({
    intercept: FigureDocument,
    slope: FigureDocument,
    slopeStandardError: FigureDocument,
  }),
  brier: z.strictObject({
    brier: FigureDocument,
    calibration: FigureDocument,
    resolution: FigureDocument,
    uncertainty: FigureDocument,
    withinBins: FigureDocument,
  }),
});
const figures = {
  n: Count,
  positives: Count,
  auc: AucWithInterval,
  roc: estimated({
    points: z.array(
      z.strictObject({ threshold: z.number().nullable(), falsePositiveRate: Share, truePositiveRate: Share }),
    ),
  }),
  reliability: z.array(z.strictObject({ n: Count, positives: Count, score: z.number(), rate: Share })),
  calibration: Calibration,
};
const Distances = z.strictObject({
  kolmogorovSmirnov: estimated({
    statistic: Share,
    errorBound: z.number().min(0),
    p: Share,
    method: z.literal('kolmogorov-limit'),
  }),
  wasserstein: estimated({ value: z.number().min(0), errorBound: z.number().min(0) }),
  jensenShannon: FigureDocument,
  populationStability: FigureDocument,
});
const ThresholdGaps = z.strictObject({
  threshold: z.number(),
  selectionRate: SpreadDocument,
  truePositiveRate: SpreadDocument,
  falsePositiveRate: SpreadDocument,
});

/** The form of the part of a report on scores. */
export const ScoreDocument = z
  .strictObject({
    column: Name,
    grid: z.strictObject({ kind: z.enum(['values', 'edges']), bins: Count, lower: z.number(), upper: z.number() }),
    withoutScore: Count.describe('Rows without a score'),
    withheld: z.array(z.string()).optional().describe('Columns of which no scores were handed out'),
    withoutIntervals: Name.optional().describe('Why areas have no interval'),
    everybody: z.strictObject(figures),
    attributes: z.array(
      z.strictObject({
        attribute: Name,
        groups: z.array(
          z.strictObject({
            group: z.string(),
            ...figures,
            crossAuc: z.strictObject({
              backgroundNegativeSubgroupPositive: Auc,
              backgroundPositiveSubgroupNegative: Auc,
            }),
            distances: Distances.describe('To the scores of everybody else'),
          }),
        ),
        aucGap: SpreadDocument,
        areaBetween: z
          .strictObject({ groups: z.array(z.string()), area: FigureDocument })
          .describe('Between the ROC curves of the two largest groups'),
        sweep: z.array(ThresholdGaps),
      }),
    ),
    months: z
      .array(z.strictObject({ month: Name, n: Count, distances: Distances }))
      .optional()
      .describe('Each month against all before it'),
  })
  .describe('How well scores tell positive from negative labels; each row counts once; it does not decide');
