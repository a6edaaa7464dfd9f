import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '@hansa/kernel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findAddress, findToken } from './find-node.js';
import type { Terminal } from './terminal.js';
import { scratch } from './testing/index.js';

let folder: ReturnType<typeof scratch>;
const at = (env: Record<string, string> = {}): Terminal => ({
  out: () => {},
  err: () => {},
  ask: async () => '',
  interactive: false,
  colour: false,
  live: false,
  env,
  directory: folder.path,
});
const node = (name: string, token: string) => {
  mkdirSync(join(folder.path, 'data', name), { recursive: true });
  writeFileSync(join(folder.path, 'data', name, 'admin-token'), `${token}\n`);
};

beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

describe('the address of the node', () => {
  test('is the option, else the environment, else the first node of this machine', () => {
    expect(must(findAddress({ url: 'http://a:1/' }, at({ HANSA_URL: 'http://b:2' })))).toBe('http://a:1');
    expect(must(findAddress({}, at({ HANSA_URL: 'https://b.example' })))).toBe('https://b.example');
    expect(must(findAddress({}, at()))).toBe('http://127.0.0.1:7001');
  });

  test.each(['localhost:7001', 'ftp://a', 'nonsense'])('is not "%s"', (url) => {
    expect(findAddress({ url }, at())).toMatchObject({ problem: { kind: 'cli.address' } });
  });
});

describe('the token of the node', () => {
  test('is the option, else the environment, else the file of the named directory', () => {
    node('berlin', 'from-file');
    expect(must(findToken({ token: 'a' }, at({ HANSA_TOKEN: 'b' })))).toEqual({ token: 'a', source: '--token' });
    expect(must(findToken({}, at({ HANSA_TOKEN: 'b' })))).toEqual({ token: 'b', source: 'HANSA_TOKEN' });
    expect(must(findToken({ data: 'data/berlin' }, at())).token).toBe('from-file');
    expect(must(findToken({}, at({ HANSA_DATA_DIRECTORY: 'data/berlin' }))).token).toBe('from-file');
  });

  test('is found without a word when one node keeps its data here', () => {
    mkdirSync(join(folder.path, 'data', 'no-node'), { recursive: true });
    node('berlin', 'only');
    expect(must(findToken({}, at()))).toEqual({
      token: 'only',
      source: join(folder.path, 'data', 'berlin', 'admin-token'),
    });
  });

  test('is asked for when there is none or more than one', () => {
    expect(findToken({}, at())).toMatchObject({ problem: { detail: expect.stringContaining('--data') } });
    node('berlin', 'a');
    node('bruges', 'b');
    expect(findToken({}, at())).toMatchObject({
      problem: { detail: expect.stringContaining('berlin, bruges. Choose one with --data data/berlin') },
    });
  });

  test('is said to be missing or empty where it is', () => {
    expect(findToken({ data: 'elsewhere' }, at())).toMatchObject({
      problem: { detail: expect.stringContaining('does not exist') },
    });
    node('berlin', '');
    expect(findToken({ data: 'data/berlin' }, at())).toMatchObject({
      problem: { detail: expect.stringContaining('empty') },
    });
  });
});
