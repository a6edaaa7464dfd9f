import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createGuardedClient, type GuardedClient, type GuardedClientOptions } from './index.js';

const data = randomBytes(3_000_000);
const digest = `sha-256:${createHash('sha256').update(data).digest('hex')}`;

let folder: string;
let server: Server;
let client: GuardedClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pull-'));
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

/** Serves `data`, by ranges if `etag` allows them, and cuts the n-th answer after `cut(n)` bytes. */
function serveFile(etag: string | null, cut: (request: number) => number) {
  const asked: IncomingMessage['headers'][] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.headers);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const partial = from > 0 && etag !== null && request.headers['if-range'] === etag;
    const body = data.subarray(partial ? from : 0);
    const range = partial ? { 'content-range': `bytes ${from}-${data.length - 1}/${data.length}` } : {};
    response.writeHead(partial ? 206 : 200, {
      'content-length': body.length,
      ...(etag === null ? {} : { etag }),
      ...range,
    });
    const limit = cut(asked.length);
    if (limit >= body.length) response.end(body);
    else response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 30));
  };
  return { listener, asked };
}

async function start(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  options: GuardedClientOptions = {},
) {
  server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const retry = ({ failures }: { failures: number }) => (failures > 3 ? null : 5);
  client = createGuardedClient({ allowLoopback: true, allowInsecure: true, retry, ...options });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, path: join(folder, 'data') };
}

