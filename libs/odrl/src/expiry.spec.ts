import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, expiryOf, parsePolicy } from './index.js';
import { anyPolicy, anySituation } from './testing/policies.js';

const until = (operator: string, value: string, type?: string): JsonObject => ({
  leftOperand: 'odrl:dateTime',
  operator,
  rightOperand: type === undefined ? value : { '@value': value, '@type': `xsd:${type}` },
});
const noon = '2027-06-30T12:00:00Z';
const later = '2027-07-30T12:00:00Z';
const purpose: JsonObject = { leftOperand: 'odrl:purpose', operator: 'eq', rightOperand: 'dpv:Marketing' };

const policyOf = (...permissions: readonly (readonly JsonObject[])[]) =>
  must(
    parsePolicy({
      '@type': 'Offer',
      '@id': 'urn:x:1',
      permission: permissions.map((constraint) => ({ action: 'use', constraint })),
    }),
  );
const expiry = (...permissions: readonly (readonly JsonObject[])[]) =>
  expiryOf(policyOf(...permissions))?.toISOString() ?? null;

describe('the end of a policy', () => {
  test.each<[string, readonly JsonObject[], string | null]>([
    ['before a moment', [until('lt', noon)], '2027-06-30T12:00:00.000Z'],
    ['at a moment at the latest', [until('lteq', noon)], '2027-06-30T12:00:00.001Z'],
    ['term-lteq', [until('term-lteq', noon, 'dateTime')], '2027-06-30T12:00:00.001Z'],
    ['at one moment', [until('eq', noon)], '2027-06-30T12:00:00.001Z'],
    ['before a date', [until('lt', '2027-06-30', 'date')], '2027-06-30T00:00:00.000Z'],
    ['on a date at the latest', [until('lteq', '2027-06-30', 'date')], '2027-07-01T00:00:00.000Z'],
    ['a date with a zone', [until('lteq', '2027-06-30+02:00', 'date')], '2027-06-30T22:00:00.000Z'],
    ['of two ends the earlier', [until('lt', later), until('lteq', noon), purpose], '2027-06-30T12:00:00.001Z'],
    ['of alternatives the later', [{ or: [until('lt', noon), until('lt', later)] }], '2027-07-30T12:00:00.000Z'],
    ['xone like alternatives', [{ xone: [until('lt', noon), until('lt', later)] }], '2027-07-30T12:00:00.000Z'],
    ['inside a conjunction', [{ and: [purpose, until('lt', noon)] }], '2027-06-30T12:00:00.000Z'],
    ['an alternative without an end', [{ or: [until('lt', noon), purpose] }], null],
    ['a beginning', [until('gteq', noon)], null],
    ['not at a moment', [until('neq', noon)], null],
    ['a time without a zone', [until('lt', '2027-06-30T12:00:00')], null],
    ['a day that no calendar has', [until('lt', '2027-02-30T12:00:00Z')], null],
    ['another type', [until('lt', '5', 'integer')], null],
    ['two right operands', [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: [noon, later] }], null],
    ['an empty alternative', [{ or: [] }], null],
    ['another operand', [purpose], null],
    ['no constraint', [], null],
  ])('%s', (_name, constraints, expected) => {
    expect(expiry(constraints)).toBe(expected);
  });

  test('of several permissions is the latest, and there is none where one of them has none', () => {
    expect(expiry([until('lt', noon)], [until('lt', later)])).toBe('2027-07-30T12:00:00.000Z');
    expect(expiry([until('lt', noon)], [purpose])).toBeNull();
  });

  test('is not found in prohibitions, and a policy without a permission has none', () => {
    const prohibition = [{ action: 'use', constraint: [until('gteq', noon)] }];
    const wire = { '@type': 'Offer', '@id': 'urn:x:1', prohibition };
    expect(expiryOf(must(parsePolicy(wire)))).toBeNull();
  });

  test('leaves a millisecond of use before it, and none from it on', () => {
    for (const constraint of [until('lt', noon), until('lteq', noon), until('lteq', '2027-06-30', 'date')]) {
      const policy = policyOf([constraint]);
      const end = expiryOf(policy)?.getTime() ?? Number.NaN;
      const at = (moment: number) =>
        evaluate({
          policy,
          action: 'use',
          target: 't',
          assignee: 'a',
          facts: { credentials: [] },
          now: new Date(moment),
        }).outcome;
      expect([at(end - 1), at(end), at(end + 1)]).toEqual(['permit', 'deny', 'deny']);
    }
  });

  const operators = fc.constantFrom('lt', 'lteq', 'eq');
  const moments = fc.constantFrom('2026-11-22T12:00:00Z', '2026-11-23T12:00:00.5Z', '2026-11-24');
  const bounded = fc.tuple(operators, moments).map(([operator, moment]) => {
    return until(operator, moment, moment.includes('T') ? 'dateTime' : 'date');
  });
  const connected = fc
    .tuple(fc.constantFrom('and', 'or', 'xone', 'andSequence'), fc.array(bounded, { minLength: 1, maxLength: 3 }))
    .map(([kind, constraints]): JsonObject => ({ [kind]: constraints }));
  /** Whatever else a policy says, here each of its permissions has an end somewhere. */
  const endingPolicy = fc.tuple(anyPolicy, fc.oneof(bounded, connected), fc.boolean()).map(([wire, end, bare]) => ({
    ...wire,
    permission: [
      ...((wire.permission ?? []) as JsonObject[]).map((rule) => ({
        ...rule,
        constraint: [...((rule.constraint ?? []) as JsonObject[]), end],
      })),
      ...(bare ? [{ action: 'use', constraint: [end] }] : []),
    ],
  }));

  test('from then on no policy permits anything, whatever the facts are', () => {
    let [ends, permitted] = [0, 0];
    fc.assert(
      fc.property(endingPolicy, anySituation, fc.nat(100_000_000), (wire, situation, after) => {
        const policy = must(parsePolicy(wire));
        const end = expiryOf(policy);
        if (end === null) return;
        ends++;
        const outcomeAt = (moment: number) => evaluate({ policy, ...situation, now: new Date(moment) }).outcome;
        if (outcomeAt(end.getTime() - 1) === 'permit') permitted++;
        expect([outcomeAt(end.getTime()), outcomeAt(end.getTime() + after)]).toEqual(['deny', 'deny']);
      }),
      { numRuns: 1000 },
    );
    expect({ ends: ends > 500, permitted: permitted > 50 }).toEqual({ ends: true, permitted: true });
  });
});
