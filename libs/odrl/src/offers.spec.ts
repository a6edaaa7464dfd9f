import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  agreementOf,
  declaredPurpose,
  declarePurpose,
  evaluate,
  matchesOffer,
  type Offer,
  parsePolicy,
  sameTerms,
  serializePolicy,
} from './index.js';

const research = { leftOperand: 'odrl:purpose', operator: 'isA', rightOperand: 'dpv:ResearchAndDevelopment' };
const eu = { leftOperand: 'odrl:spatial', operator: 'isPartOf', rightOperand: 'EU' };
const academic = 'https://w3id.org/dpv#AcademicResearch';
const wire = {
  '@type': 'Offer',
  '@id': 'urn:x:offer',
  target: 'urn:x:data',
  permission: [{ '@id': 'urn:x:rule', action: 'use', constraint: [research, { or: [eu, { and: [eu, research] }] }] }],
  prohibition: [{ action: 'use', constraint: [{ ...research, rightOperand: 'dpv:Marketing' }] }],
  obligation: [
    {
      action: 'hansa:dropColumns',
      constraint: [{ leftOperand: 'hansa:column', operator: 'isAnyOf', rightOperand: ['a', 'b'] }],
    },
  ],
};

function offerFrom(json: unknown): Offer {
  const policy = must(parsePolicy(json));
  if (policy.kind !== 'Offer') throw new Error('not an offer');
  return policy;
}

const offered = offerFrom(wire);
const parts = {
  id: 'urn:x:agreement',
  target: 'urn:x:data',
  assigner: 'did:web:a.example',
  assignee: 'did:web:b.example',
  timestamp: new Date('2026-11-23T12:00:00Z'),
};

describe('declarePurpose', () => {
  test('adds the purpose to every permission and leaves the rest of the offer standing', () => {
    const requested = must(declarePurpose(wire, 'dpv:AcademicResearch'));
    const plain = serializePolicy(offered) as typeof wire;
    const declared = { leftOperand: 'odrl:purpose', operator: 'eq', rightOperand: academic };
    expect(requested).toEqual({
      ...plain,
      permission: [{ ...plain.permission[0], constraint: [...(plain.permission[0]?.constraint ?? []), declared] }],
    });
    expect(must(declarePurpose(requested, academic))).toEqual(requested);
  });

  test('leaves an offer alone that nowhere asks for a purpose', () => {
    const open = { '@type': 'Offer', '@id': 'urn:x:1', permission: [{ action: 'use' }] };
    expect(must(declarePurpose(open, 'dpv:Marketing'))).toEqual(open);
  });

  test.each([
    [{ ...wire, '@type': 'Set' }, 'dpv:Marketing', 'policy.not-an-offer'],
    [wire, 'marketing', 'purpose.unknown'],
    [{}, 'dpv:Marketing', 'odrl.malformed'],
  ])('refuses %j with %s', (json, purpose, kind) => {
    expect(declarePurpose(json, purpose)).toMatchObject({ ok: false, problem: { kind } });
  });
});

