import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf, must } from '@hansa/kernel';
import { createGuardedClient, createLogger, jobPoolConfig, openPostgresJobQueue } from '@hansa/platform';
import { plan } from '@hansa/report/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from '../app.module.js';
import { readConfig } from '../config/index.js';
import { didOf, loadKeys, NodeIdentity } from '../identity/index.js';
import { openNodeDatabase } from '../open-node-database.js';
import { installJsonParsers, ProblemFilter } from '../server/index.js';
import { contentSecurityPolicy } from './send.js';

const token = 'a-token-for-tests-only';
let directory: string;
let stop: (() => Promise<void>) | undefined;
let server: FastifyInstance;
let offered: string;
let hidden: string;
let audit: string;

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers });

async function manage(method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await server.inject({
    method,
    url: `/management/v1${path}`,
    headers,
    ...(payload ? { payload } : {}),
  });
  expect([path, answer.statusCode, answer.statusCode < 300 ? '' : answer.body]).toEqual([path, answer.statusCode, '']);
  return answer.json();
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hansa-pages-'));
  const environment = { HANSA_CITY: 'new-town', HANSA_DATA_DIRECTORY: directory, HANSA_ADMIN_TOKEN: token };
  const config = must(await readConfig(environment));
  const log = createLogger({ level: 'error', name: 'new-town' });
  const database = await openNodeDatabase(config);
  const client = createGuardedClient({ allowLoopback: false, allowInsecure: false });
  const jobs = await openPostgresJobQueue(database.pool(jobPoolConfig), { onError: () => {} });
  const identity = new NodeIdentity(
    config.publicUrl,
    await loadKeys(join(directory, 'keys'), didOf(config.publicUrl)),
    [],
  );
  const parts = { platform: { config, database, client, jobs, log }, identity, adminToken: token };
  const adapter = new FastifyAdapter({ routerOptions: { maxParamLength: 512 } });
  const options = { logger: false, abortOnError: false, bodyParser: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, options);
  server = adapter.getInstance();
  installJsonParsers(server);
  app.useGlobalFilters(new ProblemFilter(log, []));
  await app.init();
  await server.ready();
  stop = async () => {
    await app.close();
    await jobs.close();
    await client.close();
    await database.close();
  };
  const path = join(directory, 'stations.csv');
  const rows = Array.from({ length: 400 }, (_, i) => `${i % 2 ? 'North' : 'South'},${i % 3 ? 0 : 1},${i % 12 ? 0 : 1}`);
  await writeFile(path, ['state,truth,decision', ...rows, ''].join('\n'));
  const source = { kind: 'file', path };
  offered = (await manage('POST', '/datasets', { title: 'Stations <b>of</b> New Town', source })).id;
  hidden = (await manage('POST', '/datasets', { title: 'Not on offer', source })).id;
  await manage('POST', '/offers', { datasetId: offered, template: { name: 'members-only', parameters: {} } });
  const about = { predictionColumn: 'decision', datasetId: offered, labelColumn: 'truth' };
  audit = (await manage('POST', '/audits', { ...about, plan })).id;
  while (['queued', 'running'].includes((await manage('GET', `/audits/${audit}`)).status)) await sleep(50);
}, 60_000);

afterAll(async () => {
  await stop?.();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

test('the first page shows what is on offer, and nothing else, in a page that may run nothing', async () => {
  const answer = await get('/');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).toBe(contentSecurityPolicy);
  expect(answer.body).toContain('Stations &lt;b&gt;of&lt;/b&gt; New Town');
  expect(answer.body).toContain('<h1>New Town</h1>');
  expect(answer.body).not.toContain('Not on offer');
});

test('a dataset on offer has a page that does not say where its data lie; another has none', async () => {
  const page = await get(`/datasets/${encodeURIComponent(offered)}`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('MembershipCredential');
  expect(page.body).not.toContain(directory);
  const missing = await get(`/datasets/${encodeURIComponent(hidden)}`);
  expect(missing.statusCode).toBe(404);
  expect(missing.body).toContain('This node does not offer the dataset');
});

test('the report of an audit has a page, its bytes and its credential, all public', async () => {
  const address = `/audits/${encodeURIComponent(audit)}`;
  const page = await get(address);
  expect([page.statusCode, page.body.includes('the decisions in the column “decision”')]).toEqual([200, true]);
  const report = await get(`${address}/report.json`);
  expect(report.headers['content-type']).toMatch(/^application\/json/);
  expect(page.body).toContain(digestOf(report.rawPayload));
  const credential = await get(`${address}/credential.json`);
  expect(credential.headers['content-type']).toMatch(/^application\/vc\b/);
  expect(credential.json().credentialSubject.reportDigest).toBe(digestOf(report.rawPayload));
  const again = await get(`${address}/report.json`, { 'if-none-match': String(report.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test.each(['/datasets/x', '/models/x', '/audits/x', `/audits/${encodeURIComponent('<script>')}`])(
  'the page %s that is not there is a page',
  async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-security-policy']).toBe(contentSecurityPolicy);
    expect(answer.body).toContain('Page not found');
    expect(answer.body).not.toContain('<script>');
  },
);

test('the files of an audit that is not there are a problem for programs', async () => {
  const answer = await get('/audits/x/report.json');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
});

test.each(['', '?sort=date&verdict=fail', '?sort=x&verdict=y', '?sort=name&sort=date'])(
  'the register answers the query "%s"',
  async (query) => {
    const answer = await get(`/register${query}`);
    expect([answer.statusCode, answer.body.includes('Algorithms of New Town')]).toEqual([200, true]);
  },
);

test('the style sheet that a page links to may be kept for a year, and is not sent twice', async () => {
  const [, address = ''] = /<link rel="stylesheet" href="([^"]*)">/.exec((await get('/')).body) ?? [];
  const first = await get(address);
  expect(first.headers['content-type']).toMatch(/^text\/css/);
  expect(first.headers['cache-control']).toBe('public, max-age=31536000');
  const again = await get(address, { 'if-none-match': `W/${first.headers.etag}, "other"` });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect((await get('/assets/hansa.svg')).headers['content-type']).toMatch(/^image\/svg\+xml/);
});
