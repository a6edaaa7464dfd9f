import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@hansa/kernel';
import { createGuardedClient } from '@hansa/platform';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SourceFiles } from './source-files.js';

const client = createGuardedClient({ allowLoopback: true, allowInsecure: true });
let server: Server;
let directory: string;
let text = 'n\n1\n';
let asked = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sources-'));
  server = createServer((_, response) => {
    asked++;
    response.end(text);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(async () => {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

test('a remote source is fetched when its copy is too old, once at a time, and left as it is while it has not changed', async () => {
  const sources = new SourceFiles(directory, client);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/now.csv`;
  const fileOf = async (maxAge?: number) =>
    must(await sources.fileOf({ source: { kind: 'http', url, format: 'csv' } }, maxAge)).file;
  const look = async (file: string) =>
    [await readFile(file, 'utf8'), (await stat(file, { bigint: true })).ino] as const;
  const file = await fileOf();
  const [first, inode] = await look(file);
  expect([first, await fileOf(), asked]).toEqual([text, file, 1]);
  await Promise.all([fileOf(0), fileOf(0), fileOf(0)]);
  expect([asked, await look(file)]).toEqual([2, [text, inode]]);
  text = 'n\n2\n';
  await fileOf(0);
  const [second, another] = await look(file);
  expect([second, another === inode, asked]).toEqual([text, false, 3]);
});
