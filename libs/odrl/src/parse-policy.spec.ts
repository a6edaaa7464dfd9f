import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, must, parseJson } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { agreementOf, evaluate, offerOf, parsePolicy, policyLimits, serializePolicy } from './index.js';
import { sharedPath } from './testing/shared.js';

const atomic = { leftOperand: 'odrl:purpose', operator: 'isA', rightOperand: 'dpv:Marketing' };
const rule = { action: 'use', constraint: [atomic] };
const set = (parts: object) => ({ '@type': 'Set', ...parts });
const offer = { '@type': 'Offer', '@id': 'urn:x:1', permission: [rule] };

describe('parsePolicy', () => {
  test('reads bare, prefixed and absolute terms as the same policy', () => {
    const ns = 'http://www.w3.org/ns/odrl/2/';
    const spellings = ['', 'odrl:', ns].map((p) => ({
      '@type': `${p}Offer`,
      '@id': 'urn:x:1',
      [`${p}permission`]: [
        {
          [`${p}action`]: `${p}use`,
          [`${p}constraint`]: [
            {
              [`${p}leftOperand`]: `${p}purpose`,
              [`${p}operator`]: `${p}isA`,
              [`${p}rightOperand`]: { '@value': 'https://w3id.org/dpv#Marketing', '@type': 'xsd:string' },
            },
          ],
        },
      ],
    }));
    const policies = [offer, ...spellings].map((wire) => must(parsePolicy(wire)));
    for (const policy of policies) expect(policy).toEqual(policies[0]);
    expect(policies[0]?.permissions[0]).toEqual({
      action: `${ns}use`,
      constraints: [
        {
          kind: 'atomic',
          leftOperand: `${ns}purpose`,
          operator: 'isA',
          rightOperand: [{ value: 'https://w3id.org/dpv#Marketing' }],
        },
      ],
    });
  });

  test('keeps an unknown profile, action, operand and operator for the linter to name', () => {
    const wire = set({
      profile: 'https://x.example/p',
      permission: { action: 'fly', constraint: { leftOperand: 'x:y', operator: '~', rightOperand: [] } },
    });
    expect(must(parsePolicy(wire))).toMatchObject({
      profiles: ['https://x.example/p'],
      permissions: [
        {
          action: 'http://www.w3.org/ns/odrl/2/fly',
          constraints: [{ leftOperand: 'x:y', operator: '~', rightOperand: [] }],
        },
      ],
    });
  });

  test('reads the schema spelling "term-lteq" of DSP 2025-1 as lteq', () => {
    const wire = set({ permission: [{ action: 'use', constraint: [{ ...atomic, operator: 'term-lteq' }] }] });
    expect(must(parsePolicy(wire))).toMatchObject({ permissions: [{ constraints: [{ operator: 'lteq' }] }] });
  });

  test('ignores additional properties that are not of ODRL, as DSP 2025-1 allows them', () => {
    expect(parsePolicy({ ...offer, callbackAddress: 'https://x.example', 'dct:title': 'x' })).toEqual(
      parsePolicy(offer),
    );
  });

  test.each([
    ['not an object', 'Offer', 'odrl.malformed'],
    ['no type', { '@id': 'urn:x:1' }, 'odrl.malformed'],
    ['an offer without id', { '@type': 'Offer' }, 'odrl.malformed'],
    ['an agreement without assignee', { ...offer, '@type': 'Agreement', target: 't', assigner: 'a' }, 'odrl.malformed'],
    ['an inline context', { ...offer, '@context': [{ verboten: 'odrl:prohibition' }] }, 'odrl.malformed'],
    ['a member in two spellings', { ...offer, 'odrl:permission': [] }, 'odrl.malformed'],
    [
      'a number as right operand',
      set({ permission: [{ action: 'use', constraint: [{ ...atomic, rightOperand: 5 }] }] }),
      'odrl.malformed',
    ],
    [
      'a native number as value',
      set({ permission: [{ action: 'use', constraint: [{ ...atomic, rightOperand: { '@value': 5 } }] }] }),
      'odrl.malformed',
    ],
    [
      'a lone surrogate',
      set({ permission: [{ action: 'use', constraint: [{ ...atomic, rightOperand: '\ud800' }] }] }),
      'odrl.malformed',
    ],
    ['a term outside NFC', set({ permission: [{ action: 'use', assignee: 'urn:cafe\u0301' }] }), 'odrl.malformed'],
    ['and beside or', set({ permission: [{ action: 'use', constraint: [{ and: [], or: [] }] }] }), 'odrl.malformed'],
    [
      'an atomic constraint with and',
      set({ permission: [{ action: 'use', constraint: [{ ...atomic, and: [] }] }] }),
      'odrl.malformed',
    ],
    [
      'no right operand',
      set({ permission: [{ action: 'use', constraint: [{ leftOperand: 'a', operator: 'eq' }] }] }),
      'odrl.malformed',
    ],
    ['no action', set({ permission: [{}] }), 'odrl.malformed'],
    ['an unknown conflict strategy', set({ conflict: 'whatever' }), 'odrl.malformed'],
    [
      'an action with refinement',
      set({ permission: [{ action: { '@id': 'use', refinement: [] } }] }),
      'odrl.unsupported',
    ],
    [
      'a duty inside a permission',
      set({ permission: [{ action: 'use', duty: [{ action: 'inform' }] }] }),
      'odrl.unsupported',
    ],
    [
      'a constraint on the whole policy',
      set({ constraint: [atomic], permission: [{ action: 'use' }] }),
      'odrl.unsupported',
    ],
    ['inheritance', set({ inheritFrom: 'urn:x:2' }), 'odrl.unsupported'],
    ['a misspelt member of ODRL', set({ 'odrl:prohibitions': [rule] }), 'odrl.unsupported'],
    ['a unit', set({ permission: [{ action: 'use', constraint: [{ ...atomic, unit: 'x' }] }] }), 'odrl.unsupported'],
    ['two targets', { ...offer, target: 'a', permission: [{ ...rule, target: 'b' }] }, 'odrl.contradiction'],
  ])('refuses %s', (_what, wire, kind) => {
    expect(parsePolicy(wire)).toMatchObject({ ok: false, problem: { kind } });
  });

  test('accepts the deepest nesting and the largest number of everything, and refuses one more', () => {
    const nested = (depth: number): object => (depth === 1 ? atomic : { and: [nested(depth - 1)] });
    const many = (count: number, of: object = atomic) => Array.from({ length: count }, () => of);
    const constrained = (...constraint: object[]) => set({ permission: [{ action: 'use', constraint }] });
    const { depth, constraints, rules, values } = policyLimits;
    const list = (count: number) => ({ ...atomic, rightOperand: Array.from({ length: count }, () => 'dpv:Marketing') });
    const pairs = [
      [constrained(nested(depth)), constrained(nested(depth + 1)), 'odrl.too-deep'],
      [constrained(...many(constraints)), constrained(...many(constraints + 1)), 'odrl.too-large'],
      [
        set({ permission: many(rules, { action: 'use' }) }),
        set({ permission: many(rules + 1, { action: 'use' }) }),
        'odrl.too-large',
      ],
      [constrained(list(values)), constrained(list(values), atomic), 'odrl.too-large'],
    ] as const;
    for (const [fits, exceeds, kind] of pairs) {
      expect(parsePolicy(fits).ok).toBe(true);
      expect(parsePolicy(exceeds)).toMatchObject({ ok: false, problem: { kind } });
    }
  });

  test('refuses policy bombs within 100 ms: 10,000 levels, 100,000 constraints, a cycle', () => {
    let deep: object = atomic;
    for (let i = 0; i < 10_000; i++) deep = { or: [deep] };
    const cycle: { and: object[] } = { and: [] };
    cycle.and.push(cycle);
    const start = performance.now();
    for (const constraint of [deep, cycle, Array.from({ length: 100_000 }, () => atomic)])
      expect(parsePolicy(set({ permission: [{ action: 'use', constraint }] })).ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('the official schema of DSP 2025-1', () => {
  const folder = sharedPath('dsp/spec-2025-1-err1/negotiation');
  if (folder === undefined) {
    test.skip('skipped: the DSP schemas are not beside the project (../shared/conformance/dsp)', () => {});
    return;
  }
  const schema = JSON.parse(readFileSync(join(folder, 'contract-schema.json'), 'utf8')) as JsonObject;
  const ajv = new Ajv2019({ strict: false });
  ajv.addSchema(schema);
  const accepts = (type: string, wire: JsonObject) =>
    ajv.validate(
      { $ref: `https://w3id.org/dspace/2025/1/negotiation/contract-schema.json#/definitions/${type}` },
      wire,
    );

  test('accepts what serializePolicy, offerOf and agreementOf write', () => {
    const policy = must(
      parsePolicy(
        set({
          profile: 'https://w3id.org/hansa/v1',
          permission: [
            { action: 'use', constraint: [atomic, { xone: [atomic, { ...atomic, rightOperand: ['a', 'b'] }] }] },
          ],
          prohibition: [
            {
              action: 'odrl:sell',
              constraint: [{ ...atomic, rightOperand: { '@value': '1', '@type': 'xsd:integer' } }],
            },
          ],
          obligation: [{ action: 'https://w3id.org/hansa/v1#dropColumns' }],
        }),
      ),
    );
    const parts = { id: 'urn:x:2', target: 'urn:x:data', assigner: 'did:web:a.example' };
    expect(accepts('Offer', serializePolicy(offerOf(policy, { id: 'urn:x:1' })))).toBe(true);
    expect(accepts('Offer', serializePolicy(offerOf(policy, parts)))).toBe(false);
    expect(accepts('MessageOffer', serializePolicy(offerOf(policy, parts)))).toBe(true);
    const agreement = agreementOf(offerOf(policy, parts), {
      ...parts,
      assignee: 'did:web:b.example',
      timestamp: new Date(0),
    });
    expect(accepts('Agreement', agreement)).toBe(true);
    expect(agreement.timestamp).toBe('1970-01-01T00:00:00.000Z');
  });

  test('every policy in the examples of the specification parses, and closed-world none of the odd ones permits', () => {
    const policies = readdirSync(join(folder, 'example')).flatMap((file) => {
      const message = JSON.parse(readFileSync(join(folder, 'example', file), 'utf8')) as JsonObject;
      return [message.offer, message.agreement].filter((policy) => policy !== undefined);
    });
    expect(policies.length).toBeGreaterThan(4);
    for (const wire of policies) {
      const policy = must(parsePolicy(wire));
      expect(parsePolicy(serializePolicy(policy))).toEqual({ ok: true, value: policy });
      const request = { policy, action: 'use', target: policy.target ?? 'x', assignee: policy.assignee ?? 'y' };
      const { outcome, trace } = evaluate({ ...request, facts: { credentials: [] }, now: new Date('2022-01-01') });
      const unconditional =
        policy.profiles.length === 0 && policy.permissions.some((entry) => entry.constraints.length === 0);
      expect([outcome, trace.conclusion]).toEqual([unconditional ? 'permit' : 'deny', trace.conclusion]);
    }
  });
});

describe('the policy classes of IDSA', () => {
  const folder = sharedPath('odrl/ids-policy-classes');
  if (folder === undefined) {
    test.skip('skipped: the policy classes are not beside the project (../shared/conformance/odrl)', () => {});
    return;
  }

  test('every file is refused with a reason, for inline contexts or broken JSON, and none is half understood', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    const kinds = files.map((file) => {
      const json = parseJson(readFileSync(join(folder, file), 'utf8'));
      const policy = json.ok ? parsePolicy(json.value) : json;
      return policy.ok ? 'read' : policy.problem.kind;
    });
    expect(kinds).toHaveLength(33);
    expect(kinds.filter((kind) => kind === 'json.malformed')).toHaveLength(8);
    expect(kinds.filter((kind) => kind === 'read')).toEqual([]);
  });
});
