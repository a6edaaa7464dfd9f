import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createGuardedClient, type GuardedClient, type GuardedClientOptions } from './index.js';

// More than the buffers of a connection hold, so that a sink that stops reading stops the sender.
const data = randomBytes(24_000_000);
let folder: string;
let file: string;
let server: Server;
let client: GuardedClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'push-'));
  file = join(folder, 'data.csv');
  await writeFile(file, data);
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
afterAll(() => rm(folder, { recursive: true }));

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

async function sink(listener: Listener, options: GuardedClientOptions = {}): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  client = createGuardedClient({ allowLoopback: true, allowInsecure: true, ...options });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sink`;
}

async function whole(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

describe('push', () => {
  test('sends a file with its length and headers, tells how far it is, and gives the answer', async () => {
    const seen: { method?: string; headers?: IncomingMessage['headers']; body?: Buffer } = {};
    const url = await sink(async (request, response) => {
      Object.assign(seen, { method: request.method, headers: request.headers, body: await whole(request) });
      response.writeHead(201, { location: '/x' }).end('thanks');
    });
    const told: number[] = [];
    const headers = { 'content-type': 'text/csv', authorization: 'Bearer t' };
    const onProgress = ({ bytes }: { bytes: number }) => void told.push(bytes);
    const pushed = await client.push({ method: 'PUT', url, headers, onProgress }, file);
    expect(pushed).toMatchObject({ ok: true, value: { status: 201, bytes: data.length } });
    expect(seen).toMatchObject({ method: 'PUT', headers: { ...headers, 'content-length': String(data.length) } });
    expect(seen.body?.equals(data)).toBe(true);
    expect([told.length > 10, told.at(-1), [...told].sort((a, b) => a - b)]).toEqual([true, data.length, told]);
  });

  test.each([500, 403, 429])('gives a status of %d as the answer that it is', async (status) => {
    const url = await sink(async (request, response) => {
      await whole(request);
      response.writeHead(status).end();
    });
    expect(await client.push({ method: 'POST', url }, file)).toMatchObject({ ok: true, value: { status } });
  });

  test('does not follow a redirect to a private address', async () => {
    const url = await sink((request, response) => {
      request.resume();
      response.writeHead(307, { location: 'http://10.0.0.1/' }).end();
    });
    expect(await client.push({ method: 'POST', url }, file)).toMatchObject({
      problem: { kind: 'http.redirect-refused' },
    });
  });

  test('never calls an address that the guard refuses', async () => {
    let called = 0;
    const url = await sink(() => void called++, { allowLoopback: false });
    for (const address of [url, 'http://10.0.0.1/', 'https://169.254.169.254/latest'])
      expect(await client.push({ method: 'POST', url: address }, file)).toMatchObject({
        problem: { kind: 'http.address-refused' },
      });
    expect(called).toBe(0);
  });

  test('an answer without end holds nothing up', async () => {
    const url = await sink(async (request, response) => {
      await whole(request);
      response.writeHead(200);
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const begun = performance.now();
    expect(await client.push({ method: 'POST', url }, file)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('a sink that stops reading is given up', async () => {
    const url = await sink((request) => void request.pause(), { idleTimeout: 300 });
    expect(await client.push({ method: 'POST', url }, file)).toMatchObject({ problem: { kind: 'http.timeout' } });
  }, 20_000);

  test('a sink that reads too slowly is given up when the time is over', async () => {
    const url = await sink((request) => {
      request.on('readable', () => setTimeout(() => request.read(1000), 50));
    });
    expect(await client.push({ method: 'POST', url, timeout: 400 }, file)).toMatchObject({
      problem: { kind: 'http.timeout' },
    });
  });

  test('a cut connection is a problem, and so is a good answer before the end', async () => {
    const url = await sink((request, response) => {
      if (request.url === '/sink') request.once('data', () => request.destroy());
      else response.writeHead(200).end();
    });
    const cut = await client.push({ method: 'POST', url }, file);
    expect([cut.ok, cut.ok || /^http\.(unreachable|cut-off)$/.test(cut.problem.kind)]).toEqual([false, true]);
    const early = await client.push({ method: 'POST', url: `${url}/early` }, file);
    expect(early).toMatchObject({ ok: false, problem: { kind: expect.stringMatching(/^http\./) } });
  });

  test('stops at once when the caller gives up', async () => {
    let received = 0;
    const url = await sink((request) => {
      request.on('data', (part: Buffer) => {
        received += part.length;
        request.pause();
        setTimeout(() => request.resume(), 5);
      });
    });
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 100);
    const begun = performance.now();
    const pushed = await client.push({ method: 'POST', url, signal: giveUp.signal }, file);
    expect(pushed).toMatchObject({ problem: { kind: 'http.aborted' } });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(received).toBeLessThan(data.length);
  });

  test('throws for a file that is not there, which is no fault of the sink', async () => {
    const url = await sink(() => undefined);
    await expect(client.push({ method: 'POST', url }, join(folder, 'missing'))).rejects.toThrow('ENOENT');
  });
});
