import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { loadConfig, parseConfig, redactedConfig, Secret, secret } from './index.js';

const schema = z.strictObject({
  name: z.string().min(1).describe('the name of the city'),
  port: z.int().min(1).max(65535).default(7001).describe('a TCP port'),
  demo: z.boolean().default(false),
  roles: z.array(z.enum(['control', 'data'])).default(['control', 'data']),
  database: z
    .strictObject({ url: secret(z.url({ protocol: /^postgres$/ }).describe('a PostgreSQL URL')).optional() })
    .prefault({}),
  blobs: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('files'), directory: z.string() }),
      z.strictObject({ kind: z.literal('s3'), bucket: z.string() }),
    ])
    .optional(),
  limits: z.record(z.string(), z.number()).optional(),
});

const mapping = {
  HANSA_NAME: 'name',
  HANSA_PORT: 'port',
  HANSA_DEMO: 'demo',
  HANSA_ROLES: 'roles',
  DATABASE_URL: 'database.url',
  HANSA_TEST_DATABASE_URL: null,
};

function parse(text: string, env: Record<string, string> = {}) {
  return parseConfig(schema, { file: { name: 'hansa.yaml', text }, env, mapping, prefix: 'HANSA_' });
}

function issuesOf(text: string, env: Record<string, string> = {}): readonly string[] {
  const got = parse(text, env);
  if (got.ok) return [];
  return got.problem.kind === 'config.invalid' ? got.problem.issues.map((issue) => issue.text) : [got.problem.detail];
}

describe('a configuration', () => {
  test('takes the file, then the environment, and fills in defaults', () => {
    const got = parse('name: Brügge\nport: 7002\nroles: [data]\n', { HANSA_PORT: '7003', HANSA_DEMO: 'True' });
    expect(got).toEqual({
      ok: true,
      value: { name: 'Brügge', port: 7003, demo: true, roles: ['data'], database: {} },
    });
  });

  test('needs no file, reads lists from a variable, and takes an empty variable as not set', () => {
    const env = { HANSA_NAME: 'Berlin', HANSA_ROLES: 'data, control', HANSA_PORT: '' };
    expect(parseConfig(schema, { env, mapping })).toMatchObject({
      ok: true,
      value: { name: 'Berlin', roles: ['data', 'control'], port: 7001 },
    });
  });

  test('an environment value goes into a section that the file also has', () => {
    const got = parse('name: a\ndatabase: {}\n', { DATABASE_URL: 'postgres://u:p@h/d' });
    expect(got.ok && got.value.database.url?.reveal()).toBe('postgres://u:p@h/d');
  });

  test.each<[string, string, Record<string, string>, readonly string[]]>([
    ['an unknown key', 'name: a\n\nprot: 1\n', {}, ['hansa.yaml:3 (prot): unknown key. Did you mean "port"?']],
    [
      'an unknown key that resembles none',
      'name: a\nxyzzy: 1\n',
      {},
      ['hansa.yaml:2 (xyzzy): unknown key. Known here: blobs, database, demo, limits, name, port, roles.'],
    ],
    [
      'an unknown key in a section',
      'name: a\ndatabase:\n  ulr: x\n',
      {},
      ['hansa.yaml:3 (database.ulr): unknown key. Did you mean "url"?'],
    ],
    [
      'a wrong type in the file',
      'name: a\nport: eighty\n',
      {},
      ['hansa.yaml:2 (port): Invalid input: expected number, received string. Expected: a TCP port.'],
    ],
    [
      'a wrong type in the environment',
      'name: a\nport: 1\n',
      { HANSA_PORT: 'eighty' },
      ['HANSA_PORT (port): Invalid input: expected number, received string. Expected: a TCP port.'],
    ],
    [
      'a wrong item of a list',
      'name: a\nroles:\n  - data\n  - worker\n',
      {},
      ['hansa.yaml:4 (roles.1): Invalid option: expected one of "control"|"data".'],
    ],
    [
      'a missing key',
      'port: 1\n',
      {},
      ['name: missing. Expected: the name of the city. Set it in hansa.yaml or by HANSA_NAME.'],
    ],
    [
      'an unknown variable',
      'name: a\n',
      { HANSA_PROT: '1', OTHER: '1', HANSA_TEST_DATABASE_URL: 'x' },
      ['HANSA_PROT: unknown variable. Did you mean "HANSA_PORT"?'],
    ],
    [
      'an incomplete alternative',
      'name: a\nblobs:\n  kind: s3\n',
      {},
      ['blobs.bucket: missing. Set it in hansa.yaml.'],
    ],
    [
      'a wrong value of a free key',
      'name: a\nlimits:\n  x: y\n',
      {},
      ['hansa.yaml:3 (limits.x): Invalid input: expected number, received string.'],
    ],
    [
      'a section that is no section',
      'name: a\ndatabase: 7\n',
      {},
      ['hansa.yaml:2 (database): Invalid input: expected object, received number.'],
    ],
    ['a file that is a list', '- a\n', {}, ['hansa.yaml: Invalid input: expected object, received array.']],
    [
      'several things at once',
      'prot: 1\nport: 0\n',
      {},
      [
        'name: missing. Expected: the name of the city. Set it in hansa.yaml or by HANSA_NAME.',
        'hansa.yaml:2 (port): Too small: expected number to be >=1. Expected: a TCP port.',
        'hansa.yaml:1 (prot): unknown key. Did you mean "port"?',
      ],
    ],
    ['broken YAML', 'name: a\nport: [1\n', {}, ['hansa.yaml:3: not valid YAML (bad indent, column 1).']],
    ['a key twice', 'name: a\nname: b\n', {}, ['hansa.yaml:2: not valid YAML (duplicate key, column 1).']],
    [
      'an unknown tag',
      'name: !!js/function "a"\n',
      {},
      ['hansa.yaml:1: not valid YAML (tag resolve failed, column 7).'],
    ],
    ['an alias without anchor', 'name: *a\n', {}, ['hansa.yaml: its aliases (*name) lead nowhere or unfold too far.']],
  ])('names what is wrong with %s', (_, text, env, expected) => {
    expect(issuesOf(text, env)).toEqual(expected);
  });

  test('an empty file is no configuration, and its problems come in one detail', () => {
    expect(parse('')).toMatchObject({
      problem: { kind: 'config.invalid', detail: expect.stringContaining('name: missing') },
    });
  });

  test('an expanding bomb of aliases is refused', () => {
    const layers = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(issuesOf(`a0: &a0 [x]\n${layers.join('\n')}\n`)).toEqual([
      'hansa.yaml: its aliases (*name) lead nowhere or unfold too far.',
    ]);
  });

  test('a file cannot touch the prototype of objects', () => {
    expect(issuesOf('name: a\n__proto__: {polluted: 1}\n')).toEqual([expect.stringContaining('unknown key')]);
    expect('polluted' in {}).toBe(false);
  });

  test('a mapping to a key that the schema lacks is a defect', () => {
    expect(() => parseConfig(schema, { env: {}, mapping: { X: 'nowhere' } })).toThrow('"nowhere"');
  });
});

