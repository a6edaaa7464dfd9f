import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGuardedClient, type ResolvedAddress } from './index.js';

/** Every spelling of this machine that a URL parser or a resolver may accept. */
const loopbackForms = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.b.localhost',
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '0177.0x0.1',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '127。0。0。1',
  '①②⑦.0.0.1',
  'ｌｏｃａｌｈｏｓｔ',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
];

/** One address or more of each range that IANA's special-purpose registries know, and forms that embed IPv4. */
const specialForms = [
  '0.0.0.0',
  '0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.254',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '169.254.0.1',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.254',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.254',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:168.63.129.16]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::10.0.0.1]',
  '[100::1]',
  '[2001::1]',
  '[2001:2::1]',
  '[2001:4:112::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::1]',
  '[2620:4f:8000::1]',
  '[3fff::1]',
  '[4000::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
];

let canary: Server;
let port: number;
let visits = 0;

beforeAll(async () => {
  canary = createServer((_, response) => response.setHeader('connection', 'close').end('secret'));
  canary.on('connection', () => visits++);
  await new Promise<void>((ready) => canary.listen(0, '::', ready));
  port = (canary.address() as AddressInfo).port;
});

afterAll(() => new Promise((done) => canary.close(done)));

describe('addresses that must never be reached', () => {
  test('the table holds the forms and ranges of the threat model', () => {
    expect(new Set([...loopbackForms, ...specialForms]).size).toBeGreaterThan(80);
  });

  test.each([...loopbackForms, ...specialForms])('http://%s/ is refused without a connection', async (host) => {
    const client = createGuardedClient({ allowInsecure: true });
    visits = 0;
    const got = await client.request({ url: `http://${host}:${port}/` });
    expect(client.check(`http://${host}:${port}/`)).toEqual(got);
    expect(got).toMatchObject({ ok: false, problem: { kind: 'http.address-refused' } });
    expect(visits).toBe(0);
    await client.close();
  });

  test.each(specialForms)('http://%s/ is refused also where loopback is allowed', async (host) => {
    const client = createGuardedClient({ allowInsecure: true, allowLoopback: true });
    visits = 0;
    const got = await client.request({ url: `http://${host}:${port}/` });
    // The IPv4-mapped form of a loopback address is that loopback address.
    const mapped = ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'].includes(host);
    expect(got.ok ? 'reached' : got.problem.kind).toBe(mapped ? 'reached' : 'http.address-refused');
    if (!mapped) expect(visits).toBe(0);
    await client.close();
  });

  test.each(['127.0.0.1', '0x7f.1', '[::1]', 'localhost'])('%s is reached where loopback is allowed', async (host) => {
    const client = createGuardedClient({ allowInsecure: true, allowLoopback: true });
    const got = await client.request({ url: `http://${host}:${port}/` });
    expect(got).toMatchObject({ ok: true, value: { status: 200 } });
    await client.close();
  });
});

describe('URLs that are not plain https addresses', () => {
  test.each([
    '',
    '/relative',
    'city.example',
    'http://city.example/',
    'ftp://city.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:1',
    'gopher://city.example/',
    'ws://city.example/',
    'blob:https://city.example/1',
    'https://user@city.example/',
    'https://user:password@city.example/',
    'https://city.example@127.0.0.1/',
    'https://city.example/#fragment',
    'https://city.example/#',
    'https://',
    'https://city.example:99999/',
    'https://256.256.256.256/',
    'https://1.2.3.4.5/',
    'https://[fe80::1%25eth0]/',
    'https://a b.example/',
    'https://city%00.example/',
    `https://city.example/${'x'.repeat(2048)}`,
  ])('%j is refused', async (url) => {
    const client = createGuardedClient({ resolve: () => Promise.reject(new Error('resolved')) });
    const got = await client.request({ url });
    expect(got).toMatchObject({ ok: false, problem: { kind: 'http.address-refused' } });
    expect(client.check(url)).toEqual(got);
    await client.close();
  });
});

describe('names', () => {
  const at = (address: string): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 });
  const visit = async (addresses: readonly string[], host: string, allowLoopback: boolean) => {
    const resolve = () => Promise.resolve(addresses.map(at));
    const client = createGuardedClient({ allowInsecure: true, allowLoopback, resolve, connectTimeout: 300 });
    visits = 0;
    const got = await client.request({ url: `http://${host}:${port}/` });
    await client.close();
    return got;
  };

  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['10.1.2.3']],
    [['::ffff:127.0.0.1']],
    [['9.9.9.9', '127.0.0.1']],
    [['127.0.0.1', '9.9.9.9']],
    [['2600::1', 'fd00::1']],
  ])('a name that resolves to %j is refused whole', async (addresses) => {
    expect(await visit(addresses, 'city.example', false)).toMatchObject({ problem: { kind: 'http.address-refused' } });
    expect(visits).toBe(0);
  });

  test('a public name that leads to this machine is refused also where loopback is allowed', async () => {
    expect(await visit(['127.0.0.1'], 'city.example', true)).toMatchObject({
      problem: { kind: 'http.address-refused' },
    });
    expect(visits).toBe(0);
    expect(await visit(['127.0.0.1'], 'berlin.localhost', true)).toMatchObject({ ok: true });
  });

  test('a loopback name that leads into a private network is refused', async () => {
    expect(await visit(['10.0.0.1'], 'localhost', true)).toMatchObject({ problem: { kind: 'http.address-refused' } });
  });

  test('each connection is checked anew, so a name that changes its address is refused from then on', async () => {
    const answers = ['127.0.0.1', '10.0.0.1', '127.0.0.1'];
    const resolve = () => Promise.resolve([at(answers.shift() ?? '')]);
    const client = createGuardedClient({ allowInsecure: true, allowLoopback: true, resolve });
    const outcomes: string[] = [];
    visits = 0;
    for (let i = 0; i < 3; i++) {
      const got = await client.request({ url: `http://rebind.localhost:${port}/` });
      outcomes.push(got.ok ? 'reached' : got.problem.kind);
    }
    expect(outcomes).toEqual(['reached', 'http.address-refused', 'reached']);
    expect(visits).toBe(2);
    await client.close();
  });

  test('a name without addresses, and one that does not resolve, are unreachable', async () => {
    expect(await visit([], 'nowhere.example', false)).toMatchObject({ problem: { kind: 'http.unreachable' } });
    const notFound = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    const client = createGuardedClient({ resolve: () => Promise.reject(notFound) });
    const got = await client.request({ url: 'https://nowhere.example/' });
    expect(got).toMatchObject({ problem: { kind: 'http.unreachable' } });
    await client.close();
  });

  test('further networks can be denied', async () => {
    const client = createGuardedClient({ deny: ['9.9.9.0/24', '2620:fe::/48'] });
    for (const host of ['9.9.9.9', '[2620:fe::fe]'])
      expect(await client.request({ url: `https://${host}/` })).toMatchObject({
        problem: { kind: 'http.address-refused' },
      });
    await client.close();
  });
});
