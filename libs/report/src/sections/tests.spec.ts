import { type AuditReport, testDefaults } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import { auditReport, compas, recidivismPlan } from '../testing/index.js';
import { testsSection } from './tests.js';

const tested = auditReport({ ...recidivismPlan, tests: testDefaults }, compas);

/** Text without tags, white space as one blank. */
const textOf = (report: AuditReport): string =>
  String(testsSection(report) ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00A0]+/g, ' ');

describe('the tests of a report on a page', () => {
  test('stand in tables that say in words what each p means, and for how many tests it was adjusted', () => {
    const text = textOf(tested);
    expect(text).toContain(
      'False alarms (false positive rate), by race 5 below 0.001 below 0.001 groups differ by more than chance',
    );
    expect(text).toContain('Each p is adjusted for the 6 tests that were planned (Holm 1979)');
    expect(text).toContain('not shown ; hardest for African-American and Caucasian');
    // 805 of 1,795 less 2 of 23, who are so few that chance alone would make a large gap.
    expect(text).toMatch(/by race 36\.2 1\d\.\d \d+\.\d/);
  });

  test('show small groups as counted and drawn towards the others', () => {
    const text = textOf(tested);
    expect(text).toMatch(/Native American False alarms \(false positive rate\), by race 37\.5 % 3 of 8 3\d\.\d %/);
  });

  test('do not call a difference that nobody planned to test a result', () => {
    expect(textOf(tested)).toContain('They are questions for the next audit, not results of this one.');
  });

  test('are left out of a report without them', () => {
    expect(testsSection(auditReport(recidivismPlan, compas))).toBeNull();
  });
});
