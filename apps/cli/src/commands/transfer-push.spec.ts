import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { playedNode } from '../testing/index.js';

const { folder, node, routes, server } = playedNode();

describe('having data brought', () => {
  const base = { id: 'urn:t', role: 'consumer', counterparty: 'did:web:b.example', createdAt: 't', updatedAt: 't' };
  const answer = (state: string, sink?: string) => ({ body: { ...base, state, pending: null, sink } });
  const start = (...args: readonly string[]) => node(['transfer', 'start', 'urn:a', ...args]);
  const asked = () => JSON.parse(server.asked[0]?.body ?? '');

  test('asks for it, to this node or to an address, and waits until it is complete', async () => {
    server.respond = routes({
      'POST /transfers': answer('INITIAL', 'https://b.example'),
      'GET /transfers/urn%3At': answer('COMPLETED', 'https://b.example'),
    });
    const { code, out } = await start('--push', '--format', 'json');
    expect([code, out]).toEqual([0, 'Completed: urn:t\nSee what came to this node: hansa transfer received urn:t\n']);
    expect(asked()).toEqual({ agreementId: 'urn:a', push: { format: 'json' } });
    server.asked.length = 0;
    await start('--push', '--to', 'https://lake.example/in', '--authorization', 's', '--put');
    const sink = { endpoint: 'https://lake.example/in', authorization: 's', method: 'PUT' };
    expect(asked()).toEqual({ agreementId: 'urn:a', push: { sink } });
  });

  test('does not wait for the end of data that go on changing', async () => {
    server.respond = routes({
      'POST /transfers': answer('INITIAL', 'https://b.example'),
      'GET /transfers/urn%3At': answer('STARTED', 'https://b.example'),
    });
    const { code, out } = await start('--push');
    expect([code, out]).toEqual([0, 'Started: urn:t\nThe data come by themselves: hansa transfer received urn:t\n']);
  }, 15_000);

  test.each([
    [['--format', 'csv']],
    [['--to', 'https://x.example']],
    [['--push', '--authorization', 's']],
    [['--push', '--put']],
  ])('is not what %p says', async (args) => {
    const { code, err } = await start(...args);
    expect([code, server.asked.length]).toEqual([2, 0]);
    expect(err).toMatch(/go with --(push|to)/);
  });

  test('lists what has come, and how a push goes', async () => {
    const content = {
      path: '/d/x.csv',
      format: 'csv',
      bytes: 2048,
      rows: 7,
      digest: 'sha-256:a',
      providerDigest: null,
    };
    const received = { id: 'urn:r', transferId: 'urn:t', content, receivedAt: '2026-11-23T12:00:00Z' };
    const push = {
      dueAt: null,
      fraction: 0.5,
      failures: 2,
      problem: 'The sink answered with status 500.',
      deliveries: 1,
    };
    server.respond = routes({
      'GET /transfers/urn%3At/received': { body: { items: [received] } },
      'GET /transfers/none/received': { body: { items: [] } },
      'GET /transfers/urn%3At': {
        body: { ...base, role: 'provider', state: 'STARTED', pending: null, sink: 'https://s.example', push },
      },
    });
    expect((await node(['transfer', 'received', 'urn:t'])).out).toMatch(/csv +2.00 KiB +7 +sha-256:a +urn:r/);
    expect((await node(['transfer', 'received', 'none'])).out).toBe('Nothing has come yet.\n');
    expect((await node(['transfer', 'show', 'urn:t'])).out).toContain(
      '1 time; 50 % of the next is sent; 2 failed since: The sink answered with status 500.',
    );
  });

  test('saves it into a new file, and never into one that is there', async () => {
    server.respond = routes({ 'GET /transfers/urn%3At/received/latest': { body: { a: 1 } } });
    folder.file('there.json', { mine: true });
    const saved = await node(['transfer', 'save', 'urn:t', 'new.json']);
    expect([saved.code, saved.err]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(join(folder.path, 'new.json'), 'utf8'))).toEqual({ a: 1 });
    const refused = await node(['transfer', 'save', 'urn:t', 'there.json']);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('already')]);
    expect(readFileSync(join(folder.path, 'there.json'), 'utf8')).toContain('mine');
    expect((await node(['transfer', 'save', 'urn:t', 'no/such/folder'])).err).toContain('ENOENT');
  });
});
