import type { JsonObject } from '@hansa/kernel';
import fc from 'fast-check';
import type { EvaluationRequest } from '../evaluate.js';

type Wire = fc.Arbitrary<JsonObject>;

const credentials = ['MembershipCredential', 'A', 'hansa:B'];
const purposes = [
  'dpv:Purpose',
  'dpv:ResearchAndDevelopment',
  'dpv:AcademicResearch',
  'dpv:Marketing',
  'dpv:Advertising',
];
const countries = ['BE', 'DE', 'NO', 'US'];
const moments = ['2026-11-22', '2026-11-23', '2026-11-24'].flatMap((day) => [`${day}T12:00:00Z`, day]);

const atomic = (leftOperand: string, operators: readonly string[], right: fc.Arbitrary<string>): Wire =>
  fc.record({
    leftOperand: fc.constant(leftOperand),
    operator: fc.constantFrom(...operators),
    rightOperand: fc.oneof({ weight: 3, arbitrary: right }, fc.array(right, { maxLength: 3 })),
  });

const positiveCredential = atomic('hansa:credential', ['eq', 'isAnyOf', 'isAllOf'], fc.constantFrom(...credentials));

/** Constraints that no credential can change. */
const withoutCredential: Wire = fc.oneof(
  atomic('odrl:purpose', ['eq', 'isA', 'isAnyOf', 'isNoneOf'], fc.constantFrom(...purposes)),
  atomic('dateTime', ['eq', 'neq', 'lt', 'lteq', 'gt', 'gteq'], fc.constantFrom(...moments)),
  atomic('odrl:spatial', ['eq', 'isAnyOf', 'isNoneOf', 'isPartOf'], fc.constantFrom(...countries, 'EU')),
  atomic('hansa:auditVerdict', ['eq'], fc.constantFrom('pass', 'fail')),
  atomic('hansa:auditAge', ['lteq', 'gt'], fc.constantFrom('P10D', 'P1M')),
  atomic('odrl:count', ['lt'], fc.constant('5')),
);

function nested(leaf: Wire, connectives: readonly string[], depth = 2): Wire {
  if (depth === 0) return leaf;
  const inner = fc.array(nested(leaf, connectives, depth - 1), { maxLength: 3 });
  const logical = fc.tuple(fc.constantFrom(...connectives), inner).map(([kind, list]) => ({ [kind]: list }));
  return fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: logical });
}

/** Any constraint, decidable or not. */
export const anyConstraint: Wire = nested(
  fc.oneof(
    withoutCredential,
    positiveCredential,
    atomic('hansa:credential', ['isNoneOf'], fc.constantFrom(...credentials)),
  ),
  ['and', 'or', 'xone', 'andSequence'],
);

const positiveConstraint = nested(fc.oneof(withoutCredential, positiveCredential), ['and', 'or', 'andSequence']);

const ruleWith = (constraint: Wire, maxLength: number): Wire =>
  fc.record({
    action: fc.constantFrom('use', 'use', 'odrl:read', 'sell', 'x:fly'),
    constraint: fc.array(constraint, { maxLength }),
  });

/** Any rule; few constraints, so that a good part of the permissions apply. */
export const anyRule = ruleWith(anyConstraint, 2);

const policyWith = (permission: Wire, prohibition: Wire): Wire =>
  fc.record(
    {
      '@type': fc.constant('Set'),
      conflict: fc.constantFrom('perm', 'prohibit', 'invalid'),
      permission: fc.array(permission, { minLength: 1, maxLength: 3 }),
      prohibition: fc.array(prohibition, { maxLength: 1 }),
    },
    { requiredKeys: ['@type', 'permission'] },
  );

export const anyPolicy = policyWith(anyRule, anyRule);

/** Policies in which a credential can only help: no isNoneOf, no xone, none in a prohibition. */
export const positivePolicy = policyWith(ruleWith(positiveConstraint, 2), ruleWith(withoutCredential, 2));

/** What is known, and when: about the same few values that the policies speak of. */
export const anySituation: fc.Arbitrary<Omit<EvaluationRequest, 'policy'>> = fc.record({
  action: fc.constantFrom('use', 'odrl:read'),
  target: fc.constant('urn:x:data'),
  assignee: fc.constant('did:web:b.example'),
  now: fc.constant(new Date('2026-11-23T12:00:00Z')),
  facts: fc.record(
    {
      credentials: fc.array(
        fc.record({
          type: fc.constantFrom(...credentials),
          issuer: fc.constant('did:web:a.example'),
          claims: fc.constant({}),
        }),
        { maxLength: 3 },
      ),
      purpose: fc.constantFrom(...purposes, 'x:home-made'),
      countries: fc.array(fc.constantFrom(...countries), { maxLength: 2 }),
      audit: fc.record({
        verdict: fc.constantFrom('pass' as const, 'fail' as const),
        issuedAt: fc.constantFrom(new Date('2026-11-20'), new Date('2026-08-20')),
        revoked: fc.boolean(),
      }),
    },
    { requiredKeys: ['credentials'] },
  ),
});

/** JSON in which anything may stand anywhere, but ODRL's words are common. */
export const fuzzedPolicy: fc.Arbitrary<unknown> = fc
  .tuple(
    anyPolicy,
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), anyConstraint)), {
      maxLength: 3,
    }),
  )
  .map(([policy, changes]) => changes.reduce<unknown>((json, [place, value]) => replaced(json, place, value), policy));

/** A copy of a JSON value with the value at one place, counted in depth-first order, replaced by another. */
function replaced(json: unknown, place: number, value: unknown): unknown {
  const size = JSON.stringify(json).split(/[[{,:]/).length;
  let left = place % size;
  const visit = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(json);
}
