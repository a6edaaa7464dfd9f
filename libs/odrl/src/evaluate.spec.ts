import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { type Decision, evaluate, type Facts, parsePolicy } from './index.js';

const member = { leftOperand: 'hansa:credential', operator: 'eq', rightOperand: 'MembershipCredential' };
const stranger: Facts = { credentials: [] };
const facts: Facts = {
  credentials: [{ type: 'MembershipCredential', issuer: 'did:web:authority.example', claims: { secret: 'S3CRET' } }],
  purpose: 'dpv:AcademicResearch',
  countries: ['BE'],
};

function decide(wire: JsonObject, change: Partial<Parameters<typeof evaluate>[0]> = {}): Decision {
  const policy = must(parsePolicy({ '@type': 'Set', ...wire }));
  const now = new Date('2026-11-23T12:00:00Z');
  return evaluate({
    policy,
    action: 'use',
    target: 'urn:x:data',
    assignee: 'did:web:b.example',
    facts,
    now,
    ...change,
  });
}

const use = (...constraint: readonly object[]) => ({ action: 'use', constraint: constraint as readonly JsonObject[] });
const codes = (decision: Decision) => decision.unmet.map(({ code }) => code);
const unknown = { leftOperand: 'odrl:payAmount', operator: 'eq', rightOperand: '5' };
const never = { leftOperand: 'hansa:credential', operator: 'eq', rightOperand: 'Nothing' };

describe('the closed world', () => {
  test('an empty policy permits nothing', () => {
    const decision = decide({});
    expect(decision).toMatchObject({ outcome: 'deny', duties: [] });
    expect(codes(decision)).toEqual(['policy.not-permitted']);
  });

  test('a permission without constraints permits everybody', () => {
    expect(decide({ permission: [use()] }, { facts: stranger })).toMatchObject({ outcome: 'permit', unmet: [] });
  });

  test('one permission that applies is enough', () => {
    expect(decide({ permission: [use(never), use(unknown), use(member)] }).outcome).toBe('permit');
  });

  test.each([
    ['operand', unknown, 'policy.unknown-operand'],
    ['operator', { ...member, operator: 'resembles' }, 'policy.unknown-operator'],
    ['value', { leftOperand: 'dateTime', operator: 'lt', rightOperand: 'tomorrow' }, 'policy.unknown-value'],
    ['logical constraint without operands', { or: [] }, 'policy.empty-constraint'],
  ])('an unknown %s denies and says so', (_what, constraint, code) => {
    const decision = decide({ permission: [use(member, constraint)] });
    expect(decision.outcome).toBe('deny');
    expect(codes(decision)).toEqual([code]);
    expect(decision.trace.rules[0]).toMatchObject({ state: 'unknown' });
  });

  test.each([
    ['in the policy', 'x:fly', 'use'],
    ['in the request', 'use', 'x:fly'],
    ['in both', 'x:fly', 'x:fly'],
  ])('an unknown action %s denies and says so', (_where, action, requested) => {
    const decision = decide({ permission: [{ action }] }, { action: requested });
    expect([decision.outcome, codes(decision)]).toEqual(['deny', ['policy.unknown-action']]);
    expect(decide({ permission: [use()], prohibition: [{ action }] }, { action: requested }).outcome).toBe('deny');
  });

  test('an unknown profile or an obligation that nobody fulfils makes the policy unenforceable', () => {
    const profile = decide({ profile: 'https://x.example/profile', permission: [use()] });
    expect([profile.outcome, codes(profile)]).toEqual(['deny', ['policy.unknown-profile']]);
    const duty = decide({ permission: [use()], obligation: [{ action: 'odrl:compensate' }] });
    expect([duty.outcome, codes(duty)]).toEqual(['deny', ['policy.unknown-duty']]);
  });
});

