import type { TaskGap } from '@hansa/fair';
import { decimal, percent, points } from './format.js';
import { groupName } from './names.js';

const titles: Readonly<Record<string, string>> = {
  accuracyDifference: 'Difference in how often the answer is right',
  macroRecallDifference: 'Difference in the mean recall of all classes',
  macroF1Difference: 'Difference in the mean F1 of all classes',
  demographicParityDifference: 'Difference in how often a class is the answer',
  equalOpportunityDifference: 'Difference in how often a class is recognised (recall)',
  equalizedOddsDifference: 'Difference in recall and in false alarms of a class, the larger of the two',
  positivePredictiveValueDifference: 'Difference in how often a class is right where it is the answer (precision)',
};

/** A metric of a task as a title. */
export function taskMetricTitle(metric: string): string {
  return titles[metric] ?? metric;
}

/** `recall of “cook”` */
export function gapSubject({ metric, class: name }: Pick<TaskGap, 'metric' | 'class'>): string {
  return `${taskMetricTitle(metric)}${name === undefined ? '' : `: “${groupName(name, 40)}”`}`;
}

/** A gap as one sentence: who is high, who is low, how far apart, and whether chance alone could have made it. */
export function gapSentence(gap: TaskGap): string {
  if (gap.state !== 'value') return `There is nothing to compare: ${gap.reason}.`;
  const { high, low, value, interval } = gap;
  const level = `${decimal(interval.level * 100)}\u00A0%`;
  const chance = interval.lower > 0 ? '' : ', which chance alone could explain';
  return `Highest where the group is ${groupName(high.group)} (${percent(high.value)}), lowest where it is ${groupName(low.group)} (${percent(low.value)}): ${points(value)} percentage points apart (between ${points(interval.lower)} and ${points(interval.upper)} with ${level} confidence)${chance}.`;
}
