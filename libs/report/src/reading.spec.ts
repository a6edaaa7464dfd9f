import { type AuditPlan, type ComparisonMetric, rateNames } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import { rateFigures } from './rate-figure.js';
import { reading } from './reading.js';
import {
  auditReport,
  cellCounts,
  compas,
  confusion,
  type Groups,
  plan,
  recidivismPlan,
  states,
} from './testing/index.js';

function readings(own: AuditPlan, counts: Groups | typeof compas): readonly string[] {
  const report = auditReport(own, 'partitions' in counts ? (counts as typeof compas) : cellCounts(counts as Groups));
  return rateFigures(report).map((figure) => reading(figure, own).replaceAll('\u00A0', ' '));
}

const by = (metric: ComparisonMetric): AuditPlan => ({ ...plan, metrics: [{ metric, margin: 0.2, reason: '' }] });

describe('the sentence of a figure', () => {
  const [hits, falseAlarms, flagged, ofSex] = readings(recidivismPlan, compas);

  test('of COMPAS names the ends, their counts, the gap and its interval', () => {
    expect(flagged).toBe(
      'Of all defendants, 58.8 % (2,174 of 3,696) got “medium or high risk” where race is African-American, who are worst off, and 21.0 % (79 of 377) where race is Other, who are best off: a gap of 37.9 percentage points (between 33.2 and 42.0 with 95 % confidence), more than chance alone would explain, even between the two ends of 5 groups.',
    );
    expect(hits).toContain('Of the defendants who re-offended, 72.0 % (1,369 of 1,901) got “medium or high risk”');
    expect(falseAlarms).toContain('44.8 % (805 of 1,795) got “medium or high risk” all the same where race is');
  });

  test('says so when chance alone could have made the gap', () => {
    expect(ofSex).toContain('a gap of 2.1 percentage points (between −2.5 and 6.8 with 95 % confidence), which chance');
  });

  test('holds the two ends of many groups to more than two groups that were named beforehand', () => {
    const two = { a: confusion(0, 0, 60, 40), b: confusion(0, 0, 45, 55) };
    const between = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`c${i}`, confusion(0, 0, 52, 48)]));
    expect(readings(plan, { state: two })[0]).toMatch(/, more than chance alone would explain\.$/);
    expect(readings(plan, { state: { ...two, ...between } })[0]).toMatch(
      /, which chance alone could explain between the two ends of 12 groups\.$/,
    );
  });

  test.each<[string, Groups, string]>([
    [
      'one judged group',
      { state: { Bayern: confusion(280, 20, 34, 66), Bremen: confusion(5, 0, 4, 0) } },
      'Of the stations that lack step-free access, 66.0 % (66 of 100) got “has barriers” in the one group that is large enough to judge, Bayern, so there is nothing to compare it with.',
    ],
    [
      'no judged group',
      { state: { Bremen: confusion(5, 0, 4, 0) } },
      'Of 1 group of stations that lack step-free access, none is large enough to judge.',
    ],
    [
      'no group with a value',
      { state: { Bayern: confusion(280, 20, 0, 0), Hessen: confusion(80, 20, 0, 0) } },
      'Of 2 groups of stations that lack step-free access, for none of them is there a figure; the table gives the reasons.',
    ],
    [
      'equal groups',
      { state: { Bayern: confusion(80, 20, 50, 50), Hessen: confusion(80, 20, 50, 50) } },
      'Of the stations that lack step-free access, 50.0 % got “has barriers” in each of the 2 groups that are large enough to judge: there is no gap.',
    ],
  ])('for %s makes no gap up', (_, groups, expected) => {
    expect(readings(plan, groups)).toEqual([expected]);
  });

  test('calls nobody better off by a rate of which more is not simply better or worse', () => {
    const told = (['accuracyDifference', 'falseNegativeRateRatio', 'positivePredictiveValueDifference'] as const).map(
      (metric) => readings(by(metric), states)[0] ?? '',
    );
    expect(told[0]).toContain('got the right answer where state is');
    expect(told[1]).toContain('did not get “has barriers” all the same where state is');
    for (const sentence of told)
      expect(sentence).toMatch(/the (highest|lowest) share, and .* the (highest|lowest): a gap/);
    for (const sentence of told) expect(sentence).not.toMatch(/worst|best/);
  });

  test('is one sentence for every rate', () => {
    const stems = rateNames.filter((name) => !['selectionRate', 'truePositiveRate'].includes(name));
    const all = stems.flatMap((stem) => readings(by(`${stem}Difference` as ComparisonMetric), states));
    expect(all).toHaveLength(stems.length);
    for (const sentence of all) expect(sentence).toMatch(/^Of .*, [\d.]+ % .*\.$/s);
  });
});
