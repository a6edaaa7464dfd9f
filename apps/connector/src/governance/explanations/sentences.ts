import type { Contribution, Explanation } from '@hansa/explain';

const shownFeatures = 3;

/**
 * An explanation in plain sentences: the answer and its decision, what moved it most, and how exact that is.
 *
 * @example
 * explanationSentences(explanation, 0.5)[0];
 * // 'The model answers 0.480 for this case, below the threshold of 0.5; for the 64 cases compared with it answers 0.310 on average.'
 */
export function explanationSentences(explanation: Explanation, threshold: number): readonly string[] {
  const { prediction, baseValue, backgroundRows, contributions } = explanation;
  const side = prediction >= threshold ? 'at or above' : 'below';
  const ranked = [...contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const shown = ranked.slice(0, shownFeatures).filter(({ contribution }) => contribution !== 0);
  const rest = ranked.slice(shown.length);
  return [
    `The model answers ${figure(prediction)} for this case, ${side} the threshold of ${threshold}; for the ${backgroundRows} cases compared with it answers ${figure(baseValue)} on average.`,
    ...shown.map(contributionSentence),
    ...restSentence(rest),
    exactness(explanation),
  ];
}

function contributionSentence({ feature, value, contribution }: Contribution): string {
  return `That ${feature} is ${value} ${direction(contribution)} the answer by ${figure(Math.abs(contribution))}.`;
}

function restSentence(rest: readonly Contribution[]): readonly string[] {
  if (rest.length === 0) return [];
  const sum = rest.reduce((total, { contribution }) => total + contribution, 0);
  const who = rest.length === 1 ? 'The one other feature' : `The other ${rest.length} features together`;
  if (Number(figure(sum)) === 0) return [`${who} hardly ${rest.length === 1 ? 'moves' : 'move'} it.`];
  const moves = direction(sum);
  return [`${who} ${rest.length === 1 ? moves : moves.slice(0, -1)} it by ${figure(Math.abs(sum))}.`];
}

function exactness({ method, contributions }: Explanation): string {
  if (method === 'exact') return 'These shares are exact Shapley values: every combination of features was asked.';
  const largest = Math.max(...contributions.map(({ standardError = 0 }) => standardError));
  return `These shares are sampled Shapley values; the largest standard error is ${figure(largest)}.`;
}

function direction(contribution: number): 'raises' | 'lowers' {
  return contribution > 0 ? 'raises' : 'lowers';
}

function figure(value: number): string {
  return value.toFixed(3);
}
