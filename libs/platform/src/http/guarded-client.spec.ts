import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createGuardedClient, type GuardedClient, type GuardedClientOptions } from './index.js';

const running: { server: Server; sockets: Set<Socket> }[] = [];
const clients: GuardedClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  }
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
  });
  running.push({ server, sockets });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
/** A peer that answers with exactly these bytes and then does what `after` says. */
const serveRaw = (text: string, after: (socket: Socket) => void = () => undefined) =>
  listen(createTcpServer((socket) => socket.once('data', () => socket.write(text, () => after(socket)))));

function connect(options: GuardedClientOptions = {}): GuardedClient {
  const client = createGuardedClient({ allowLoopback: true, allowInsecure: true, ...options });
  clients.push(client);
  return client;
}

describe('request', () => {
  test('brings status, headers and bytes', async () => {
    const url = await serve((request, response) => {
      response.writeHead(418, { 'x-method': String(request.method), 'x-many': ['a', 'b'] });
      request.pipe(response);
    });
    const got = await connect().request({ method: 'POST', url: `${url}/a?b=c`, body: 'tea' });
    if (!got.ok) throw new Error(got.problem.detail);
    expect(got.value).toMatchObject({ status: 418, headers: { 'x-method': 'POST', 'x-many': 'a, b' } });
    expect(Buffer.from(got.value.body).toString()).toBe('tea');
  });

  test('repeated requests to one peer share connections', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end('ok'));
    server.on('connection', () => connections++);
    const url = await listen(server);
    const client = connect();
    for (let i = 0; i < 20; i++) expect((await client.request({ url })).ok).toBe(true);
    // The pool may open a second one while the first is not yet marked as free.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test.each([300, 301, 302, 303, 305, 307, 308])('a redirect with status %d is not followed', async (status) => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(String(request.url));
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await connect().request({ url })).toMatchObject({ problem: { kind: 'http.redirect-refused' } });
    expect(seen).toEqual(['/']);
  });

  test('304 answers a conditional request', async () => {
    const url = await serve((_, response) => response.writeHead(304).end());
    expect(await connect().request({ url })).toMatchObject({ ok: true, value: { status: 304 } });
  });

  test.each(['gzip', 'br', 'deflate', 'zstd', 'x-gzip', 'GZIP', 'gzip, gzip'])(
    'an answer with content-encoding %s is refused unread',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(20_000_000));
      const url = await serve((request, response) => {
        expect(request.headers['accept-encoding']).toBe('identity');
        response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
      });
      expect(await connect().request({ url })).toMatchObject({ problem: { kind: 'http.encoding-refused' } });
    },
  );

  test('a body of exactly the limit passes, one byte more does not', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200).write('x'.repeat(Number(request.url?.slice(1))));
      response.end();
    });
    const client = connect();
    expect(await client.request({ url: `${url}/1000`, maxBytes: 1000 })).toMatchObject({ ok: true });
    const more = await client.request({ url: `${url}/1001`, maxBytes: 1000 });
    expect(more).toMatchObject({ problem: { kind: 'http.too-large' } });
  });

  test('an endless body is left at the limit', async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        response.once('drain', pour);
      };
      pour();
    });
    expect(await connect().request({ url })).toMatchObject({ problem: { kind: 'http.too-large' } });
    expect(sent).toBeLessThan(20 * 2 ** 20);
  });

  test('an announced length above the limit is refused without waiting for the body', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n');
    expect(await connect().request({ url })).toMatchObject({ problem: { kind: 'http.too-large' } });
  });

  test('the length of a HEAD answer is not a body', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n');
    const got = await connect().request({ method: 'HEAD', url });
    expect(got).toMatchObject({ ok: true, value: { headers: { 'content-length': '99999999999' } } });
  });

  test('a body shorter than announced is cut off', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort', (socket) => socket.end());
    expect(await connect().request({ url })).toMatchObject({ problem: { kind: 'http.cut-off' } });
  });

  test('a body longer than announced brings nothing beyond the announced length', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine, and more');
    const got = await connect().request({ url });
    expect(got.ok ? Buffer.from(got.value.body).toString() : got.problem.kind).toMatch(/^(fine|http\.cut-off)$/);
  });

  test.each([
    ['an interrupted chunked body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel', 'http.cut-off'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9\r\n', 'http.unreachable'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 'http.unreachable'],
    ['a head that never ends', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`, 'http.too-large'],
    ['nothing', '', 'http.unreachable'],
  ])('a peer that sends %s is reported', async (_, text, kind) => {
    const url = await serveRaw(text || '\n', (socket) => socket.end());
    expect(await connect().request({ url })).toMatchObject({ problem: { kind } });
  });

  test('nobody there, and a port that speaks no TLS, are unreachable', async () => {
    const url = await serve((_, response) => response.end());
    const client = connect();
    expect(await client.request({ url: url.replace('http:', 'https:') })).toMatchObject({
      problem: { kind: 'http.unreachable' },
    });
    const closed = createServer();
    const gone = await listen(closed);
    await new Promise((done) => closed.close(done));
    running.splice(
      running.findIndex(({ server }) => server === closed),
      1,
    );
    expect(await client.request({ url: gone })).toMatchObject({ problem: { kind: 'http.unreachable' } });
  });
});

describe('deadlines', () => {
  const soon = async (run: () => Promise<unknown>) => {
    const started = performance.now();
    const got = await run();
    expect(performance.now() - started).toBeLessThan(1500);
    return got;
  };

  test('a peer that sends no head in time is left', async () => {
    const url = await serve(() => undefined);
    const client = connect({ headersTimeout: 200 });
    expect(await soon(() => client.request({ url }))).toMatchObject({ problem: { kind: 'http.timeout' } });
  });

  test('a body that drips is left when the total time is over', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const client = connect();
    expect(await soon(() => client.request({ url, timeout: 300 }))).toMatchObject({
      problem: { kind: 'http.timeout' },
    });
  });

  test('a head that drips is left when the total time is over', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\n', (socket) => {
      const drip = setInterval(() => socket.write('x: y\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await soon(() => connect().request({ url, timeout: 300 }))).toMatchObject({
      problem: { kind: 'http.timeout' },
    });
  });

  test('a name that does not resolve in time is left', async () => {
    const client = connect({ resolve: () => new Promise(() => undefined), totalTimeout: 300 });
    expect(await soon(() => client.request({ url: 'http://slow.example' }))).toMatchObject({
      problem: { kind: 'http.timeout' },
    });
  });

  test('a caller can give up, before and during the request', async () => {
    const url = await serve(() => undefined);
    const client = connect();
    const controller = new AbortController();
    const pending = client.request({ url, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect(await soon(() => pending)).toMatchObject({ problem: { kind: 'http.aborted' } });
    const late = await client.request({ url, signal: controller.signal });
    expect(late).toMatchObject({ problem: { kind: 'http.aborted' } });
  });

  test('closing the client ends running requests', async () => {
    const url = await serve(() => undefined);
    const client = connect();
    const pending = client.request({ url });
    setTimeout(() => void client.close(), 50);
    expect(await soon(() => pending)).toMatchObject({ problem: { kind: 'http.aborted' } });
  });
});

describe('getJson', () => {
  test('brings the parsed document', async () => {
    const url = await serve((_, response) => response.end('{"id":"did:web:city.example"}'));
    expect(await connect().getJson(url)).toEqual({ ok: true, value: { id: 'did:web:city.example' } });
  });

  test('a status other than 200 is a problem that carries the answer', async () => {
    const url = await serve((_, response) => response.writeHead(403).end('members only'));
    expect(await connect().getJson(url)).toMatchObject({
      problem: { kind: 'http.unexpected-status', status: 403, answer: 'members only' },
    });
  });

  test.each([
    ['<html>', 'json.malformed'],
    ['{"__proto__":1}', 'json.forbidden-key'],
    ['['.repeat(500), 'json.too-deep'],
  ])('refuses %.20s', async (text, kind) => {
    const url = await serve((_, response) => response.end(text));
    expect(await connect().getJson(url)).toMatchObject({ problem: { kind } });
  });
});
