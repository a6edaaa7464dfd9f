import type { ComparisonMetric } from '../comparisons/metrics.js';
import { decisionClause, metricPhrase } from '../findings/phrases.js';
import type { Outcome } from '../plan.js';
import { percent } from '../words.js';
import type { ComparedFigure, TaskGap } from './task-gap.js';

/** One class against all others, as something that is decided. Which class is good for whom nobody said. */
function outcomeOfClass(name: string): Outcome {
  const words = { positives: `cases that truly are "${name}"`, negatives: 'cases that truly are something else' };
  return { name, positive: name, polarity: 'burden', words };
}

const ofAllClasses = outcomeOfClass('');

/** What a figure over all classes is called, to follow "the". */
const averages: Readonly<Record<string, string>> = {
  macroRecallDifference: 'mean recall of all classes',
  macroF1Difference: 'mean F1 of all classes',
};

/**
 * Between which two groups a gap of a task lies, as a sentence.
 *
 * @example
 * taskHarm(gap); // 'Where sex is Female, the model rightly says "cook" for 31.3 % (5 of 16) …; where it is Male, 60 % (…).'
 */
export function taskHarm(gap: TaskGap & { readonly state: 'value' }): string {
  const { attribute, high, low } = gap;
  return `Where ${attribute} is ${low.group}, ${clauseOf(gap, low)}; where it is ${high.group}, ${shareOf(high)}.`;
}

/** `31.3 % (5 of 16)` */
function shareOf({ value, k, n }: ComparedFigure): string {
  return `${percent(value)}${k === undefined || n === undefined ? '' : ` (${k} of ${n})`}`;
}

function clauseOf(
  { metric, class: name, rate }: TaskGap & { readonly state: 'value' },
  figure: ComparedFigure,
): string {
  if (rate === undefined) return `the ${averages[metric] ?? metric} is ${shareOf(figure)}`;
  return `the model ${decisionClause(name === undefined ? ofAllClasses : outcomeOfClass(name), rate, shareOf(figure))}`;
}

/** A metric of a task in words, with its name for whoever looks it up. */
export function taskMetricPhrase({ metric, class: name }: Pick<TaskGap, 'metric' | 'class'>): string {
  const average = averages[metric];
  if (average !== undefined) return `the difference in the ${average} (${metric})`;
  const of = name === undefined ? ofAllClasses : outcomeOfClass(name);
  return `${metricPhrase(metric as ComparisonMetric, of)}${name === undefined ? '' : ` for "${name}"`}`;
}
