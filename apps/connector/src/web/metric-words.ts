import type { AuditPlan, ComparisonMetric, Outcome, RateName } from '@hansa/fair';

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

interface MetricWords {
  /** The rates that the metric compares. */
  readonly rates: readonly RateName[];
  readonly contrast: 'difference' | 'ratio';
  readonly title: (words: OutcomeWords) => string;
}

const words: Readonly<Record<ComparisonMetric, MetricWords>> = {
  demographicParityDifference: {
    rates: ['selectionRate'],
    contrast: 'difference',
    title: ({ positive }) => `Difference in how often the answer is “${positive}”`,
  },
  demographicParityRatio: {
    rates: ['selectionRate'],
    contrast: 'ratio',
    title: ({ positive }) => `Ratio of how often the answer is “${positive}”`,
  },
  equalizedOddsDifference: {
    rates: ['truePositiveRate', 'falsePositiveRate'],
    contrast: 'difference',
    title: () => 'Difference in hits and in false alarms, the larger of the two',
  },
  equalizedOddsRatio: {
    rates: ['truePositiveRate', 'falsePositiveRate'],
    contrast: 'ratio',
    title: () => 'Ratio of hits and of false alarms, the smaller of the two',
  },
  equalOpportunityDifference: {
    rates: ['truePositiveRate'],
    contrast: 'difference',
    title: ({ positives }) => `Difference in how often ${positives} are found`,
  },
};

export function metricTitle(metric: ComparisonMetric, plan: AuditPlan): string {
  return words[metric].title(outcomeWords(plan.outcome));
}

export function ratesOfMetric(metric: ComparisonMetric): readonly RateName[] {
  return words[metric].rates;
}

export function contrastOfMetric(metric: ComparisonMetric): 'difference' | 'ratio' {
  return words[metric].contrast;
}

/** `at most 0.25` or `at least 0.8`. */
export function marginWords(metric: ComparisonMetric, margin: number): string {
  return `${contrastOfMetric(metric) === 'difference' ? 'at most' : 'at least'} ${margin}`;
}

/** What a rate says, as a title: `Found: of the stations that lack step-free access, those …`. */
export function rateTitle(rate: RateName, plan: AuditPlan): string {
  const { positive, cases, positives, negatives } = outcomeWords(plan.outcome);
  if (rate === 'truePositiveRate') return `Hits: how many of the ${positives} get “${positive}”`;
  if (rate === 'falsePositiveRate') return `False alarms: how many of the ${negatives} get “${positive}” all the same`;
  return `How many of all ${cases} get “${positive}”`;
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
