import { type JsonObject, must } from '@hansa/kernel';
import { type Offer, parsePolicy } from '@hansa/odrl';
import { describe, expect, test } from '@jest/globals';
import { compareOffer, compareRequest } from './compare-terms.js';

type Wire = { readonly leftOperand: string; readonly operator: string; readonly rightOperand: string | JsonObject };

const until = (day: string): Wire => ({
  leftOperand: 'dateTime',
  operator: 'lteq',
  rightOperand: { '@value': day, '@type': 'xsd:date' },
});
const purpose = (operator: string, term: string): Wire => ({
  leftOperand: 'purpose',
  operator,
  rightOperand: `dpv:${term}`,
});
const mood: Wire = { leftOperand: 'https://example.org/mood', operator: 'eq', rightOperand: 'good' };

const terms = (constraint: readonly Wire[], changes: object = {}): JsonObject =>
  ({
    '@type': 'Offer',
    '@id': 'urn:o',
    target: 'urn:d',
    permission: [{ action: 'use', constraint }],
    ...changes,
  }) as JsonObject;
const read = (wire: JsonObject): Offer => must(parsePolicy(wire)) as Offer;
const bounds = (...constraint: Wire[]): JsonObject =>
  ({ '@type': 'Set', permission: [{ action: 'use', constraint }] }) as unknown as JsonObject;

describe('a request compared with an offer of ours', () => {
  const own = read(terms([until('2026-12-31'), purpose('isA', 'AcademicResearch')]));
  const wide = bounds(until('2027-12-31'), purpose('isA', 'ResearchAndDevelopment'));
  const academic = purpose('eq', 'AcademicResearch');
  const parties = { assigner: 'did:web:us.example', assignee: 'did:web:them.example' };

  test.each<[string, JsonObject, JsonObject | null, string]>([
    ['that repeats it', terms([until('2026-12-31'), purpose('isA', 'AcademicResearch'), academic]), null, 'same'],
    ['with a later end, without bounds', terms([until('2027-06-30'), academic]), null, 'other'],
    ['with a later end', terms([until('2027-06-30'), academic]), wide, 'within-bounds'],
    ['at the end of the bounds', terms([until('2027-12-31'), academic]), wide, 'within-bounds'],
    ['after the end of the bounds', terms([until('2028-01-01'), academic]), wide, 'other'],
    ['without an end', terms([academic]), wide, 'other'],
    ['for another purpose', terms([until('2027-06-30'), purpose('eq', 'Marketing')]), wide, 'other'],
    ['with a condition more', terms([until('2027-06-30'), academic, until('2027-01-31')]), wide, 'within-bounds'],
    ['with a condition that nobody understands', terms([until('2027-06-30'), academic, mood]), wide, 'other'],
    ['under another profile', terms([until('2027-06-30'), academic], { profile: 'urn:x' }), wide, 'other'],
    [
      'that names who asks',
      terms([until('2027-06-30'), academic], { assignee: parties.assignee }),
      wide,
      'within-bounds',
    ],
    ['that names somebody else', terms([until('2027-06-30'), academic], { assignee: 'urn:x' }), wide, 'other'],
    ['of another assigner', terms([until('2027-06-30'), academic], { assigner: parties.assignee }), wide, 'other'],
    ['of another offer', terms([until('2027-06-30'), academic], { '@id': 'urn:other' }), wide, 'other'],
    [
      'for a second action',
      terms([until('2027-06-30'), academic], { permission: [{ action: 'sell' }] }),
      wide,
      'other',
    ],
  ])('%s', (_what, asked, limits, kind) => {
    const compared = compareRequest(own, read(asked), limits, parties);
    expect(compared.kind).toBe(kind);
    expect(compared.detail === '').toBe(kind === 'same');
  });

  test('says in what it leaves the bounds', () => {
    const { detail } = compareRequest(own, read(terms([until('2028-01-01'), academic])), wide, parties);
    expect(detail).toContain('nothing in it makes sure that the time is not after 2027-12-31');
  });

  test('has the purpose that it declares', () => {
    expect(compareRequest(own, read(terms([until('2027-06-30'), academic])), wide, parties).purpose).toBe(
      'https://w3id.org/dpv#AcademicResearch',
    );
  });
});

describe('an offer compared with what we asked for', () => {
  const own = read(terms([until('2030-12-31')]));
  const least = bounds(until('2028-12-31'), purpose('eq', 'AcademicResearch'));
  const we = 'did:web:we.example';

  test.each<[string, JsonObject, JsonObject | null, string]>([
    [
      'that says the same',
      terms([until('2030-12-31')], { '@id': 'urn:x', assigner: 'did:web:they.example' }),
      null,
      'same',
    ],
    ['with an earlier end, without bounds', terms([until('2029-12-31')]), null, 'other'],
    ['with an earlier end that is late enough', terms([until('2029-12-31')], { assignee: we }), least, 'within-bounds'],
    ['with an end that is too early', terms([until('2028-06-30')]), least, 'other'],
    [
      'for a purpose that is ours',
      terms([until('2029-12-31'), purpose('isA', 'ResearchAndDevelopment')]),
      least,
      'within-bounds',
    ],
    ['for a purpose that is not ours', terms([until('2029-12-31'), purpose('isA', 'Marketing')]), least, 'other'],
    ['for somebody else', terms([until('2029-12-31')], { assignee: 'did:web:other.example' }), least, 'other'],
    ['with a prohibition', terms([until('2029-12-31')], { prohibition: [{ action: 'print' }] }), least, 'other'],
    ['with a condition that nobody understands', terms([until('2029-12-31'), mood]), least, 'other'],
  ])('%s', (_what, offered, limits, kind) => {
    expect(compareOffer(own, read(offered), limits, we).kind).toBe(kind);
  });
});
