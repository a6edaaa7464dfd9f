import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EvaluationRequest, evaluate, keepsBounds, type Policy, parsePolicy, standardOperands } from './index.js';
import { anyConstraint, anyPolicy, anySituation } from './testing/policies.js';

type Wire = readonly [leftOperand: string, operator: string, rightOperand: unknown];

const constraintOf = ([leftOperand, operator, rightOperand]: Wire) => ({ leftOperand, operator, rightOperand });
const read = (wire: JsonObject): Policy => must(parsePolicy(wire));
const useWhere = (...constraints: readonly object[]): JsonObject => ({
  '@type': 'Set',
  permission: [{ action: 'use', constraint: constraints as unknown as JsonObject[] }],
});
const keeps = (narrow: JsonObject, wide: JsonObject) => keepsBounds(read(narrow), read(wide)).ok;
const implied = (narrow: Wire, wide: Wire) => keeps(useWhere(constraintOf(narrow)), useWhere(constraintOf(wide)));

const purpose = (operator: string, ...values: string[]): Wire => ['purpose', operator, values.map((v) => `dpv:${v}`)];
const time = (operator: string, value: string): Wire => {
  const type = value.includes('T') ? 'xsd:dateTime' : 'xsd:date';
  return ['dateTime', operator, { '@value': value, '@type': type }];
};
const spatial = (operator: string, ...values: string[]): Wire => ['spatial', operator, values];
const credential = (operator: string, ...values: string[]): Wire => ['hansa:credential', operator, values];

describe('a constraint keeps a bound', () => {
  test.each<[Wire, Wire]>([
    [purpose('eq', 'AcademicResearch'), purpose('isA', 'ResearchAndDevelopment')],
    [purpose('isAnyOf', 'AcademicResearch', 'Advertising'), purpose('isAnyOf', 'ResearchAndDevelopment', 'Marketing')],
    [purpose('eq', 'AcademicResearch'), purpose('isNoneOf', 'Marketing')],
    [purpose('isNoneOf', 'Marketing'), purpose('isNoneOf', 'Advertising')],
    [time('lteq', '2027-06-30'), time('lt', '2027-07-01')],
    [time('lt', '2027-07-01T00:00:00Z'), time('lteq', '2027-06-30')],
    [time('eq', '2027-06-30'), time('gteq', '2027-06-30T00:00:00Z')],
    [time('gt', '2027-06-30'), time('gteq', '2027-07-01')],
    [spatial('isAnyOf', 'BE', 'DE'), spatial('isPartOf', 'EU')],
    [spatial('isPartOf', 'EU'), spatial('isPartOf', 'EEA')],
    [spatial('isNoneOf', 'US', 'NO'), spatial('isNoneOf', 'US')],
    [credential('isAllOf', 'A', 'B'), credential('eq', 'A')],
    [credential('eq', 'A'), credential('isAnyOf', 'A', 'B')],
  ])('%j within %j, and not the reverse', (narrow, wide) => {
    expect(implied(narrow, wide)).toBe(true);
    expect(implied(wide, wide)).toBe(true);
    const isSame = narrow[0] === 'dateTime' && implied(wide, narrow);
    // "before the 1st of July" and "not after the 30th of June" are the same moments.
    if (!isSame) expect(implied(wide, narrow)).toBe(false);
  });

  test.each<[Wire, Wire]>([
    [purpose('isA', 'AcademicResearch'), purpose('isNoneOf', 'Marketing')],
    [purpose('isNoneOf', 'Marketing'), purpose('isA', 'ResearchAndDevelopment')],
    [time('lteq', '2028-01-01'), time('lteq', '2027-12-31')],
    [time('gteq', '2027-01-01'), time('lteq', '2027-12-31')],
    [time('neq', '2027-01-01'), time('lteq', '2027-12-31')],
    [spatial('isPartOf', 'EEA'), spatial('isPartOf', 'EU')],
    [spatial('isAnyOf', 'BE'), spatial('isNoneOf', 'US')],
    [credential('isAnyOf', 'A', 'B'), credential('eq', 'A')],
    [credential('isNoneOf', 'A'), credential('eq', 'A')],
    [
      ['hansa:auditAge', 'lteq', { '@value': 'P10D', '@type': 'xsd:duration' }],
      ['hansa:auditAge', 'lteq', { '@value': 'P1Y', '@type': 'xsd:duration' }],
    ],
    [
      ['x:mood', 'eq', 'good'],
      ['x:mood', 'eq', 'better'],
    ],
  ])('%j not within %j: what is not known to be narrower is outside', (narrow, wide) => {
    expect(implied(narrow, wide)).toBe(false);
  });

  test('also inside and, or and andSequence', () => {
    const [be, de, eu] = [spatial('eq', 'BE'), spatial('eq', 'DE'), spatial('isPartOf', 'EU')].map(constraintOf);
    const [until, later] = [time('lteq', '2027-06-30'), time('lteq', '2027-12-31')].map(constraintOf);
    expect(keeps(useWhere({ or: [be, de] }), useWhere({ ...eu }))).toBe(true);
    expect(keeps(useWhere({ or: [be, until] }), useWhere({ ...eu }))).toBe(false);
    expect(keeps(useWhere({ and: [be, until] }), useWhere({ or: [{ ...eu }, { xone: [be, de] }] }))).toBe(true);
    expect(keeps(useWhere({ ...be }, { ...until }), useWhere({ andSequence: [eu, later] }))).toBe(true);
    expect(keeps(useWhere({ ...be }), useWhere({ and: [] }))).toBe(false);
    expect(keeps(useWhere({ xone: [be, de] }), useWhere({ ...eu }))).toBe(false);
  });
});

