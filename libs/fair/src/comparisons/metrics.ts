import type { RateName } from '../rates.js';

/** The rates that a metric of fairlearn's convention compares, by the metric's name without its ending. */
const ratesOfStem = {
  demographicParity: ['selectionRate'],
  equalizedOdds: ['truePositiveRate', 'falsePositiveRate'],
  equalOpportunity: ['truePositiveRate'],
  baseRate: ['baseRate'],
  falsePositiveRate: ['falsePositiveRate'],
  trueNegativeRate: ['trueNegativeRate'],
  falseNegativeRate: ['falseNegativeRate'],
  positivePredictiveValue: ['positivePredictiveValue'],
  negativePredictiveValue: ['negativePredictiveValue'],
  falseDiscoveryRate: ['falseDiscoveryRate'],
  falseOmissionRate: ['falseOmissionRate'],
  accuracy: ['accuracy'],
} as const satisfies Readonly<Record<string, readonly RateName[]>>;

type Stem = keyof typeof ratesOfStem;

/** Difference: parity is 0, the largest gap 1. Ratio: parity is 1, the largest gap 0. */
export type Contrast = 'difference' | 'ratio';

/** A comparison of all groups of an attribute at once, by the conventions of fairlearn's `fairlearn.metrics`. */
export type ComparisonMetric = `${Stem}${'Difference' | 'Ratio'}`;

interface Definition {
  readonly metric: ComparisonMetric;
  readonly rates: readonly RateName[];
  readonly contrast: Contrast;
}

const definitions = new Map(
  Object.entries(ratesOfStem).flatMap(([stem, rates]) =>
    (['Difference', 'Ratio'] as const).map((ending): [ComparisonMetric, Definition] => {
      const metric = `${stem as Stem}${ending}` as const;
      return [metric, { metric, rates, contrast: ending === 'Difference' ? 'difference' : 'ratio' }];
    }),
  ),
);

/** Every metric of fairlearn's convention, in the order of the report. */
export const comparisonMetrics: readonly ComparisonMetric[] = [...definitions.keys()];

/**
 * The rates that a metric compares, and how.
 *
 * @example
 * definitionOf('equalizedOddsRatio').rates; // ['truePositiveRate', 'falsePositiveRate']
 */
export function definitionOf(metric: ComparisonMetric): Definition {
  const definition = definitions.get(metric);
  if (definition === undefined) throw new Error(`no metric ${metric}`);
  return definition;
}

/** Whether a metric is a difference (parity is 0) or a ratio (parity is 1). */
export function contrastOf(metric: ComparisonMetric): Contrast {
  return definitionOf(metric).contrast;
}

/** The rates that a metric compares. */
export function ratesOfMetric(metric: ComparisonMetric): readonly RateName[] {
  return definitionOf(metric).rates;
}

/** Whose definition of a metric is used; each names its groups, signs and ratios in its own way. */
export type Convention = 'fairlearn' | 'aif360';

/** Every metric of AIF360's convention, in the order of the report. */
export const pairMetrics = [
  'statisticalParityDifference',
  'disparateImpact',
  'equalOpportunityDifference',
  'averageOddsDifference',
  'averageAbsOddsDifference',
  'equalizedOddsDifference',
  'averagePredictiveValueDifference',
  'errorRateDifference',
  'errorRateRatio',
  'falsePositiveRateDifference',
  'falsePositiveRateRatio',
  'falseNegativeRateDifference',
  'falseNegativeRateRatio',
  'falseDiscoveryRateDifference',
  'falseDiscoveryRateRatio',
  'falseOmissionRateDifference',
  'falseOmissionRateRatio',
] as const;

/** A comparison of two groups by the conventions of AIF360's `ClassificationMetric`. */
export type PairMetric = (typeof pairMetrics)[number];