describe('stream', () => {
  test('puts a body into a file with its digest and tells its progress', async () => {
    const { url, path } = await start(serveFile('"v1"', () => Number.POSITIVE_INFINITY).listener);
    const seen: { bytes: number; total: number | null }[] = [];
    const got = await client.stream({ url, onProgress: (p) => seen.push(p) }, path);
    expect(got).toMatchObject({
      ok: true,
      value: { bytes: data.length, digest, resumed: 0, headers: { etag: '"v1"' } },
    });
    expect(data.equals(await readFile(path))).toBe(true);
    expect(seen.at(-1)).toEqual({ bytes: data.length, total: data.length });
    expect(seen.length).toBeGreaterThan(10);
  });

  test('continues after each of ten cuts and sends no byte twice', async () => {
    const { listener, asked } = serveFile('"v1"', (n) => (n <= 10 ? 100_000 + n * 7919 : Number.POSITIVE_INFINITY));
    const { url, path } = await start(listener);
    const got = await client.stream({ url }, path);
    expect(got).toMatchObject({ ok: true, value: { bytes: data.length, digest, resumed: 10 } });
    expect(data.equals(await readFile(path))).toBe(true);
    expect(asked.slice(1).every((headers) => headers['if-range'] === '"v1"')).toBe(true);
  });

  test('continues after a body that falls silent', async () => {
    const { listener } = serveFile('"v1"', () => Number.POSITIVE_INFINITY);
    let first = true;
    const silentOnce = (request: IncomingMessage, response: ServerResponse) => {
      if (!first) return listener(request, response);
      first = false;
      response.writeHead(200, { etag: '"v1"', 'content-length': data.length }).write(data.subarray(0, 500_000));
    };
    const { url, path } = await start(silentOnce, { idleTimeout: 200 });
    expect(await client.stream({ url }, path)).toMatchObject({ ok: true, value: { digest, resumed: 1 } });
  });

  test.each([null, 'W/"v1"'])('starts again after a cut when the validator is %p', async (etag) => {
    const { listener, asked } = serveFile(etag, (n) => (n === 1 ? 1_000_000 : Number.POSITIVE_INFINITY));
    const { url, path } = await start(listener);
    expect(await client.stream({ url }, path)).toMatchObject({ ok: true, value: { digest, resumed: 0 } });
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  test('takes the new version whole when the resource changed between two parts', async () => {
    const old = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { etag: '"v0"', 'content-length': 5_000_000 });
      response.write(Buffer.alloc(4_000_000), () => setTimeout(() => response.destroy(), 30));
    };
    const { listener } = serveFile('"v1"', () => Number.POSITIVE_INFINITY);
    let n = 0;
    const { url, path } = await start((request, response) => (n++ === 0 ? old : listener)(request, response));
    expect(await client.stream({ url }, path)).toMatchObject({ ok: true, value: { bytes: data.length, digest } });
    expect(data.equals(await readFile(path))).toBe(true);
  });

  test('refuses a part that is not the one asked for', async () => {
    const { listener } = serveFile('"v1"', (n) => (n === 1 ? 1_000_000 : Number.POSITIVE_INFINITY));
    let n = 0;
    const wrong = (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(206, { etag: '"v1"', 'content-range': `bytes 0-9/${data.length}` }).end('0123456789');
    const { url, path } = await start((request, response) => (n++ === 0 ? listener : wrong)(request, response));
    expect(await client.stream({ url }, path)).toMatchObject({
      problem: { kind: 'http.unexpected-status', status: 206 },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('gives up after a bounded number of cuts without progress and leaves nothing behind', async () => {
    const { listener, asked } = serveFile('"v1"', () => 1000);
    const { url, path } = await start(listener);
    expect(await client.stream({ url }, path)).toMatchObject({ problem: { kind: 'http.cut-off' } });
    expect(asked).toHaveLength(4);
    expect(await readdir(folder)).toEqual([]);
  });

  test('gives up on a peer that is cut and cannot continue, however much each attempt brings', async () => {
    const { listener, asked } = serveFile(null, () => 2_000_000);
    const { url, path } = await start(listener);
    expect(await client.stream({ url }, path)).toMatchObject({ problem: { kind: 'http.cut-off' } });
    expect(asked).toHaveLength(4);
  });

  test('stops at the size limit, announced or not', async () => {
    const { listener } = serveFile(null, () => Number.POSITIVE_INFINITY);
    const { url, path } = await start((request, response) => {
      if (request.url === '/') listener(request, response);
      else response.writeHead(200).end(data);
    });
    for (const address of [url, `${url}unannounced`])
      expect(await client.stream({ url: address, maxBytes: 1_000_000 }, path)).toMatchObject({
        problem: { kind: 'http.too-large' },
      });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a refusal comes at once and carries what the peer says', async () => {
    let n = 0;
    const { url, path } = await start((_, response) => {
      n++;
      response.writeHead(403).end('{"detail":"the agreement has ended"}');
    });
    expect(await client.stream({ url }, path)).toMatchObject({
      problem: { kind: 'http.unexpected-status', status: 403, answer: '{"detail":"the agreement has ended"}' },
    });
    expect(n).toBe(1);
  });

  test('an overloaded peer is asked again', async () => {
    const { listener } = serveFile('"v1"', () => Number.POSITIVE_INFINITY);
    let n = 0;
    const { url, path } = await start((request, response) => {
      if (n++ < 2) response.writeHead(503).end();
      else listener(request, response);
    });
    expect(await client.stream({ url }, path)).toMatchObject({ ok: true, value: { digest } });
  });

  test('the caller can give up, and the total time ends a pull', async () => {
    const drip = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { etag: '"v1"' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const { url, path } = await start(drip);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect(await client.stream({ url, signal: controller.signal }, path)).toMatchObject({
      problem: { kind: 'http.aborted' },
    });
    expect(await client.stream({ url, timeout: 200 }, path)).toMatchObject({ problem: { kind: 'http.timeout' } });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a defect in the caller is thrown, not taken for a fault of the peer', async () => {
    const { url, path } = await start(serveFile('"v1"', () => Number.POSITIVE_INFINITY).listener);
    const onProgress = () => {
      throw new TypeError('defect');
    };
    await expect(client.stream({ url, onProgress }, path)).rejects.toThrow('defect');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file that cannot be written is a problem of ours, not of the peer', async () => {
    const { url } = await start(serveFile('"v1"', () => Number.POSITIVE_INFINITY).listener);
    expect(await client.stream({ url }, join(folder, 'missing', 'data'))).toMatchObject({
      problem: { kind: 'http.sink-failed' },
    });
  });
});
