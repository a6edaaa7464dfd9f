import type { Explanation } from '@hansa/explain';
import { digestOf } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { explanationSentences } from './sentences.js';

const explanation: Explanation = {
  method: 'exact',
  valueFunction: 'interventional',
  baseValue: 0.31,
  prediction: 0.48,
  contributions: [
    { feature: 'platforms', value: 2, contribution: -0.04 },
    { feature: 'kind', value: 'halt', contribution: 0.21 },
  ],
  additivityError: 0,
  evaluations: 257,
  backgroundRows: 64,
  backgroundDigest: digestOf('background'),
};
const share = (feature: string, contribution: number) => ({ feature, value: 1, contribution });

describe('an explanation in sentences', () => {
  test('says the answer, what moved it most, and how exact that is', () => {
    expect(explanationSentences(explanation, 0.5)).toEqual([
      'The model answers 0.480 for this case, below the threshold of 0.5; for the 64 cases compared with it answers 0.310 on average.',
      'That kind is halt raises the answer by 0.210.',
      'That platforms is 2 lowers the answer by 0.040.',
      'These shares are exact Shapley values: every combination of features was asked.',
    ]);
  });

  test('sums up what is left, with the sampling error', () => {
    const contributions = [
      { ...share('a', 0.3), standardError: 0.001 },
      { ...share('b', 0.2), standardError: 0.004 },
      share('c', -0.1),
      share('d', 0.05),
      share('e', -0.01),
    ];
    const sentences = explanationSentences({ ...explanation, method: 'sampled', contributions }, 0.48);
    expect(sentences[0]).toContain('at or above the threshold');
    expect(sentences.slice(4)).toEqual([
      'The other 2 features together raise it by 0.040.',
      'These shares are sampled Shapley values; the largest standard error is 0.004.',
    ]);
  });

  test('does not dress up shares that are nothing', () => {
    const contributions = [share('a', 0.17), share('b', 0)];
    expect(explanationSentences({ ...explanation, contributions }, 0.5).slice(1, 3)).toEqual([
      'That a is 1 raises the answer by 0.170.',
      'The one other feature hardly moves it.',
    ]);
  });
});
