import { describe, expect, test } from '@jest/globals';
import { type AgreementEnd, reasonOfEnd, sentenceOfEnd, strongerEnd } from './agreement-end.js';

const at = (minute: number) => new Date(Date.UTC(2027, 5, 30, 12, minute));
const terminated = (by: 'consumer' | 'provider', minute: number): AgreementEnd => ({
  kind: 'terminated',
  at: at(minute),
  by,
  code: null,
  reason: [`of the ${by}`],
});
const ends: readonly AgreementEnd[] = [
  { kind: 'expired', at: at(4) },
  { kind: 'superseded', at: at(3), by: 'urn:new' },
  terminated('consumer', 2),
  terminated('provider', 1),
];

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]));
}

describe('of several ends of one agreement', () => {
  test('both sides keep the same, in whatever order they learn of them', () => {
    for (let size = 1; size <= ends.length; size++)
      for (const subset of [ends.slice(0, size), ends.slice(-size)]) {
        const kept = orders(subset).map((order) => order.reduce(strongerEnd));
        expect(new Set(kept.map((end) => JSON.stringify(end))).size).toBe(1);
        expect(kept[0]).toMatchObject({ ...subset.at(-1), at: expect.anything() });
      }
  });

  test('the earliest is when use has ended', () => {
    expect(strongerEnd({ kind: 'expired', at: at(0) }, terminated('consumer', 2))).toEqual({
      ...terminated('consumer', 2),
      at: at(0),
    });
  });

  test('a repeat changes nothing', () => {
    for (const end of ends) expect(strongerEnd(end, { ...end })).toBe(end);
  });
});

test('an end has a code for machines and a sentence for people', () => {
  expect(ends.map((end) => reasonOfEnd(end).code)).toEqual([
    'agreement.expired',
    'agreement.superseded',
    'agreement.terminated',
    'agreement.terminated',
  ]);
  expect(ends.map(sentenceOfEnd)).toEqual([
    'The agreement expired at 2027-06-30T12:04:00.000Z.',
    'The agreement was superseded by urn:new.',
    'The agreement was terminated by the consumer: of the consumer',
    'The agreement was terminated by the provider: of the provider',
  ]);
});
