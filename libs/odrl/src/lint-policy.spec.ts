import { must } from '@hansa/kernel';
import { expect, test } from '@jest/globals';
import { explainPolicy, lintPolicy, parsePolicy } from './index.js';

const member = { leftOperand: 'hansa:credential', operator: 'eq', rightOperand: 'MembershipCredential' };

test('the linter names each thing that nobody can decide, with its place', () => {
  const policy = must(
    parsePolicy({
      '@type': 'Set',
      profile: ['https://w3id.org/hansa/v1', 'https://x.example/p'],
      permission: [
        {
          action: 'use',
          constraint: [member, { or: [{ leftOperand: 'count', operator: 'lt', rightOperand: '5' }, { and: [] }] }],
        },
        { action: 'fly', constraint: [{ ...member, operator: 'gt' }] },
      ],
      prohibition: [
        { action: 'use', constraint: [{ leftOperand: 'dateTime', operator: 'gt', rightOperand: ['a', 'b'] }] },
      ],
      obligation: [{ action: 'inform' }],
    }),
  );
  expect(lintPolicy(policy)).toEqual([
    { kind: 'policy.unknown-profile', detail: 'The profile https://x.example/p is not known here.', at: '/profile/1' },
    {
      kind: 'policy.unknown-operand',
      detail: 'It can never be decided: the left operand count is not known here.',
      at: '/permission/0/constraint/1/or/0',
    },
    {
      kind: 'policy.empty-constraint',
      detail: '"and" has no constraints; remove it or fill it.',
      at: '/permission/0/constraint/1/or/1',
    },
    { kind: 'policy.unknown-action', detail: 'fly is not an action of ODRL.', at: '/permission/1/action' },
    {
      kind: 'policy.unknown-operator',
      detail: 'It can never be decided: credential cannot be compared with gt.',
      at: '/permission/1/constraint/0',
    },
    {
      kind: 'policy.unknown-value',
      detail: 'It can never be decided: gt has 2 right operands.',
      at: '/prohibition/0/constraint/0',
    },
    {
      kind: 'policy.unknown-duty',
      detail: 'The obligation inform cannot be fulfilled by this node.',
      at: '/obligation/0',
    },
  ]);
});

test('the linter says when a policy permits nothing', () => {
  const policy = must(parsePolicy({ '@type': 'Set', prohibition: [{ action: 'use', constraint: [member] }] }));
  expect(lintPolicy(policy)).toMatchObject([{ kind: 'policy.no-permission' }]);
});

test('a policy is explained in one plain sentence a rule', () => {
  const policy = must(
    parsePolicy({
      '@type': 'Set',
      permission: [
        { action: 'use' },
        {
          action: 'read',
          assignee: 'did:web:b.example',
          constraint: [
            { xone: [member, { leftOperand: 'spatial', operator: 'isNoneOf', rightOperand: ['US', 'CN', 'RU'] }] },
            {
              leftOperand: 'purpose',
              operator: 'isAnyOf',
              rightOperand: ['dpv:AcademicResearch', 'dpv:PublicBenefit'],
            },
          ],
        },
      ],
      prohibition: [
        {
          action: 'use',
          constraint: [
            {
              or: [
                { leftOperand: 'purpose', operator: 'isA', rightOperand: 'dpv:Marketing' },
                { leftOperand: 'count', operator: 'gt', rightOperand: '5' },
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(explainPolicy(policy)).toEqual([
    'It may be used.',
    'The action "read" is permitted if the assignee is did:web:b.example, and exactly one of (a valid credential of type MembershipCredential is presented; the assignee is not established in US, CN or RU), and the declared purpose is dpv:AcademicResearch or dpv:PublicBenefit or narrower.',
    'It may not be used if (the declared purpose is dpv:Marketing or narrower or count gt 5).',
  ]);
});
