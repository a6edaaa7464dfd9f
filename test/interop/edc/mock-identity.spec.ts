import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Did } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { builtNode } from '../../e2e/support/build.js';
import { MockIdentity } from './mock-identity.js';

const here = { listen: { host: '127.0.0.1', port: 1 }, publicUrl: 'http://localhost:1' };
const local = 'did:web:localhost%3A2' as Did;

describe('the mock identity', () => {
  const identity = new MockIdentity(here);

  test('names this node to a participant of this machine, and to no other', async () => {
    const claims = { region: 'eu', audience: local, clientId: 'did:web:localhost%3A1' };
    expect(JSON.parse(await identity.authorize(local))).toEqual(claims);
    await expect(identity.authorize('did:web:city.example' as Did)).rejects.toThrow('is not on this machine');
  });

  test('believes who says to be of this machine, and nobody else', async () => {
    const sent = JSON.stringify({ region: 'eu', audience: 'http://localhost:1', clientId: local });
    expect(await identity.verifyCounterparty(sent)).toEqual({ ok: true, value: { did: local, credentials: [] } });
    const strangers = ['did:web:city.example', 'did:web:localhost.city.example', 'somebody', 5, null];
    const refused = strangers.map((clientId) => JSON.stringify({ clientId }));
    for (const header of [undefined, '', `Bearer ${sent}`, '[]', 'null', ...refused])
      expect([header, (await identity.verifyCounterparty(header)).ok]).toEqual([header, false]);
  });

  test.each([
    [{ ...here, listen: { host: '0.0.0.0', port: 1 } }, '0.0.0.0'],
    [{ ...here, listen: { host: '192.168.0.7', port: 1 } }, '192.168.0.7'],
    [{ ...here, publicUrl: 'https://city.example' }, 'city.example'],
    [{ ...here, publicUrl: 'http://localhost.city.example' }, 'localhost.city.example'],
  ])('refuses to run where others than this machine reach the node', (config, host) => {
    expect(() => new MockIdentity(config)).toThrow(`runs on loopback only, not on ${host}`);
  });
});

test('nothing that is shipped knows a mock identity', () => {
  const main = builtNode();
  const root = join(main, '../..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(m?js|json)$/.test(name));
  const knowing = files.filter((name) => /clientId|MockIdentity|iam-mock/.test(readFileSync(join(root, name), 'utf8')));
  expect([files.length > 300, files.some((name) => join(root, name) === main), knowing]).toEqual([true, true, []]);
});