describe('secrets', () => {
  const value = 'postgres://user:planted@host/db';

  test('are not printed by any usual way', () => {
    const got = parse('name: a\n', { DATABASE_URL: value });
    if (!got.ok) throw new Error(got.problem.detail);
    const { url } = got.value.database;
    for (const text of [`${url}`, JSON.stringify(got.value), inspect(got.value, { depth: 9, showHidden: true })])
      expect(text).not.toContain('planted');
    expect(redactedConfig(got.value)).toEqual({ ...got.value, database: { url: '[hidden]' } });
    expect(url).toBeInstanceOf(Secret);
    expect(url?.reveal()).toBe(value);
  });

  test.each([
    ['database:\n  url: "planted"\nname: a\n', {}],
    ['name: a\n', { DATABASE_URL: 'planted' }],
    ['name: a\ndatabase: planted\n', {}],
    ['name: a\ndatabase:\n  url: "planted\n', {}],
    ['name: a\nname: planted\n', {}],
  ])('are not quoted when %j is wrong', (text, env) => {
    const got = parse(text, env);
    expect(got.ok).toBe(false);
    expect(JSON.stringify(got)).not.toContain('planted');
  });
});

describe('the file of a configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is read from its path', async () => {
    const path = join(folder, 'hansa.yaml');
    await writeFile(path, 'name: Gent\n');
    const got = await loadConfig(schema, { file: { path, optional: false }, env: {}, mapping });
    expect(got).toMatchObject({ ok: true, value: { name: 'Gent' } });
  });

  test('may be absent only if it is optional, and must be readable', async () => {
    const path = join(folder, 'absent.yaml');
    const env = { HANSA_NAME: 'Gent' };
    expect((await loadConfig(schema, { file: { path, optional: true }, env, mapping })).ok).toBe(true);
    expect((await loadConfig(schema, { env, mapping })).ok).toBe(true);
    for (const file of [
      { path, optional: false },
      { path: folder, optional: true },
    ])
      expect(await loadConfig(schema, { file, env, mapping })).toMatchObject({
        problem: { kind: 'config.unreadable' },
      });
  });
});
