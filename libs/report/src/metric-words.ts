import {
  type AuditPlan,
  type ComparisonMetric,
  contrastOf,
  type Outcome,
  type RateName,
  ratesOfMetric,
} from '@hansa/fair';

/** The words of an outcome with every default filled in. */
export interface OutcomeWords {
  readonly positive: string;
  readonly cases: string;
  readonly positives: string;
  readonly negatives: string;
}

export function outcomeWords({ positive, words = {} }: Outcome): OutcomeWords {
  const {
    cases = 'cases',
    positives = 'cases that are truly positive',
    negatives = 'cases that are truly negative',
  } = words;
  return { positive, cases, positives, negatives };
}

const titles: Partial<Readonly<Record<ComparisonMetric, (words: OutcomeWords) => string>>> = {
  demographicParityDifference: ({ positive }) => `Difference in how often the answer is “${positive}”`,
  demographicParityRatio: ({ positive }) => `Ratio of how often the answer is “${positive}”`,
  equalizedOddsDifference: () => 'Difference in hits and in false alarms, the larger of the two',
  equalizedOddsRatio: () => 'Ratio of hits and of false alarms, the smaller of the two',
  equalOpportunityDifference: ({ positives }) => `Difference in how often ${positives} are found`,
};

export function metricTitle(metric: ComparisonMetric, plan: AuditPlan): string {
  const title = titles[metric]?.(outcomeWords(plan.outcome));
  if (title !== undefined) return title;
  const [rate] = ratesOfMetric(metric);
  return `${contrastOf(metric) === 'difference' ? 'Difference' : 'Ratio'} in: ${rate ? rateLabels[rate] : metric}`;
}

/** `at most 0.25` or `at least 0.8`. */
export function marginWords(metric: ComparisonMetric, margin: number): string {
  return `${contrastOf(metric) === 'difference' ? 'at most' : 'at least'} ${margin}`;
}

/** Rates of getting the positive answer: only of them the polarity of the outcome says who is better off. */
export function isRateOfAnswer(rate: RateName): boolean {
  return rate === 'selectionRate' || rate === 'truePositiveRate' || rate === 'falsePositiveRate';
}

/** What a rate says, as a title: `Found: of the stations that lack step-free access, those …`. */
export function rateTitle(rate: RateName, plan: AuditPlan): string {
  const { positive, cases, positives, negatives } = outcomeWords(plan.outcome);
  if (rate === 'truePositiveRate') return `Hits: how many of the ${positives} get “${positive}”`;
  if (rate === 'falsePositiveRate') return `False alarms: how many of the ${negatives} get “${positive}” all the same`;
  if (rate === 'selectionRate') return `How many of all ${cases} get “${positive}”`;
  return rateLabels[rate];
}

/** The columns of the full table, with the rows that each is a share of. */
export const rateLabels: Readonly<Record<RateName, string>> = {
  selectionRate: 'Answered positive',
  baseRate: 'Truly positive',
  truePositiveRate: 'Hits (true positive rate)',
  falsePositiveRate: 'False alarms (false positive rate)',
  trueNegativeRate: 'True negative rate',
  falseNegativeRate: 'Misses (false negative rate)',
  positivePredictiveValue: 'Right when positive',
  negativePredictiveValue: 'Right when negative',
  falseDiscoveryRate: 'Wrong when positive',
  falseOmissionRate: 'Wrong when negative',
  accuracy: 'Right (accuracy)',
};
