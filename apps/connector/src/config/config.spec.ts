import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redactedConfig } from '@hansa/platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configSources, readConfig } from './config.js';

describe('the configuration of a node', () => {
  let directory: string;
  const file = async (text: string): Promise<string> => {
    const path = join(directory, `${Math.abs(text.length)}.yaml`);
    await writeFile(path, text);
    return path;
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hansa-config-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('works without any setting', async () => {
    const config = await readConfig({});
    expect(config).toMatchObject({ ok: true, value: { city: 'city', publicUrl: 'http://localhost:7001' } });
  });

  test('takes the environment before the file', async () => {
    const HANSA_CONFIG = await file('city: berlin\nlisten:\n  port: 7100\n');
    const config = await readConfig({ HANSA_CONFIG, HANSA_PORT: '7200' });
    expect(config).toMatchObject({ ok: true, value: { city: 'berlin', listen: { port: 7200 } } });
  });

  test('refuses an unknown key and names the one that was probably meant', async () => {
    const config = await readConfig({ HANSA_CONFIG: await file('city: berlin\npublicUlr: https://a.example\n') });
    expect(config).toMatchObject({ ok: false, problem: { detail: expect.stringMatching(/publicUlr.*publicUrl/s) } });
  });

  test('refuses an unknown variable of its own', async () => {
    const config = await readConfig({ HANSA_PROT: '7001' });
    expect(config).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('HANSA_PORT') } });
  });

  test('refuses plain http for an address that others use', async () => {
    const config = await readConfig({ HANSA_PUBLIC_URL: 'http://data.berlin.example' });
    expect(config).toMatchObject({ ok: false, problem: { kind: 'config.conflict' } });
  });

  test('says which file is missing when one is named', async () => {
    const config = await readConfig({ HANSA_CONFIG: join(directory, 'nowhere.yaml') });
    expect(config).toMatchObject({ ok: false, problem: { kind: 'config.unreadable' } });
  });

  test('says what was read, without a word of what stands there', () => {
    expect(configSources({ PATH: '/bin', HANSA_TOKEN: 'x' })).toEqual({ file: null, variables: [] });
    const env = {
      HANSA_CONFIG: '/etc/hansa.yaml',
      HANSA_PORT: '7001',
      HANSA_CITY: '',
      DATABASE_URL: 'postgres://u:p@h/d',
    };
    expect(configSources(env)).toEqual({ file: '/etc/hansa.yaml', variables: ['HANSA_PORT', 'DATABASE_URL'] });
  });

  test('never prints a secret', async () => {
    const config = await readConfig({
      DATABASE_URL: 'postgres://u:hunter2@db.example/x',
      HANSA_ADMIN_TOKEN: 'a-very-secret-token',
    });
    if (!config.ok) throw new Error(config.problem.detail);
    expect(JSON.stringify(config.value) + JSON.stringify(redactedConfig(config.value))).not.toMatch(
      /hunter2|very-secret/,
    );
    expect(config.value.database.url?.reveal()).toContain('hunter2');
  });
});
