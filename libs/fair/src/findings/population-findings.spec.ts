import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  type CellCounts,
  type DisclosedCounts,
  notStated,
  type Partition,
  planDefaults,
  pooledCounts,
} from '../index.js';
import { populationFindings } from './population-findings.js';

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.1, reason: 'a check is a burden' }],
  ...planDefaults,
};

const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });

const partition = (
  groups: Readonly<Record<string, DisclosedCounts>>,
  stratum?: Readonly<Record<string, string>>,
): Partition => ({
  attribute: 'sex',
  ...(stratum && { stratum }),
  groups: Object.entries(groups).map(([group, counts]) => ({ group, attributes: { sex: group }, counts })),
});

const countsOf = (whole: Partition, ...strata: readonly Partition[]): CellCounts => ({
  total: pooledCounts(whole),
  partitions: [whole, ...strata],
});

const even = { Female: confusion(80, 20, 10, 40), Male: confusion(80, 20, 10, 40) };
const found = (counts: CellCounts) =>
  populationFindings(counts, plan).map(({ type, severity, text }) => [type.split('#')[1], severity, text]);

test('counts without a defect give no finding', () => {
  expect(found(countsOf(partition(even)))).toEqual([]);
});

describe('a positive value that was given the wrong way round', () => {
  test('shows as decisions that are wrong more often than a guess', () => {
    expect(found(countsOf(partition({ Female: confusion(20, 80, 40, 10), Male: confusion(20, 80, 40, 10) })))).toEqual([
      [
        'InvertedPolarity',
        'high',
        'Of the rows decided positive 11.1 % are truly positive, fewer than the 33.3 % among all rows. Perhaps the positive value of the label or of the decision is the wrong one.',
      ],
    ]);
  });

  test('is not suspected where chance may have done it', () => {
    expect(found(countsOf(partition({ Female: confusion(4, 3, 2, 1), Male: confusion(4, 3, 2, 1) })))).toEqual([]);
  });
});

test('one stated group is nothing to compare', () => {
  const [finding] = found(countsOf(partition({ Female: confusion(80, 20, 10, 40) })));
  expect(finding).toEqual([
    'SingleGroup',
    'medium',
    'All rows with a stated sex have Female: there is no other group to compare with.',
  ]);
});

test('withheld counts are named, and said not to be zero', () => {
  const [finding] = found(countsOf(partition({ ...even, Other: { n: 118, tn: 100, fp: null, fn: null, tp: 18 } })));
  expect(finding?.[0]).toBe('SuppressedCounts');
  expect(finding?.[2]).toMatch(/withheld for Other\. They are not zero/);
});

test('whose group is not known may be anybody: the bounds hold for every way to place them', () => {
  const unknown = confusion(3, 2, 1, 4);
  const whole = partition({ ...even, [notStated]: unknown });
  const [finding] = found(countsOf(whole));
  expect(finding?.slice(0, 2)).toEqual(['NonResponseBias', 'low']);
  const [, least, most] = /lies between (-?[\d.]+) and (-?[\d.]+)\.$/.exec(String(finding?.[2])) ?? [];
  // 60 of 150 are selected in both groups; of the 10 unknown, 6 are.
  const gaps: number[] = [];
  for (let k = 0; k <= 6; k++)
    for (let n = k; n <= k + 4; n++) gaps.push((60 + k) / (150 + n) - (60 + 6 - k) / (150 + 10 - n));
  expect(Number(least)).toBeCloseTo(Math.min(...gaps) * 100, 1);
  expect(Number(most)).toBeCloseTo(Math.max(...gaps) * 100, 1);
});

describe('a gap that is the other way round in every stratum', () => {
  // Berkeley's pattern: women apply where few are selected.
  const strata = [
    partition({ Female: confusion(10, 0, 0, 90), Male: confusion(80, 0, 0, 320) }, { branch: 'a' }),
    partition({ Female: confusion(320, 0, 0, 80), Male: confusion(90, 0, 0, 10) }, { branch: 'b' }),
  ];
  const whole = partition({ Female: confusion(330, 0, 0, 170), Male: confusion(170, 0, 0, 330) });

  test('is reported', () => {
    expect(found(countsOf(whole, ...strata))).toEqual([
      [
        'SimpsonsParadoxBias',
        'high',
        `In all rows together, how often the model says "check" (selectionRate) is higher for Male than for Female, but it is lower in each of the 2 levels of branch with at least 30 rows of both: the groups are spread unevenly over branch (Simpson's paradox).`,
      ],
    ]);
  });

  test('is not reported when one stratum agrees with the whole, or only one can be judged', () => {
    const agreeing = partition({ Female: confusion(50, 0, 0, 10), Male: confusion(10, 0, 0, 50) }, { branch: 'c' });
    const tiny = partition({ Female: confusion(5, 0, 0, 1), Male: confusion(1, 0, 0, 5) }, { branch: 'c' });
    expect(found(countsOf(whole, ...strata, agreeing))).toEqual([]);
    expect(found(countsOf(whole, ...strata, tiny))).toHaveLength(1);
    expect(found(countsOf(whole, ...strata.slice(0, 1)))).toEqual([]);
  });
});
