import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { installJsonParsers } from './body-parsers.js';
import { deliverEarlyAnswers } from './early-answers.js';

/** Milliseconds for what comes after the answer. */
const limit = 1000;

let server: FastifyInstance;
beforeAll(async () => {
  server = fastify({ bodyLimit: 1024 });
  installJsonParsers(server);
  deliverEarlyAnswers(server, limit);
  server.post('/json', async ({ body }) => body ?? null);
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  server?.server.closeAllConnections();
  await server?.close();
});

const head = (length: string) =>
  `POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
const small = `${head('Content-Length: 7')}{"a":1}`;

/** Sends everything before it reads anything, like many a simple client; what came until both or one of them ended. */
function speak(text: string): Promise<string> {
  const { port } = server.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').once('error', reject);
    socket.on('data', (part) => {
      heard += part;
      if (heard.includes('{"a":1}')) socket.end();
    });
    socket.once('close', () => resolve(heard));
    socket.pause().write(text, () => socket.resume());
  });
}

const bytes = 8 * 1024 * 1024;
const whole = `"${'x'.repeat(bytes - 2)}"`;
test.each([
  ['with a length', `${head(`Content-Length: ${bytes}`)}${whole}`],
  ['in chunks', `${head('Transfer-Encoding: chunked')}${bytes.toString(16)}\r\n${whole}\r\n0\r\n\r\n`],
])('a body %s that is too large is answered, and so is what follows it', async (_, large) => {
  for (let round = 0; round < 20; round++) {
    const heard = await speak(large + small);
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  }
});

test('a body without end is answered, and then cut off', async () => {
  const { port } = server.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (part) => {
    heard += part;
  });
  // It is reset when it is cut off.
  socket.once('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(head('Transfer-Encoding: chunked'));
  const began = performance.now();
  const pouring = setInterval(() => socket.write(`400\r\n${'x'.repeat(1024)}\r\n`), 10);
  await closed;
  clearInterval(pouring);
  expect(heard).toMatch(/^HTTP\/1\.1 413/);
  expect(performance.now() - began).toBeGreaterThanOrEqual(limit);
});
