import { Writable } from 'node:stream';
import { uuids } from '@hansa/kernel';
import { CountingIds } from '@hansa/kernel/testing';
import { describe, expect, test } from '@jest/globals';
import { Logger as NestFront } from '@nestjs/common';
import { createLogger, createMetrics, type LogLevel, NestLogger, requestIdFrom } from './index.js';

function capture(level: LogLevel = 'trace') {
  let text = '';
  const destination = new Writable({
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  const log = createLogger({ level, name: 'berlin', destination });
  const lines = (): Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { log, lines, text: () => text };
}

describe('the logger', () => {
  test('writes one JSON object a line with level, time, name, message and fields', () => {
    const { log, lines } = capture();
    log.info('negotiation finalized', { state: 'FINALIZED', list: [1] });
    log.with({ role: 'provider' }).warn('late');
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        name: 'berlin',
        msg: 'negotiation finalized',
        state: 'FINALIZED',
        list: [1],
      }),
      expect.objectContaining({ level: 'warn', role: 'provider', msg: 'late' }),
    ]);
  });

  test('writes nothing below its level', () => {
    const { log, text } = capture('warn');
    log.info('quiet');
    log.debug('quiet');
    expect(text()).toBe('');
  });

  test('keeps a message with line breaks on one line', () => {
    const { log, lines } = capture();
    log.info('one\n{"level":"fatal"}');
    expect(lines()).toHaveLength(1);
  });

  const planted = 'planted-secret-4711';
  const jwt = `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(planted).toString('base64url')}.c2ln`;
  const failed = Object.assign(new Error(`Bearer ${planted}`, { cause: new Error(`https://me:${planted}@db/x`) }), {
    request: { headers: { authorization: planted } },
    parameters: [planted],
  });
  test.each([
    ['a field', { password: planted }],
    ['a deep field', { a: { b: [{ c: { 'Proxy-Authorization': planted } }] } }],
    ['headers', { headers: { Authorization: planted, cookie: planted, 'x-api-key': planted } }],
    ['private keys', { key: { kty: 'EC', crv: 'P-256', d: planted }, privateKeyJwk: { x: planted } }],
    ['names in other cases', { access_token: planted, refreshToken: planted, client_secret: planted, SECRET: planted }],
    ['a bearer token in a text', { note: `sent Bearer ${planted} to the peer` }],
    ['a URL with a password', { note: `postgres://hansa:${planted}@db.example:5432/hansa` }],
    ['a token in a text', { note: `token was ${jwt}, refused` }],
    ['an error with attachments', { error: failed }],
    ['an object that prints itself', { config: { toJSON: () => ({ token: planted }) } }],
  ])('hides secrets in %s', (_, fields) => {
    const { log, text } = capture();
    log.error('failed', fields);
    log.with(fields).error('failed');
    log.error(`${JSON.stringify('note' in fields ? fields.note : '')}`);
    expect(text()).not.toContain(planted);
    expect(text()).not.toContain(Buffer.from(planted).toString('base64url').slice(0, 16));
    expect(text()).toContain('[hidden]');
  });

  test('tells what an error is, with its causes', () => {
    const { log, lines } = capture();
    log.error('query failed', {
      error: Object.assign(new TypeError('no'), { code: 'E1', cause: new Error('because') }),
    });
    log.error('bare', new Error('as the fields'));
    expect(lines()).toMatchObject([
      {
        error: {
          type: 'TypeError',
          message: 'no',
          code: 'E1',
          stack: expect.any(String),
          cause: { message: 'because' },
        },
      },
      { error: { message: 'as the fields' } },
    ]);
  });

  test('cleans long hostile texts in a moment', () => {
    const { log, text } = capture();
    const started = performance.now();
    for (const part of ['eyJ-', 'a.', 'a:', 'bearer ', '://a:'])
      log.info(part.repeat(200_000), { part: part.repeat(200_000) });
    expect(performance.now() - started).toBeLessThan(500);
    expect(text().length).toBeLessThan(100_000);
  });

  test('survives cycles, bigints, bytes and long lists', () => {
    const { log, lines } = capture();
    const cycle: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(9), list: new Array(1000).fill(0) };
    cycle.self = cycle;
    log.info('odd', { cycle });
    expect(lines()).toMatchObject([{ cycle: { big: '1', bytes: '[9 bytes]', self: {} } }]);
  });
});

