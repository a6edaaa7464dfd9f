import { must } from '@hansa/kernel';
import { expect, test } from '@jest/globals';
import {
  type AuditPlan,
  cellCounts,
  countJoint,
  findingTypes,
  planDefaults,
  scoresOfJoint,
  valuesGrid,
} from '../index.js';
import { coded } from '../testing/compas-rows.js';
import { scoreFindings } from './score-findings.js';

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['g'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};
const grid = must(valuesGrid([2, 8]));

/** Rows with a group, a score, and how many of them are positive; a score of 8 decides positive. */
function findingsOf(parts: readonly (readonly [group: string, score: 2 | 8, rows: number, positives: number])[]) {
  const rows = parts.flatMap(([group, score, n, k]) =>
    Array.from({ length: n }, (_, i) => ({ group, score, label: i < k ? 1 : 0 })),
  );
  const joint = must(
    countJoint({
      label: Uint8Array.from(rows, ({ label }) => label),
      decision: Uint8Array.from(rows, ({ score }) => (score === 8 ? 1 : 0)),
      attributes: [
        coded(
          'g',
          rows.map(({ group }) => group),
        ),
        coded(
          'p',
          rows.map(({ score }) => String(score)),
        ),
      ],
    }),
  );
  const { histogram } = must(scoresOfJoint(joint, { by: ['g'], score: 'p', grid }));
  return scoreFindings({ histograms: [histogram], withoutScore: 0 }, 'p', must(cellCounts(joint, plan)), plan);
}

test('a score that means the same in groups of different base rates is called incompatible with equal mistakes', () => {
  const [finding, ...others] = findingsOf([
    ['a', 8, 600, 480],
    ['a', 2, 400, 80],
    ['b', 8, 300, 240],
    ['b', 2, 700, 140],
  ]);
  expect(others).toEqual([]);
  expect(finding?.type).toBe(findingTypes.incompatibleDemands);
  expect(finding?.text).toContain('Where g is a, 56 % are truly positive; where it is b, 38 %.');
  expect(finding?.text).toContain('0 points apart');
  expect(finding?.text).toContain('For a: 0.560 / 0.440 × 0.200 / 0.800 × 0.857 = 0.273.');
});

test('nothing is said where the score explains too little, base rates are alike, or groups are small', () => {
  const none = [
    // At the same score b is positive half as often.
    findingsOf([
      ['a', 8, 500, 400],
      ['a', 2, 500, 100],
      ['b', 8, 500, 200],
      ['b', 2, 500, 50],
    ]),
    findingsOf([
      ['a', 8, 500, 400],
      ['a', 2, 500, 100],
      ['b', 8, 510, 400],
      ['b', 2, 490, 110],
    ]),
    findingsOf([
      ['a', 8, 600, 480],
      ['a', 2, 400, 80],
      ['b', 8, 8, 6],
      ['b', 2, 20, 4],
    ]),
  ];
  expect(none).toEqual([[], [], []]);
});

test('a score that goes with negative labels is called turned', () => {
  const found = findingsOf([
    ['a', 8, 100, 20],
    ['a', 2, 100, 80],
    ['b', 8, 100, 20],
    ['b', 2, 100, 80],
  ]);
  expect(found).toMatchObject([
    { type: findingTypes.invertedPolarity, severity: 'high', text: expect.stringContaining('is 0.2, below one half') },
  ]);
});