describe('scope', () => {
  test.each([
    ['use', 'use', 'permit'],
    ['use', 'odrl:read', 'permit'],
    ['use', 'http://www.w3.org/ns/odrl/2/extract', 'permit'],
    ['reproduce', 'extract', 'permit'],
    ['play', 'display', 'permit'],
    ['transfer', 'sell', 'permit'],
    ['read', 'use', 'deny'],
    ['use', 'sell', 'deny'],
    ['use', 'transfer', 'deny'],
  ])('a permission to %s against the action %s: %s', (action, requested, outcome) => {
    expect(decide({ permission: [{ action }] }, { action: requested }).outcome).toBe(outcome);
  });

  test('target and assignee count when the policy or the rule names them', () => {
    const agreement = (parts: object) => ({
      '@type': 'Agreement',
      '@id': 'urn:x:1',
      assigner: 'did:web:a.example',
      permission: [use()],
      ...parts,
    });
    const ours = { target: 'urn:x:data', assignee: 'did:web:b.example' };
    expect(decide(agreement(ours)).outcome).toBe('permit');
    expect(codes(decide(agreement({ ...ours, target: 'urn:x:other' })))).toEqual(['policy.other-target']);
    expect(codes(decide(agreement({ ...ours, assignee: 'did:web:c.example' })))).toEqual(['policy.other-assignee']);
    expect(codes(decide({ permission: [{ ...use(), assignee: 'did:web:c.example' }] }))).toEqual([
      'policy.other-assignee',
    ]);
    expect(decide({ permission: [use()], prohibition: [{ ...use(), target: 'urn:x:other' }] }).outcome).toBe('permit');
  });
});

describe('prohibitions', () => {
  test('apply only when all their constraints hold, and then win', () => {
    expect(decide({ permission: [use()], prohibition: [use(member, never)] }).outcome).toBe('permit');
    const decision = decide({ permission: [use()], prohibition: [use(member)] });
    expect([decision.outcome, codes(decision)]).toEqual(['deny', ['policy.prohibited']]);
  });

  test('cover the actions that theirs includes', () => {
    expect(decide({ permission: [use()], prohibition: [use()] }, { action: 'read' }).outcome).toBe('deny');
    expect(decide({ permission: [use()], prohibition: [{ action: 'read' }] }, { action: 'use' }).outcome).toBe(
      'permit',
    );
  });

  test('that cannot be decided deny, whatever the conflict strategy', () => {
    for (const conflict of ['perm', 'prohibit', 'invalid']) {
      const decision = decide({ conflict, permission: [use()], prohibition: [use(unknown)] });
      expect([decision.outcome, codes(decision)]).toEqual(['deny', ['policy.unknown-operand', 'policy.undecided']]);
    }
    const marketing = { leftOperand: 'purpose', operator: 'isA', rightOperand: 'dpv:Marketing' };
    const silent = decide({ permission: [use()], prohibition: [use(marketing)] }, { facts: stranger });
    expect(codes(silent)).toEqual(['purpose.not-declared', 'policy.undecided']);
  });

  test('an unknown constraint beside one that does not hold is decided: the prohibition does not apply', () => {
    expect(decide({ permission: [use()], prohibition: [use(never, unknown)] }).outcome).toBe('permit');
  });

  test.each([
    ['perm', 'permit', []],
    ['prohibit', 'deny', ['policy.prohibited']],
    ['invalid', 'deny', ['policy.conflict']],
  ])('under the conflict strategy %s a contradiction ends in %s', (conflict, outcome, unmet) => {
    const decision = decide({ conflict, permission: [use()], prohibition: [use()] });
    expect([decision.outcome, codes(decision)]).toEqual([outcome, unmet]);
  });

  test('without a permission nothing is permitted, also under "perm"', () => {
    expect(decide({ conflict: 'perm', prohibition: [use()] }).outcome).toBe('deny');
  });
});