describe('a policy keeps bounds', () => {
  const member = constraintOf(credential('eq', 'MembershipCredential'));
  const drop = {
    action: 'hansa:dropColumns',
    constraint: [{ leftOperand: 'hansa:column', operator: 'eq', rightOperand: 'a' }],
  };
  const bounds = { ...useWhere(member), prohibition: [{ action: 'sell' }], obligation: [drop] } as JsonObject;

  test.each<[string, object, boolean]>([
    ['that it repeats', {}, true],
    [
      'with more constraints',
      { permission: [{ action: 'read', constraint: [member, constraintOf(time('lt', '2030-01-01'))] }] },
      true,
    ],
    ['with more prohibitions', { prohibition: [{ action: 'print' }, { action: 'sell' }] }, true],
    ['for one target', { target: 'urn:d' }, true],
    ['not with a wider action', { permission: [{ action: 'transfer', constraint: [member] }] }, false],
    ['not with a constraint less', { permission: [{ action: 'use' }] }, false],
    [
      'not with a permission more',
      { permission: [{ action: 'use', constraint: [member] }, { action: 'sell' }] },
      false,
    ],
    ['not with a prohibition less', { prohibition: [] }, false],
    ['not without an obligation', { obligation: [] }, false],
    ['not with another obligation', { obligation: [drop, { ...drop, action: 'hansa:filterRows' }] }, false],
    ['not with another conflict strategy', { conflict: 'perm' }, false],
    ['not with another profile', { profile: 'urn:x:profile' }, false],
  ])('%s', (_what, changes, expected) => {
    expect(keeps({ ...bounds, ...changes } as JsonObject, bounds)).toBe(expected);
  });

  test('not for anybody when they are for one', () => {
    expect(keeps(bounds, { ...bounds, assignee: 'did:web:b.example' })).toBe(false);
    expect(keeps(bounds, { ...bounds, target: 'urn:d' })).toBe(false);
  });

  test('or it says which condition is missing', () => {
    const kept = keepsBounds(
      read(useWhere(constraintOf(time('lteq', '2030-01-01')))),
      read(useWhere(constraintOf(time('lteq', '2027-12-31')))),
    );
    expect(kept).toMatchObject({
      ok: false,
      problem: {
        kind: 'policy.outside-bounds',
        detail:
          'A permission is wider than the bounds: nothing in it makes sure that the time is not after 2027-12-31.',
        at: '/permission/0',
      },
    });
  });
});

