import { describe, expect, test } from '@jest/globals';
import { getPublicJson } from '../client.js';
import { connectorMain } from '../connector.js';
import { LoopbackServer } from '../testing/index.js';
import { findingFrom, readinessOf } from './doctor.js';

describe('the check of a set-up', () => {
  test('is read line by line, and other lines are passed over', () => {
    const hinted = { check: 'database', ok: false, detail: 'No server answers.', hint: 'Start PostgreSQL.' };
    const lines = [
      '{"check":"node","ok":true,"detail":"20.20"}',
      JSON.stringify(hinted),
      'warning',
      '[1]',
      '{"check":1}',
      '',
    ];
    expect(lines.flatMap(findingFrom)).toEqual([{ check: 'node', ok: true, detail: '20.20' }, hinted]);
  });

  test('needs a build', () => {
    expect(connectorMain('/nowhere')).toMatchObject({ ok: false, problem: { kind: 'cli.not-built' } });
  });
});

describe('a node that answers', () => {
  test('is named with the parts that are down, and one that is absent is no fault', async () => {
    const server = new LoopbackServer();
    await server.listen();
    const { url } = server;
    const look = async () => readinessOf(url, await getPublicJson(url, '/health/ready'));
    server.respond = () => ({ body: { status: 'up', parts: {} } });
    expect(await look()).toMatchObject({ answered: true, finding: { ok: true } });
    const parts = { database: { status: 'down', reason: 'no answer in 3000 ms' }, jobs: { status: 'up' } };
    server.respond = () => ({ status: 503, body: { status: 'down', parts } });
    expect(await look()).toMatchObject({
      answered: true,
      finding: { ok: false, hint: 'database is down: no answer in 3000 ms' },
    });
    await server.close();
    expect(await look()).toMatchObject({
      answered: false,
      finding: { ok: true, hint: 'Start one with "hansa start".' },
    });
  });
});
