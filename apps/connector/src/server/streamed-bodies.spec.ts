import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { installJsonParsers } from './body-parsers.js';
import { installStreamedBodies } from './streamed-bodies.js';

/** Milliseconds for a body. */
const limit = 250;
/** Milliseconds between two bytes of a slow sender. */
const pause = 25;
/** Bytes that take a slow sender far beyond the limit. */
const many = (4 * limit) / pause;

let server: FastifyInstance;
let handled: string[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  server = fastify({ http: { connectionsCheckingInterval: 50 } });
  installJsonParsers(server);
  installStreamedBodies(server, '/in', limit);
  server.post('/json', async ({ body }) => {
    handled.push('/json');
    return body ?? null;
  });
  server.post('/slow', async () => {
    await sleep(3 * limit);
    return { slow: true };
  });
  server.get('/slow', () => sleep(3 * limit).then(() => ({ slow: true })));
  server.post('/in/:id', async ({ body }) => {
    let bytes = 0;
    for await (const chunk of body as Readable) bytes += chunk.length;
    return { bytes };
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server?.close();
});

/** A connection with what has come over it, and how long it was open. */
class Wire {
  heard = '';
  readonly closed: Promise<number>;
  readonly #socket: Socket;

  constructor() {
    const { port } = server.server.address() as AddressInfo;
    const began = performance.now();
    this.#socket = connect(port, '127.0.0.1');
    sockets.push(this.#socket);
    this.#socket.setEncoding('utf8').on('data', (text) => {
      this.heard += text;
    });
    // A connection that is ended while something is sent may be reset.
    this.#socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve(performance.now() - began)));
  }

  send(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  /** Sends the same text again and again, with a pause after each, until there were enough or the connection ends. */
  async trickle(text: string, times: number): Promise<void> {
    for (let n = 0; n < times && this.#socket.writable; n++) {
      this.send(text);
      await sleep(pause);
    }
  }

  /** Waits for the end of an answer. */
  async answer(end: string): Promise<string> {
    const deadline = performance.now() + 20 * limit;
    while (!this.heard.includes(end)) {
      if (performance.now() > deadline) throw new Error(`no ${end}: ${JSON.stringify(this.heard)}`);
      await sleep(5);
    }
    return this.heard;
  }
}

const head = (line: string, ...headers: readonly string[]) =>
  [`${line} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const json = 'Content-Type: application/json';

describe('a body that is not streamed', () => {
  test.each<[string, string, string, string]>([
    ['with a length', '/json', `Content-Length: ${many}`, ' '],
    ['in chunks', '/json', 'Transfer-Encoding: chunked', '1\r\n \r\n'],
    ['for nobody', '/nowhere', `Content-Length: ${many}`, ' '],
  ])('%s ends its connection when it is too slow', async (_, where, length, part) => {
    handled = [];
    const wire = new Wire();
    wire.send(head(`POST ${where}`, json, length));
    await wire.trickle(part, many);
    const open = await wire.closed;
    expect([open > limit - pause, open < many * pause]).toEqual([true, true]);
    expect([wire.heard, handled]).toEqual(['', []]);
  });

  test('ends its connection when it never comes', async () => {
    const wire = new Wire();
    wire.send(head('POST /json', json, 'Content-Length: 1'));
    expect(await wire.closed).toBeGreaterThan(limit - pause);
    expect(wire.heard).toBe('');
  });

  test.each(['DELETE', 'PATCH'])('is one of a %s below the prefix too', async (method) => {
    const wire = new Wire();
    wire.send(head(`${method} /in/x`, json, `Content-Length: ${many}`));
    await wire.trickle(' ', many);
    expect(await wire.closed).toBeLessThan(many * pause);
  });

  test('has a limit, but its answer has none', async () => {
    const wire = new Wire();
    wire.send(`${head('POST /slow', json, 'Content-Length: 2')}{}`);
    expect(await wire.answer('{"slow":true}')).toMatch(/^HTTP\/1\.1 200/);
  });

  test('may come at any time on a connection that was used before', async () => {
    const wire = new Wire();
    wire.send(`${head('POST /json', json, 'Content-Length: 7')}{"a":1}`);
    await wire.answer('{"a":1}');
    await sleep(2 * limit);
    wire.send(`${head('POST /json', json, 'Content-Length: 7')}{"b":2}`);
    await wire.answer('{"b":2}');
  });

  test('may be none, or an empty one', async () => {
    const wire = new Wire();
    wire.send(head('GET /slow'));
    await wire.answer('{"slow":true}');
    wire.send(head('POST /json', json, 'Content-Length: 0'));
    await wire.answer('null');
  });

  test('cannot be declared a stream by its sender', async () => {
    const wire = new Wire();
    wire.send(`${head('POST /json', 'Content-Type: application/vnd.hansa.streamed-body', 'Content-Length: 2')}{}`);
    expect(await wire.answer('not accepted here')).not.toMatch(/^HTTP\/1\.1 200/);
  });
});

describe('a body below the prefix', () => {
  test.each([
    ['with a length', `Content-Length: ${many}`, 'x', ''],
    ['in chunks', 'Transfer-Encoding: chunked', '1\r\nx\r\n', '0\r\n\r\n'],
  ])('%s may take its time, whatever it says it is', async (_, length, part, end) => {
    const wire = new Wire();
    wire.send(head('POST /in/x', 'Content-Type: application/x-unheard-of', length));
    await wire.trickle(part, many);
    wire.send(end);
    expect(await wire.answer(`{"bytes":${many}}`)).toMatch(/^HTTP\/1\.1 200/);
  });

  test.each(['/in', '/in/x/y', '/inside'])('that nobody takes, at %s, does not go on', async (where) => {
    const wire = new Wire();
    wire.send(head(`POST ${where}`, 'Content-Type: text/plain', `Content-Length: ${many}`));
    await wire.trickle('x', many);
    expect(await wire.closed).toBeLessThan(many * pause);
    expect(wire.heard).toMatch(/^HTTP\/1\.1 4/);
  });
});

test('headers that are too slow end their connection', async () => {
  const wire = new Wire();
  wire.send('POST /json HTTP/1.1\r\nX: ');
  await wire.trickle('x', many);
  expect(await wire.closed).toBeLessThan(many * pause);
  expect(wire.heard).toMatch(/^HTTP\/1\.1 408/);
});
