import { expect, test } from '@jest/globals';
import { type RateFigure, rateFigures } from './rate-figure.js';
import { leftOutSentence, shownRows } from './shown-rows.js';
import { auditReport, cellCounts, confusion, plan } from './testing/index.js';

function figure(judged: number, small: number): RateFigure {
  const large = Array.from({ length: judged }, (_, i) => [`large ${i}`, confusion(50, 5, 100 + i, 100)] as const);
  const few = Array.from({ length: small }, (_, i) => [`small ${i}`, confusion(1, 1, 1, 1)] as const);
  const [first] = rateFigures(auditReport(plan, cellCounts({ state: Object.fromEntries([...large, ...few]) })));
  if (first === undefined) throw new Error('the plan has a rate');
  return first;
}

const sizes = (of: RateFigure) => {
  const { first, between, last } = shownRows(of, 24);
  return [first.length, between, last.length];
};

test.each([
  [1, 0, [1, 0, 0]],
  [20, 4, [24, 0, 0]],
  [20, 30, [24, 26, 0]],
  [24, 0, [24, 0, 0]],
  [25, 3, [16, 1, 8]],
  [1000, 9, [16, 976, 8]],
])('of %i judged groups and %i small ones both ends are shown', (judged, small, expected) => {
  const of = figure(judged, small);
  expect(sizes(of)).toEqual(expected);
  const { first, last } = shownRows(of, 24);
  expect(first[0]).toBe(of.rows[0]);
  if (last.length > 0) expect(last.at(-1)).toBe(of.rows[judged - 1]);
  expect(new Set([...first, ...last]).size).toBe(first.length + last.length);
});

test('a figure says what it leaves out, and nothing when that is nothing', () => {
  const sentence = (of: RateFigure) => leftOutSentence(of, shownRows(of, 24));
  expect(sentence(figure(24, 0))).toBeNull();
  expect(sentence(figure(1000, 9))).toBe(
    'The 16 worst-off and the 8 best-off of 1,009 groups are drawn. The table has more of them, report.json has all.',
  );
  expect(sentence(figure(20, 30))).toMatch(/^24 of 50 groups are drawn, those that can be judged first\./);
});
