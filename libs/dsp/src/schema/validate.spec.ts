import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, must, type Random, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { mutationsOf } from '../testing/mutations.js';
import { dspContext } from '../vocabulary.js';
import { limits } from './shape.js';
import { type SchemaName, schemaNames, validate } from './validate.js';

const official = join(process.cwd(), '../shared/conformance/dsp/spec-2025-1-err1');
const folders = ['common', 'catalog', 'negotiation', 'transfer'];
const whenPresent = existsSync(official) ? test : test.skip;
const absent = existsSync(official) ? '' : ' (skipped: the official schemas are not in ../shared)';

function readJson(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The official validators by their schema's `$id`, with the missing slash of three upstream references put in. */
function officialValidators(): (name: SchemaName) => (value: unknown) => boolean {
  const ajv = new Ajv2019({ strict: false });
  for (const folder of folders)
    for (const file of readdirSync(join(official, folder)).filter((f) => f.endsWith('.json')))
      ajv.addSchema(
        JSON.parse(readFileSync(join(official, folder, file), 'utf8').replaceAll('.json#def', '.json#/def')),
      );
  return (name) => {
    const stem = name === 'VersionDocument' ? 'ProtocolVersion' : name;
    const file = `${stem.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()}-schema.json`;
    const folder = folders.find((f) => existsSync(join(official, f, file)));
    const validator = ajv.getSchema(`https://w3id.org/dspace/2025/1/${folder}/${file}`);
    if (!validator) throw new Error(`no official schema ${file}`);
    return (value) => validator(value) === true;
  };
}

function tenOf(random: Random, from: readonly Json[]): readonly Json[] {
  return Array.from({ length: 10 }, () => from[Math.floor(random() * from.length)] ?? null);
}

function examples(): readonly (readonly [file: string, name: SchemaName, body: Json])[] {
  return folders.flatMap((folder) =>
    readdirSync(join(official, folder, 'example'))
      .filter((file) => !file.includes('did-service'))
      .map((file) => {
        const body = readJson(join(official, folder, 'example', file)) as { '@type'?: SchemaName };
        return [file, body['@type'] ?? 'VersionDocument', body] as const;
      }),
  );
}

describe('the schemas of DSP 2025-1', () => {
  whenPresent(`accept every example of the specification${absent}`, () => {
    for (const [file, name, body] of examples())
      expect([file, validate(name, body)]).toEqual([file, expect.objectContaining({ ok: true })]);
    expect(new Set(examples().map(([, name]) => name))).toEqual(new Set(schemaNames));
  });

  whenPresent(
    `give the official verdict on every mutation, and on twofold mutations, of every example${absent}`,
    () => {
      const judge = officialValidators();
      const random = seededRandom(2025);
      const seen = new Map<SchemaName, { valid: number; invalid: number }>();
      for (const [file, name, body] of examples()) {
        const verdict = judge(name);
        const count = seen.get(name) ?? { valid: 0, invalid: 0 };
        seen.set(name, count);
        const mutants = [...mutationsOf(body)];
        const twice = mutants
          .filter((_, i) => i % 10 === 0)
          .flatMap((mutant) => tenOf(random, [...mutationsOf(mutant)]));
        for (const mutant of [...mutants, ...twice]) {
          const expected = verdict(mutant);
          if (validate(name, mutant).ok !== expected)
            throw new Error(`${file}: officially ${expected ? 'valid' : 'invalid'}: ${JSON.stringify(mutant)}`);
          count[expected ? 'valid' : 'invalid']++;
        }
      }
      const rows = [...seen].map(([name, { valid, invalid }]) => ({ name, valid, invalid }));
      process.stdout.write(`${rows.map((r) => `  ${r.name}: ${r.valid} valid, ${r.invalid} invalid`).join('\n')}\n`);
      expect(rows).toHaveLength(schemaNames.length);
      for (const row of rows) {
        expect([row.name, row.valid > 20]).toEqual([row.name, true]);
        expect([row.name, row.invalid > 20]).toEqual([row.name, true]);
      }
      expect(rows.reduce((sum, row) => sum + row.valid + row.invalid, 0)).toBeGreaterThan(19_000);
    },
  );

  test('refuse what is larger than our own bounds', () => {
    const message = { '@context': [dspContext], '@type': 'DatasetRequestMessage', dataset: 'x'.repeat(limits.text) };
    expect(validate('DatasetRequestMessage', message).ok).toBe(true);
    expect(validate('DatasetRequestMessage', { ...message, dataset: `${message.dataset}x` }).ok).toBe(false);
    const many = {
      '@context': [dspContext],
      '@type': 'CatalogRequestMessage',
      filter: Array(limits.items + 1).fill(1),
    };
    expect(validate('CatalogRequestMessage', many).ok).toBe(false);
  });
});

describe('a schema problem', () => {
  const message = {
    '@context': [dspContext],
    '@type': 'ContractRequestMessage',
    consumerPid: 'c',
    callbackAddress: 'https://x.example',
    offer: { '@id': 'o', '@type': 'Offer', permission: [{ action: 'use' }] },
  };
  const constraint = { leftOperand: 'a', operator: 'odrl:eq', rightOperand: 'b' };

  test.each([
    ['a missing member', { ...message, offer: undefined }, '', 'lacks the member "offer"'],
    ['a bare context', { ...message, '@context': dspContext }, '/@context', 'must be of type array'],
    ['a foreign context', { ...message, '@context': ['x'] }, '/@context', `must contain "${dspContext}"`],
    [
      'both alternatives',
      { ...message, providerPid: 'p' },
      '',
      'exactly one of the member "callbackAddress", the member',
    ],
    ['an empty array', { ...message, offer: { ...message.offer, permission: [] } }, '/offer/permission', 'leave the'],
    [
      'a prefixed operator',
      { ...message, offer: { ...message.offer, permission: [{ action: 'use', constraint: [constraint] }] } },
      '/offer/permission/0/constraint/0/operator',
      'must be one of eq, neq',
    ],
    ['no rule', { ...message, offer: { '@id': 'o', '@type': 'Offer' } }, '/offer', 'at least one of the member "perm'],
    ['a text', 'hello', '', 'the message must be of type object'],
  ])('says where and what for %s', (_, body, at, detail) => {
    const result = validate('ContractRequestMessage', JSON.parse(JSON.stringify(body)));
    if (result.ok) throw new Error('accepted');
    expect(result.problem).toMatchObject({ kind: 'dsp.schema', at, detail: expect.stringContaining(detail) });
  });

  test('does not occur for a good message', () => {
    expect(must(validate('ContractRequestMessage', message))).toBe(message);
  });
});
