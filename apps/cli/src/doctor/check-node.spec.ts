import { fail, ok } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getPublicJson } from '../client.js';
import { packageVersion } from '../package-root.js';
import { Session } from '../session.js';
import { type Answer, LoopbackServer } from '../testing/index.js';
import { checkNode, deliveriesOf, membershipOf, readinessOf, sameNode } from './check-node.js';

const server = new LoopbackServer();
beforeAll(() => server.listen());
afterAll(() => server.close());

const now = Date.parse('2026-11-23T00:00:00Z');
const configured = () => ({
  city: 'berlin',
  publicUrl: `http://localhost:${server.port}`,
  address: server.url,
  dataDirectory: '/nowhere',
});
const session = (options: { readonly url?: string; readonly token?: string }) =>
  new Session(
    {
      out: () => {},
      err: () => {},
      ask: async () => '',
      interactive: false,
      colour: false,
      live: false,
      env: {},
      directory: '/nowhere',
    },
    { output: 'text', ...options },
  );
const answers = (changes: Record<string, Answer> = {}) => {
  const did = `did:web:localhost%3A${server.port}`;
  const table: Record<string, Answer> = {
    '/health/ready': { body: { status: 'up', parts: { database: { status: 'up' }, delivery: { status: 'up' } } } },
    '/.well-known/did.json': { body: { id: did } },
    '/management/v1/node': {
      body: { ...configured(), did, version: packageVersion(), authority: false, database: 'embedded', jobs: 'redis' },
    },
    '/management/v1/credentials': {
      body: { items: [{ type: 'MembershipCredential', issuer: 'did:web:a.example', validUntil: null }] },
    },
    '/management/v1/deliveries/dead': { body: { items: [] } },
    ...changes,
  };
  server.respond = ({ url }) => table[url] ?? { status: 404, body: {} };
};
const statuses = async (...asked: Parameters<typeof checkNode>) =>
  Object.fromEntries((await checkNode(...asked)).map(({ check, status }) => [check, status]));

describe('the node where it is configured to listen', () => {
  const well = {
    'running node': 'ok',
    identity: 'ok',
    'same node': 'ok',
    version: 'ok',
    stores: 'ok',
    membership: 'ok',
    deliveries: 'ok',
  };

  test('is asked for everything that an operator wants to know', async () => {
    answers();
    const findings = await checkNode(session({ token: 't' }), configured(), now);
    expect(Object.fromEntries(findings.map(({ check, status }) => [check, status]))).toEqual(well);
    const text = findings.map(({ detail }) => detail).join('\n');
    expect(text).toContain('is ready: database, delivery.');
    expect(text).toContain('embedded database, jobs in Redis');
  });

  test('is looked at as far as everybody may without its token', async () => {
    answers();
    expect(await statuses(session({}), configured(), now)).toEqual({
      'running node': 'ok',
      identity: 'ok',
      access: 'warn',
    });
  });

  test('fails where others do not find its DID document', async () => {
    answers({ '/.well-known/did.json': { body: { id: 'did:web:localhost%3A1' } } });
    const findings = await checkNode(session({ token: 't' }), configured(), now);
    expect(findings.find(({ check }) => check === 'identity')).toMatchObject({
      status: 'fail',
      detail: 'did:web:localhost%3A1 is not found at http://localhost:1/.well-known/did.json: nothing answers there.',
    });
  });

  test('warns after an upgrade without a restart, and refuses a wrong token', async () => {
    answers({ '/management/v1/node': { body: { ...configured(), version: '0.0.1' } } });
    expect(await statuses(session({ token: 't' }), configured(), now)).toEqual({ ...well, version: 'warn' });
    answers({ '/management/v1/node': { status: 401, body: { type: 'urn:hansa:problem:access.unauthorized' } } });
    expect(await statuses(session({ token: 't' }), configured(), now)).toMatchObject({ access: 'fail' });
  });
});

test('an address that is named goes before the configured one', async () => {
  answers();
  const elsewhere = { ...configured(), address: 'http://127.0.0.1:1', city: 'bruges' };
  expect(await statuses(session({ url: server.url, token: 't' }), elsewhere, now)).toMatchObject({
    'running node': 'ok',
    'same node': 'warn',
  });
});

describe('a node that answers', () => {
  test('is named with the parts that are down, and one that is absent is a fault only where it is named', async () => {
    const other = new LoopbackServer();
    await other.listen();
    const { url } = other;
    const look = async (isNamed = false) => readinessOf(url, await getPublicJson(url, '/health/ready'), isNamed);
    const parts = { database: { status: 'down', reason: 'no answer in 3000 ms' }, jobs: { status: 'up' } };
    other.respond = () => ({ status: 503, body: { status: 'down', parts } });
    expect(await look()).toMatchObject({
      answered: true,
      finding: { status: 'fail', hint: 'database is down: no answer in 3000 ms' },
    });
    await other.close();
    expect(await look()).toMatchObject({
      answered: false,
      finding: { status: 'ok', hint: 'Start one with "hansa start".' },
    });
    expect(await look(true)).toMatchObject({ answered: false, finding: { status: 'fail' } });
  });

  test('under another name than the configured one makes the set-up worthless', () => {
    const here = configured();
    expect(sameNode({ ...here }, here, false).status).toBe('ok');
    expect(sameNode({ ...here, city: 'bruges' }, here, false).status).toBe('fail');
    expect(sameNode({ ...here, publicUrl: 'https://b.example' }, here, true).status).toBe('warn');
  });
});

describe('its credential', () => {
  const held = (validUntil: string | null) =>
    ok({ items: [{ id: 'c', type: 'MembershipCredential', issuer: 'did:web:a.example', validUntil }] });

  test.each([
    ['2027-11-23T00:00:00.000Z', 'ok', 'valid until 2027-11-23 00:00:00Z'],
    ['2026-12-01T00:00:00.000Z', 'warn', 'valid until 2026-12-01 00:00:00Z'],
    ['2026-11-22T00:00:00.000Z', 'fail', 'ended 2026-11-22 00:00:00Z; others refuse it'],
    [null, 'ok', 'without an end'],
  ])('valid until %s is %s', (validUntil, status, detail) => {
    const finding = membershipOf({ authority: false }, held(validUntil), now);
    expect(finding).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });

  test('is missed by all but the authority', () => {
    const nothing = ok({ items: [] });
    expect(membershipOf({ authority: false }, nothing, now).status).toBe('warn');
    expect(membershipOf({ authority: true }, nothing, now).status).toBe('ok');
  });
});

test('deliveries that were given up are counted', () => {
  expect(deliveriesOf(ok({ items: [{}, {}] }))).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('2 messages were given up'),
  });
  expect(deliveriesOf(fail({ kind: 'node.cut-off', detail: 'It stopped.' })).status).toBe('fail');
});