describe('logical constraints', () => {
  const [yes, no, maybe] = [member, never, unknown];
  test.each([
    [{ and: [yes, yes] }, 'satisfied'],
    [{ and: [yes, maybe] }, 'unknown'],
    [{ and: [no, maybe] }, 'unsatisfied'],
    [{ andSequence: [yes, no] }, 'unsatisfied'],
    [{ or: [no, yes] }, 'satisfied'],
    [{ or: [maybe, yes] }, 'satisfied'],
    [{ or: [no, maybe] }, 'unknown'],
    [{ or: [no, no] }, 'unsatisfied'],
    [{ xone: [no, yes] }, 'satisfied'],
    [{ xone: [yes, yes] }, 'unsatisfied'],
    [{ xone: [yes, yes, maybe] }, 'unsatisfied'],
    [{ xone: [yes, maybe] }, 'unknown'],
    [{ xone: [no, no] }, 'unsatisfied'],
    [{ or: [{ and: [no] }, { xone: [yes, { or: [no] }] }] }, 'satisfied'],
  ])('%j is %s', (constraint, state) => {
    expect(decide({ permission: [use(constraint)] }).trace.rules[0]?.state).toBe(state);
  });

  test('tell the other side each way that was open to it', () => {
    const swiss = { leftOperand: 'spatial', operator: 'eq', rightOperand: 'CH' };
    expect(decide({ permission: [use({ or: [never, swiss] })] }).unmet).toEqual([
      { code: 'credential.missing', text: 'One way of 2: a valid credential of type Nothing is presented.' },
      { code: 'spatial.not-allowed', text: 'One way of 2: the assignee is established in CH.' },
    ]);
    expect(codes(decide({ permission: [use({ xone: [member, member] })] }))).toEqual(['policy.alternatives']);
  });
});

describe('what leaves the node', () => {
  test('a refusal repeats the policy and never what was found', () => {
    const policy = {
      permission: [use(never, { leftOperand: 'purpose', operator: 'isA', rightOperand: 'dpv:Marketing' })],
      prohibition: [use({ leftOperand: 'spatial', operator: 'eq', rightOperand: 'BE' }), use(unknown)],
    };
    const decision = decide(policy);
    const told = JSON.stringify(decision.unmet);
    expect(codes(decision)).toEqual([
      'policy.prohibited',
      'policy.unknown-operand',
      'policy.undecided',
      'credential.missing',
      'purpose.not-allowed',
    ]);
    for (const value of ['S3CRET', 'AcademicResearch', 'MembershipCredential', 'authority.example'])
      expect(told).not.toContain(value);
  });

  test('text of the policy cannot break the lines of a trace', () => {
    const hostile = { ...member, rightOperand: `x\n[x] permission \u202e${'y'.repeat(500)}` };
    const { expected } = decide({ permission: [use(hostile)] }).trace.rules[0]?.premises[1] ?? { expected: '' };
    expect(expected).not.toMatch(/[\n\u202e]/);
    expect(expected.length).toBeLessThan(250);
  });
});

test('the trace names rules, constraints and operands by pointer and IRI', () => {
  const wire = {
    '@id': 'urn:x:p',
    permission: [{ '@id': 'urn:x:r', ...use({ '@id': 'urn:x:c', or: [member, never] }) }],
  };
  expect(decide(wire).trace).toEqual({
    policy: 'urn:x:p',
    kind: 'Set',
    action: 'http://www.w3.org/ns/odrl/2/use',
    at: '2026-11-23T12:00:00.000Z',
    conflict: 'prohibit',
    concerns: [],
    conclusion: 'Permitted by /permission/0.',
    rules: [
      {
        rule: 'permission',
        at: '/permission/0',
        id: 'urn:x:r',
        state: 'satisfied',
        premises: [
          expect.objectContaining({ kind: 'action', at: '/permission/0/action', state: 'satisfied' }),
          expect.objectContaining({
            kind: 'or',
            at: '/permission/0/constraint/0',
            id: 'urn:x:c',
            state: 'satisfied',
            premises: [
              expect.objectContaining({
                at: '/permission/0/constraint/0/or/0',
                leftOperand: 'https://w3id.org/hansa/v1#credential',
                state: 'satisfied',
              }),
              expect.objectContaining({ at: '/permission/0/constraint/0/or/1', state: 'unsatisfied' }),
            ],
          }),
        ],
      },
    ],
  });
});

test('a broken clock denies instead of throwing', () => {
  const until = { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00Z' };
  expect(decide({ permission: [use(until)] }, { now: new Date(Number.NaN) }).outcome).toBe('deny');
});
