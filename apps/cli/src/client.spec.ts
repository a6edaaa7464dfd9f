import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createManagementClient, getPublic, path, query } from './client.js';
import { LoopbackServer } from './testing/index.js';

const server = new LoopbackServer();
const client = () => createManagementClient({ url: `${server.url}/`, token: 'secret' });

beforeAll(() => server.listen());
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

describe('the client of a node', () => {
  test('asks below /management/v1 with the token, and gives back what was answered', async () => {
    server.respond = () => ({ status: 201, body: { id: 'urn:uuid:1' } });
    const answer = await client().post('/datasets', { title: 'Haltestellen' });
    expect(answer).toEqual({ ok: true, value: { id: 'urn:uuid:1' } });
    expect(server.asked).toEqual([
      {
        method: 'POST',
        url: '/management/v1/datasets',
        authorization: 'Bearer secret',
        body: '{"title":"Haltestellen"}',
      },
    ]);
  });

  test('asks with the method that its name says', async () => {
    server.respond = () => ({ status: 204 });
    expect(await client().put('/a', {})).toEqual({ ok: true, value: undefined });
    expect(await client().delete('/b')).toEqual({ ok: true, value: undefined });
    expect(await client().post('/c')).toEqual({ ok: true, value: undefined });
    expect(server.asked.map(({ method, body }) => method + body)).toEqual(['PUT{}', 'DELETE', 'POST']);
  });

  test('gives documents back byte by byte', async () => {
    server.respond = () => ({ body: '{"b":1, "a":2}\n' });
    expect(await client().getText('/audits/1/report')).toEqual({ ok: true, value: '{"b":1, "a":2}\n' });
  });

  test('encodes ids in paths and values in queries', () => {
    expect(path`/datasets/${'urn:uuid:1/../x'}/preview`).toBe('/datasets/urn%3Auuid%3A1%2F..%2Fx/preview');
    expect(query({ kind: 'a&b', limit: 0, before: undefined })).toBe('?kind=a%26b&limit=0');
    expect(query({ kind: undefined })).toBe('');
  });

  test('tells public things without showing the token', async () => {
    server.respond = () => ({ type: 'text/plain', body: 'did:web:a\n1\nx\n' });
    await getPublic(server.url, '/ledger/checkpoint');
    expect(server.asked).toMatchObject([{ url: '/ledger/checkpoint', authorization: undefined }]);
  });
});

describe('a refusal', () => {
  test('is the problem that the node describes', async () => {
    const body = {
      type: 'urn:hansa:problem:dataset.not-found',
      title: 'Dataset not found',
      status: 404,
      detail: 'This node has no dataset x.',
      at: 'datasetId',
    };
    server.respond = () => ({ status: 404, type: 'application/problem+json', body });
    expect(await client().get('/datasets/x')).toEqual({
      ok: false,
      problem: { kind: 'dataset.not-found', detail: 'This node has no dataset x.', at: 'datasetId', status: 404 },
    });
  });

  test.each<[string, { status: number; body?: string | object }, string]>([
    ['a page of a proxy', { status: 502, body: '<html>' }, 'does not look like a node: it answered with status 502'],
    ['a page where JSON is due', { status: 200, body: '<html>' }, 'does not look like a node: its answer is not JSON'],
    ['an error without a text', { status: 500, body: { error: true } }, 'does not look like a node: its refusal'],
    ['an error of another program', { status: 400, body: { title: 'Bad request' } }, 'Bad request'],
    ['a poisoned answer', { status: 200, body: '{"__proto__":{}}' }, 'does not look like a node'],
  ])('by %s is told apart', async (_name, answer, text) => {
    server.respond = () => answer;
    expect(await client().get('/node')).toMatchObject({
      ok: false,
      problem: { detail: expect.stringContaining(text) },
    });
  });

  test('to connect says how to start a node', async () => {
    const gone = createServer();
    const port = await new Promise<number>((resolve) => {
      gone.listen(0, '127.0.0.1', () => resolve((gone.address() as { port: number }).port));
    });
    await new Promise((resolve) => gone.close(resolve));
    expect(await createManagementClient({ url: `http://127.0.0.1:${port}`, token: 'x' }).get('/node')).toEqual({
      ok: false,
      problem: {
        kind: 'node.unreachable',
        detail: `No node answers at http://127.0.0.1:${port}. Start one with "hansa start", or name another address with --url or HANSA_URL.`,
      },
    });
  });

  test('by a connection that breaks says to look at the log', async () => {
    const breaking = createServer((socket) => socket.on('data', () => socket.destroy()));
    const port = await new Promise<number>((resolve) => {
      breaking.listen(0, '127.0.0.1', () => resolve((breaking.address() as { port: number }).port));
    });
    expect(await createManagementClient({ url: `http://127.0.0.1:${port}`, token: 'x' }).get('/node')).toMatchObject({
      ok: false,
      problem: { kind: 'node.cut-off' },
    });
    await new Promise((resolve) => breaking.close(resolve));
  });
});
