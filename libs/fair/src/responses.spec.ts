import { describe, expect, test } from '@jest/globals';
import type { Finding } from './findings/finding.js';
import { answeredFindings, blockingFindings, type FindingAnswer, findingId } from './index.js';
import { type AuditPlan, planDefaults, planDigest } from './plan.js';
import { AuditPlanInput } from './plan.schema.js';

const grave: Finding = { type: 'https://w3id.org/dpv/ai#AIBias', severity: 'high', attribute: 'sex', text: 'Harm.' };
const note: Finding = { type: 'https://w3id.org/hansa/v1#LabelDrift', severity: 'low', text: 'A note.' };
const plan: AuditPlan = {
  ...planDefaults,
  outcome: { name: 'repays', positive: 'granted', polarity: 'benefit' },
  attributes: ['sex'],
  metrics: [{ metric: 'demographicParityRatio', margin: 0.8, reason: 'four fifths' }],
};
const responses = { owner: 'Head of Credit', days: { high: 30 } };
const report = { at: '2026-11-23T10:00:00.000Z', plan: { ...plan, responses }, findings: [grave, note] };
const answer = (changes: Partial<FindingAnswer>): FindingAnswer => ({
  finding: findingId(grave),
  state: 'open',
  owner: null,
  due: null,
  reason: null,
  evidence: null,
  ...changes,
});

describe('findings and what was said about them', () => {
  test('are open under the owner and the term of the plan, as long as nobody says otherwise', () => {
    expect(answeredFindings(report, [], '2026-12-23')).toMatchObject([
      { finding: findingId(grave), state: 'open', owner: 'Head of Credit', due: '2026-12-23', isOverdue: false },
      { finding: findingId(note), state: 'open', owner: 'Head of Credit', due: null, isOverdue: false },
    ]);
    expect(answeredFindings({ plan, findings: [grave] }, [], '2026-12-23')).toMatchObject([{ owner: null, due: null }]);
  });

  test('are overdue on the day after their term, and only while they are open', () => {
    const overdue = (answers: readonly FindingAnswer[], today: string) =>
      answeredFindings(report, answers, today)[0]?.isOverdue;
    expect(overdue([], '2026-12-24')).toBe(true);
    expect(overdue([answer({ due: '2027-01-31' })], '2026-12-24')).toBe(false);
    expect(overdue([answer({ state: 'accepted', reason: 'The margin is too strict.' })], '2026-12-24')).toBe(false);
    expect(overdue([answer({ state: 'resolved', evidence: 'urn:audit:2' })], '2026-12-24')).toBe(false);
  });

  test('keep an audit from being approved when they are grave and open', () => {
    const blocking = (answers: readonly FindingAnswer[]) =>
      blockingFindings(answeredFindings(report, answers, '2026-11-24')).map(({ text }) => text);
    expect(blocking([])).toEqual(['Harm.']);
    expect(blocking([answer({ owner: 'Somebody' })])).toEqual(['Harm.']);
    expect(blocking([answer({ state: 'accepted', reason: 'It is known.' })])).toEqual([]);
    expect(blocking([answer({ finding: findingId(note), state: 'accepted' })])).toEqual(['Harm.']);
  });

  test('have a name that depends on what they say and on nothing else', () => {
    const { text, type, severity, attribute } = grave;
    expect(findingId({ text, type, severity, attribute: attribute ?? '' })).toBe(findingId(grave));
    expect(findingId({ ...grave, text: 'Harm!' })).not.toBe(findingId(grave));
  });

  test('the plan covers owner and terms by its digest, and stays the same without them', () => {
    const read = AuditPlanInput.parse({ ...plan, responses });
    expect(planDigest(read)).not.toBe(planDigest(AuditPlanInput.parse(plan)));
    expect(planDigest(AuditPlanInput.parse(plan))).toBe(planDigest(plan));
    expect(AuditPlanInput.safeParse({ ...plan, responses: { owner: '', days: {} } }).success).toBe(false);
    expect(AuditPlanInput.safeParse({ ...plan, responses: { owner: 'A', days: { high: -1 } } }).success).toBe(false);
  });
});
