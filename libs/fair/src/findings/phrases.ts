import { type ComparisonMetric, definitionOf } from '../comparisons/metrics.js';
import type { Outcome } from '../plan.js';
import type { RateName } from '../rates.js';

function wordsOf({ positive, polarity, words = {} }: Outcome) {
  const {
    cases = 'cases',
    positives = 'cases that are truly positive',
    negatives = 'cases that are truly negative',
  } = words;
  // Nobody is glad to be found by a decision that is a burden.
  const hit = polarity === 'benefit' ? 'finds' : `rightly says "${positive}" for`;
  return { says: `says "${positive}"`, hit, saysNot: `does not say "${positive}"`, cases, positives, negatives };
}

/**
 * What the model does to a share of people, to follow "the model".
 *
 * @example
 * decisionClause(outcome, 'falsePositiveRate', '8 %'); // 'wrongly says "high risk" for 8 % of the people who …'
 */
export function decisionClause(outcome: Outcome, rate: RateName, share: string): string {
  const { says, hit, saysNot, cases, positives, negatives } = wordsOf(outcome);
  switch (rate) {
    case 'selectionRate':
      return `${says} for ${share} of the ${cases}`;
    case 'truePositiveRate':
      return `${hit} ${share} of the ${positives}`;
    case 'falsePositiveRate':
      return `wrongly ${says} for ${share} of the ${negatives}`;
    case 'trueNegativeRate':
      return `rightly ${saysNot} for ${share} of the ${negatives}`;
    case 'falseNegativeRate':
      return `misses ${share} of the ${positives}`;
    case 'positivePredictiveValue':
      return `is right for ${share} of those for whom it ${says}`;
    case 'falseDiscoveryRate':
      return `is wrong for ${share} of those for whom it ${says}`;
    case 'negativePredictiveValue':
      return `is right for ${share} of those for whom it ${saysNot}`;
    case 'falseOmissionRate':
      return `is wrong for ${share} of those for whom it ${saysNot}`;
    case 'accuracy':
      return `is right for ${share} of the ${cases}`;
    case 'baseRate':
      return `meets ${share} of ${cases} that are truly positive`;
  }
}

/**
 * A rate as something that can be high or low.
 *
 * @example
 * ratePhrase('selectionRate', outcome); // 'how often the model says "high risk"'
 */
export function ratePhrase(rate: RateName, outcome: Outcome): string {
  const { says, hit, saysNot, cases, positives, negatives } = wordsOf(outcome);
  const phrases: Readonly<Record<RateName, string>> = {
    selectionRate: `the model ${says}`,
    truePositiveRate: `the model ${hit} ${positives}`,
    falsePositiveRate: `the model wrongly ${says} for ${negatives}`,
    trueNegativeRate: `the model rightly ${saysNot} for ${negatives}`,
    falseNegativeRate: `the model misses ${positives}`,
    positivePredictiveValue: `the model is right when it ${says}`,
    falseDiscoveryRate: `the model is wrong when it ${says}`,
    negativePredictiveValue: `the model is right when it ${saysNot}`,
    falseOmissionRate: `the model is wrong when it ${saysNot}`,
    accuracy: 'the model is right',
    baseRate: `${cases} are truly positive`,
  };
  return `how often ${phrases[rate]}`;
}

/**
 * A metric in words, with its name for whoever looks it up.
 *
 * @example
 * metricPhrase('demographicParityRatio', outcome); // 'the ratio of how often the model says "high risk" (demographicParityRatio)'
 */
export function metricPhrase(metric: ComparisonMetric, outcome: Outcome): string {
  const { rates, contrast } = definitionOf(metric);
  const [rate] = rates;
  const of =
    rates.length > 1 || rate === undefined
      ? `the ${contrast === 'difference' ? 'larger difference' : 'smaller ratio'} of hits and of false alarms`
      : `the ${contrast} ${contrast === 'difference' ? 'in' : 'of'} ${ratePhrase(rate, outcome)}`;
  return `${of} (${metric})`;
}