describe('matchesOffer', () => {
  const requested = must(declarePurpose(wire, 'dpv:AcademicResearch')) as typeof wire;

  test('finds the declared purpose, also a wrong one, which the provider then evaluates under its own offer', () => {
    const wrong = must(declarePurpose(wire, 'dpv:Marketing'));
    expect(matchesOffer(offered, offerFrom(requested))).toEqual({ ok: true, value: { purpose: academic } });
    const { purpose } = must(matchesOffer(offered, offerFrom(wrong)));
    expect(purpose).toBe('https://w3id.org/dpv#Marketing');
    const facts = { credentials: [], countries: ['BE'], ...(purpose === undefined ? {} : { purpose }) };
    const decision = evaluate({
      policy: offered,
      action: 'use',
      target: 'urn:x:data',
      assignee: 'b',
      facts,
      now: new Date(0),
    });
    expect(decision.unmet.map(({ code }) => code)).toEqual(['policy.prohibited', 'purpose.not-allowed']);
  });

  test('takes the offer itself without a purpose', () => {
    expect(matchesOffer(offered, offered)).toEqual({ ok: true, value: {} });
  });

  test('reads a purpose that an offer itself fixes, and reports another one instead', () => {
    const fixed = {
      ...wire,
      permission: [{ action: 'use', constraint: [{ ...research, operator: 'eq', rightOperand: academic }] }],
    };
    expect(must(matchesOffer(offerFrom(fixed), offerFrom(fixed)))).toEqual({ purpose: academic });
    const other = offerFrom(must(declarePurpose(fixed, 'dpv:Marketing')));
    expect(must(matchesOffer(offerFrom(fixed), other))).toEqual({ purpose: 'https://w3id.org/dpv#Marketing' });
    expect(declaredPurpose(other)).toBeUndefined();
  });

  test('does not mind order, spelling, identifiers of rules, or parties and target left out', () => {
    const { target, ...rest } = requested;
    const [rule] = requested.permission;
    const [purpose, alternatives, declared] = rule?.constraint ?? [];
    const shuffled = {
      ...rest,
      'odrl:permission': { action: 'http://www.w3.org/ns/odrl/2/use', constraint: [declared, alternatives, purpose] },
      permission: undefined,
      obligation: [
        {
          action: 'hansa:dropColumns',
          constraint: [{ leftOperand: 'hansa:column', operator: 'isAnyOf', rightOperand: ['b', 'a'] }],
        },
      ],
    };
    expect(matchesOffer(offered, offerFrom(JSON.parse(JSON.stringify(shuffled))))).toMatchObject({ ok: true });
  });

  const [permission] = requested.permission;
  const [first, ...others] = permission?.constraint ?? [];
  const declared = { leftOperand: 'odrl:purpose', operator: 'eq', rightOperand: 'dpv:Marketing' };
  test.each([
    ['another id', { ...requested, '@id': 'urn:x:other' }],
    ['another target', { ...requested, target: 'urn:x:other' }],
    ['an assignee', { ...requested, assignee: 'did:web:c.example' }],
    ['no prohibition', { ...requested, prohibition: [] }],
    ['no obligation', { ...requested, obligation: [] }],
    [
      'one dropped column less',
      {
        ...requested,
        obligation: [
          {
            action: 'hansa:dropColumns',
            constraint: [{ leftOperand: 'hansa:column', operator: 'isAnyOf', rightOperand: ['a'] }],
          },
        ],
      },
    ],
    ['one constraint less', { ...requested, permission: [{ ...permission, constraint: others }] }],
    [
      'a wider constraint',
      {
        ...requested,
        permission: [{ ...permission, constraint: [{ ...first, rightOperand: 'dpv:Purpose' }, ...others] }],
      },
    ],
    [
      'another operator',
      { ...requested, permission: [{ ...permission, constraint: [{ ...first, operator: 'isNoneOf' }, ...others] }] },
    ],
    [
      'another datatype',
      {
        ...requested,
        permission: [
          {
            ...permission,
            constraint: [{ ...first, rightOperand: { '@value': 'x', '@type': 'xsd:date' } }, ...others],
          },
        ],
      },
    ],
    ['one permission more', { ...requested, permission: [permission, { action: 'use' }] }],
    ['a wider action', { ...requested, permission: [{ ...permission, action: 'transfer' }] }],
    ['a conflict strategy', { ...requested, conflict: 'perm' }],
    ['a profile', { ...requested, profile: 'https://w3id.org/hansa/v1' }],
    ['two purposes', { ...requested, permission: [{ ...permission, constraint: [first, ...others, declared] }] }],
    ['the rule for one assignee', { ...requested, permission: [{ ...permission, assignee: 'did:web:c.example' }] }],
    ['an agreement', { ...requested, '@type': 'Agreement', assigner: 'a', assignee: 'b' }],
  ])('refuses a request with %s', (_what, json) => {
    expect(matchesOffer(offered, must(parsePolicy(json)))).toMatchObject({
      ok: false,
      problem: { kind: 'policy.offer-changed' },
    });
  });

  test('takes another order of alternatives, but not of a sequence', () => {
    const [a, b] = [eu, research];
    const sequence = (kind: string, ...list: object[]) =>
      offerFrom({ ...wire, permission: [{ action: 'use', constraint: [{ [kind]: list }] }] });
    expect(matchesOffer(sequence('or', a, b), sequence('or', b, a)).ok).toBe(true);
    expect(matchesOffer(sequence('andSequence', a, b), sequence('andSequence', b, a)).ok).toBe(false);
  });
});

describe('agreementOf', () => {
  const requested = offerFrom(must(declarePurpose(wire, 'dpv:AcademicResearch')));
  const agreement = must(parsePolicy(agreementOf(requested, parts)));

  test('names the parties, the asset and the time, and is bound to the declared purpose', () => {
    expect(agreement).toMatchObject({ kind: 'Agreement', ...parts, timestamp: '2026-11-23T12:00:00.000Z' });
    expect(declaredPurpose(agreement)).toBe(academic);
  });

  test('says the same as the request, and no longer when a prohibition is gone or a purpose is wider', () => {
    expect(sameTerms(requested, agreement)).toBe(true);
    expect(sameTerms(requested, { ...agreement, prohibitions: [] })).toBe(false);
    expect(sameTerms(requested, { ...agreement, permissions: offered.permissions })).toBe(false);
  });

  test('permits the declared purpose and no other, not even one that the offer allowed', () => {
    const outcome = (purpose: string, countries = ['BE']) =>
      evaluate({
        policy: agreement,
        action: 'use',
        ...parts,
        facts: { credentials: [], purpose, countries },
        now: parts.timestamp,
      }).outcome;
    expect(outcome('dpv:AcademicResearch')).toBe('permit');
    expect(outcome('dpv:ScientificResearch')).toBe('deny');
    expect(outcome('dpv:Marketing')).toBe('deny');
    expect(outcome('dpv:AcademicResearch', ['US'])).toBe('deny');
  });
});