describe('request ids', () => {
  test.each(['abc', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'urn:uuid:1'])('%s is kept', (id) => {
    expect(requestIdFrom(id, uuids)).toBe(id);
  });

  test.each([undefined, '', 'a b', 'a\nb', '"', '<x>', 'ü', 'x'.repeat(129), ['a'], 7])('%p is replaced', (id) => {
    expect(requestIdFrom(id, new CountingIds())).toBe('urn:test:1');
  });
});

describe('the logger for Nest', () => {
  test('writes messages with their context and errors with their stack', () => {
    const { log, lines } = capture();
    const front = new NestLogger(log);
    front.log('Mapped {/health} route', 'RouterExplorer');
    front.error('broken', 'Error: broken\n  at x', 'ExceptionsHandler');
    front.error(new Error('thrown'), undefined, 'ExceptionsHandler');
    front.warn({ event: 'odd' });
    expect(lines()).toMatchObject([
      { level: 'debug', context: 'RouterExplorer', msg: 'Mapped {/health} route' },
      { level: 'error', context: 'ExceptionsHandler', details: ['Error: broken\n  at x'], msg: 'broken' },
      { level: 'error', error: { message: 'thrown' }, context: 'ExceptionsHandler', msg: 'thrown' },
      { level: 'warn', data: { event: 'odd' } },
    ]);
  });

  test('serves as the logger of Nest itself', () => {
    const { log, lines } = capture();
    NestFront.overrideLogger(new NestLogger(log));
    new NestFront('Bootstrap').verbose('started');
    expect(lines()).toMatchObject([{ level: 'trace', context: 'Bootstrap', msg: 'started' }]);
  });
});

describe('metrics', () => {
  test('render in the text format of Prometheus together with those of the process', async () => {
    const metrics = createMetrics();
    const messages = metrics.counter({ name: 'x_total', help: 'x', labels: { outcome: ['ok', 'refused'] } });
    messages.add({ outcome: 'ok' });
    messages.add({ outcome: 'ok' }, 2);
    const plain = metrics.counter({ name: 'plain_total', help: 'plain' });
    plain.add({});
    const times = metrics.histogram({ name: 'y_seconds', help: 'y', buckets: [0.1, 1] });
    times.observe({}, 0.5);
    const { contentType, body } = await metrics.render();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('x_total{outcome="ok"} 3');
    expect(body).toContain('plain_total 1');
    expect(body).toContain('y_seconds_bucket{le="0.1"} 0');
    expect(body).toContain('y_seconds_bucket{le="1"} 1');
    expect(body).toContain('process_resident_memory_bytes');
  });

  test('a size is read at each scrape, and left out where it cannot be read', async () => {
    const metrics = createMetrics();
    let read = async () => [{ labels: { state: 'waiting' } as const, value: 3 }];
    metrics.gauge({ name: 'queue_messages', help: 'x', labels: { state: ['waiting'] }, read: () => read() });
    expect((await metrics.render()).body).toContain('queue_messages{state="waiting"} 3');
    read = () => Promise.reject(new Error('the database is down'));
    const { body } = await metrics.render();
    expect(body).toContain('process_resident_memory_bytes');
    expect(body).not.toContain('queue_messages{');
  });

  test('a label takes only its listed values', async () => {
    const metrics = createMetrics();
    const routes: readonly string[] = ['/a', '/b'];
    const requests = metrics.counter({ name: 'requests_total', help: 'x', labels: { route: routes } });
    for (let n = 0; n < 500; n++) requests.add({ route: `/a/${n}` });
    requests.add({ route: '/a' });
    const { body } = await metrics.render();
    expect(body.match(/^requests_total\{.*$/gm)).toEqual([
      'requests_total{route="other"} 500',
      'requests_total{route="/a"} 1',
    ]);
  });

  test('a metric with too many combinations is a defect', () => {
    const many = Array.from({ length: 40 }, (_, n) => `v${n}`);
    expect(() => createMetrics().counter({ name: 'z_total', help: 'z', labels: { a: many, b: many } })).toThrow('1681');
  });

  test('two registries do not meet', async () => {
    createMetrics().counter({ name: 'same_total', help: 'x' });
    expect(() => createMetrics().counter({ name: 'same_total', help: 'x' })).not.toThrow();
  });
});
