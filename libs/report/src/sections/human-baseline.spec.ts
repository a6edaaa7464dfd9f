import { describe, expect, test } from '@jest/globals';
import { auditReport, compas, hostileStrings, recidivismPlan, withPeople } from '../testing/index.js';
import { humanBaselineSection } from './human-baseline.js';

const plain = auditReport(recidivismPlan, compas);
const textOf = (html: { toString(): string } | null) =>
  String(html)
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replace(/[\s\u00A0]+/g, ' ');

describe('the section on decisions by people', () => {
  test('is there only where they are known', () => {
    expect(humanBaselineSection(plain)).toBeNull();
    expect(humanBaselineSection(withPeople(plain, 'sex', ['Female', 'Male']))).not.toBeNull();
  });

  test('says how often both sides differ, and for whom that is more than chance', () => {
    const text = textOf(humanBaselineSection(withPeople(plain, 'sex', ['Female', 'Male'])));
    expect(text).toContain('About 900 defendants people had decided as well (column “clerk”, positive: “checked”)');
    expect(text).toContain('About 12 more defendants of this report people did not decide.');
    expect(text).toContain('differ on 17.8 % of the cases: on 121 the model alone says yes, on 39 people alone do.');
    expect(text).toContain('In 6 of 12 comparisons the two are further apart than chance alone explains.');
    expect(text).toMatch(
      /Female False alarms \(false positive rate\) 25\.0 % 5\.0 % 400 100 20 20\.0 \([\d.]+ to [\d.]+\) < 0\.001/,
    );
    expect(text).toMatch(/Male Hits \(true positive rate\) 100\.0 % 100\.0 % 50 0 0 0\.0 \(−[\d.]+ to [\d.]+\) –/);
  });

  test('keeps names from becoming markup', () => {
    const [first = '', second = ''] = hostileStrings;
    const html = String(humanBaselineSection(withPeople(plain, 'sex', [first, second])));
    expect(html).not.toMatch(/<script|<img|onerror=/i);
  });
});