describe('soundness: what keeps bounds permits nothing that they do not', () => {
  const outcome = (policy: Policy, situation: Omit<EvaluationRequest, 'policy'>) =>
    evaluate({ policy, ...situation }).outcome;

  /** A policy that was made out of another by changes of which some narrow it and some do not. */
  const changed = (wire: JsonObject, [what, n, constraint]: readonly [string, number, JsonObject]): JsonObject => {
    const permissions = wire.permission as readonly JsonObject[];
    const at = n % permissions.length;
    const rule = permissions[at] ?? {};
    const constraints = rule.constraint as readonly JsonObject[];
    const replaced = (changes: JsonObject) => ({ ...wire, permission: permissions.with(at, { ...rule, ...changes }) });
    if (what === 'add') return replaced({ constraint: [...constraints, constraint] });
    if (what === 'replace' && constraints.length > 0)
      return replaced({ constraint: constraints.with(n % constraints.length, constraint) });
    if (what === 'drop' && permissions.length > 1) return { ...wire, permission: permissions.toSpliced(at, 1) };
    if (what === 'narrow') return replaced({ action: 'read' });
    return {
      ...wire,
      prohibition: [...((wire.prohibition ?? []) as JsonObject[]), { action: 'use', constraint: [constraint] }],
    };
  };

  test('whatever the policies and the facts', () => {
    const seen = new Map<string, number>();
    const change = fc.tuple(
      fc.constantFrom('add', 'replace', 'replace', 'drop', 'narrow', 'prohibit'),
      fc.nat(9),
      anyConstraint,
    );
    fc.assert(
      fc.property(
        anyPolicy,
        fc.array(change, { maxLength: 3 }),
        fc.array(anySituation, { minLength: 8, maxLength: 8 }),
        (wire, changes, situations) => {
          const [bounds, policy] = [read(wire), read(changes.reduce(changed, wire))];
          const kept = keepsBounds(policy, bounds).ok;
          for (const situation of situations) {
            const [inner, outer] = [outcome(policy, situation), outcome(bounds, situation)];
            const key = `${kept ? 'kept' : 'outside'} ${inner} ${outer}`;
            seen.set(key, (seen.get(key) ?? 0) + 1);
            if (kept && inner === 'permit') expect([wire, policy, outer]).toEqual([wire, policy, 'permit']);
          }
        },
      ),
      { numRuns: 5000 },
    );
    for (const key of [
      'kept permit permit',
      'kept deny permit',
      'kept deny deny',
      'outside permit permit',
      'outside permit deny',
    ])
      expect([key, (seen.get(key) ?? 0) >= 50]).toEqual([key, true]);
    expect(seen.has('kept permit deny')).toBe(false);
  });

  test('whatever two constraints on one operand', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        anyConstraint,
        anyConstraint,
        fc.array(anySituation, { minLength: 8, maxLength: 8 }),
        (one, other, situations) => {
          const operand = (wire: JsonObject) => standardOperands.has(`${wire.leftOperand}`) || String(wire.leftOperand);
          const [narrow, wide] = [read(useWhere(one)), read(useWhere(other))];
          const kept = keepsBounds(narrow, wide).ok;
          const key = `${kept} ${JSON.stringify(one) === JSON.stringify(other) ? 'same' : 'different'}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
          for (const situation of situations)
            if (kept && outcome(narrow, situation) === 'permit')
              expect([operand(one), operand(other), outcome(wide, situation)]).toEqual([
                operand(one),
                operand(other),
                'permit',
              ]);
        },
      ),
      { numRuns: 20_000 },
    );
    for (const key of ['true different', 'false different'])
      expect([key, (seen.get(key) ?? 0) >= 100]).toEqual([key, true]);
  });
});
