import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { must } from '@hansa/kernel';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { path } from '../../apps/cli/src/client.js';
import { type Access, HandConsumer } from './support/consumer.js';
import { publish } from './support/dataspace.js';
import { type NodeProcess, startNode } from './support/node-process.js';
import { Participant } from './support/participant.js';
import { bikeCounts, largeTable, type TableFile } from './support/tables.js';

const offered = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
const purpose = 'dpv:ImproveTransportMobility';
const mediaTypes = {
  csv: 'text/csv',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;

/** The whole answer: a body that nobody reads would keep its connection, and with it this process, alive. */
async function download(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const body = Buffer.from(await response.arrayBuffer());
  const problem = () => JSON.parse(body.toString()) as { readonly type: string; readonly detail: string };
  return { status: response.status, headers: response.headers, body, problem };
}

describe.each(databaseKinds)('a consumer of another make downloads from a node on a "%s" database', (database) => {
  if (database === 'server' && !testServerUrl) {
    test.skip('skipped: HANSA_TEST_DATABASE_URL names no PostgreSQL server', () => {});
    return;
  }
  let berlin: NodeProcess;
  let consumer: HandConsumer;
  let table: TableFile;
  let agreementId: string;
  let access: Access;

  beforeAll(async () => {
    const authority = await startNode({ city: 'authority', authority: true, database });
    berlin = await startNode({ city: 'berlin', trust: [authority.did], database });
    const participant = await Participant.appear();
    await participant.join(authority);
    consumer = new HandConsumer(participant, berlin);
    table = await bikeCounts(berlin.directory);
    const { dataset } = await publish(berlin, { title: 'Bicycle counts', path: table.path }, offered);
    agreementId = await consumer.agree(dataset.id, purpose);
    access = await consumer.open(agreementId);
  }, 120_000);
  afterAll(() => consumer?.participant.leave());

  const ask = (suffix: string, headers: Record<string, string> = {}, method = 'GET', token = access.token) =>
    download(`${access.endpoint}${suffix}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });

  test.each(Object.entries(mediaTypes))(
    '%s comes by suffix and by Accept, with one digest for both',
    async (suffix, type) => {
      const answers = [await ask(`.${suffix}`), await ask('', { accept: `${type}, */*;q=0.1` })];
      for (const answer of answers) {
        const hash = createHash('sha256').update(answer.body).digest();
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
        expect(answer.headers.get('etag')).toBe(`"${hash.toString('hex')}"`);
        expect(answer.headers.get('repr-digest')).toBe(`sha-256=:${hash.toString('base64')}:`);
        expect(Number(answer.headers.get('content-length'))).toBe(answer.body.length);
      }
      expect(answers[0]?.body.equals(answers[1]?.body ?? Buffer.alloc(0))).toBe(true);
    },
  );

  test('without a wish it is CSV, and a wish that cannot be met is told', async () => {
    expect((await ask('')).headers.get('content-type')).toBe('text/csv');
    for (const answer of [await ask('.xlsx'), await ask('', { accept: 'text/html' })]) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        406,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.problem().detail).toContain('csv');
    }
  });

  test('HEAD tells everything and sends nothing', async () => {
    const [head, get] = [await ask('.csv', {}, 'HEAD'), await ask('.csv')];
    for (const name of ['etag', 'repr-digest', 'content-type', 'content-length', 'accept-ranges'])
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  test('parts fit together to the whole', async () => {
    const whole = (await ask('.csv')).body;
    const size = whole.length;
    const cases = [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, size - 1],
      ['bytes=-50', size - 50, size - 1],
      [`bytes=${size - 1}-${size + 1000}`, size - 1, size - 1],
    ] as const;
    for (const [range, first, last] of cases) {
      const part = await ask('.csv', { range });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/${size}`]);
      expect(part.body.equals(whole.subarray(first, last + 1))).toBe(true);
    }
    const beyond = await ask('.csv', { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    for (const range of ['bytes=0-1,5-6', 'rows=0-1', 'bytes=9-2', 'bytes=x']) {
      const answer = await ask('.csv', { range });
      expect([range, answer.status, answer.body.length]).toEqual([range, 200, size]);
    }
  });

  test('what the consumer has already is not sent again, and a part is only of what it knows', async () => {
    const etag = (await ask('.csv', {}, 'HEAD')).headers.get('etag') ?? '';
    const known = await ask('.csv', { 'if-none-match': `"other", ${etag}` });
    expect([known.status, known.body.length, known.headers.get('etag')]).toEqual([304, 0, etag]);
    expect((await ask('.csv', { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await ask('.csv', { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await ask('.csv', { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  test('only the token of this transfer opens it', async () => {
    const other = await consumer.open(agreementId);
    const refused = await Promise.all(
      ['', 'x'.repeat(43), other.token, access.token.toUpperCase(), `${access.token}x`].map(async (token) => {
        const answer = await ask('.csv', {}, 'GET', token);
        return [answer.status, answer.problem().type];
      }),
    );
    expect(refused).toEqual(refused.map(() => [401, 'urn:hansa:problem:data.unauthorized']));
    expect((await download(`${access.endpoint}.csv`)).status).toBe(401);
    expect((await ask('.csv')).status).toBe(200);
  });

  test('a file that changes has another digest; one that vanished gives a clear answer', async () => {
    const file = await largeTable(berlin.directory, 20_000);
    const { dataset } = await publish(berlin, { title: 'Goes away', path: file }, offered);
    const { endpoint, token } = await consumer.open(await consumer.agree(dataset.id, purpose));
    const get = () => download(endpoint, { headers: { authorization: `Bearer ${token}` } });
    const first = await get();
    await largeTable(berlin.directory, 40_000);
    const second = await get();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
    await rm(file);
    const gone = await get();
    expect(gone.status).toBeGreaterThanOrEqual(400);
    expect(gone.status).toBeLessThan(500);
    expect(gone.headers.get('content-type')).toContain('application/problem+json');
    expect(gone.body.toString()).not.toContain(berlin.directory);
  });

  test('a download that is under way when the node is told to stop comes to its end', async () => {
    const size = 24_000_000;
    const { dataset } = await publish(
      berlin,
      { title: 'Large', path: await largeTable(berlin.directory, size) },
      offered,
    );
    const { endpoint, token } = await consumer.open(await consumer.agree(dataset.id, purpose));
    const answer = await fetch(`${endpoint}.csv`, { headers: { authorization: `Bearer ${token}` } });
    const reader = answer.body?.getReader();
    if (!reader) throw new Error('there is no body');
    const hash = createHash('sha256');
    let received = 0;
    let stopping: Promise<void> | null = null;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      hash.update(part.value);
      received += part.value.length;
      stopping ??= berlin.stop();
    }
    expect(received).toBe(Number(answer.headers.get('content-length')));
    expect(received).toBeGreaterThan(size * 0.9);
    expect(`"${hash.digest('hex')}"`).toBe(answer.headers.get('etag'));
    await stopping;
  }, 60_000);

  test('when the agreement ends, the token opens nothing from that moment on', async () => {
    await berlin.start();
    expect((await ask('.csv')).status).toBe(200);
    must(await berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason: 'the programme has ended' }));
    const refused = await ask('.csv');
    expect([refused.status, refused.problem().type]).toEqual([403, 'urn:hansa:problem:data.denied']);
    await consumer.arrival(access, '/termination');
  }, 60_000);
});
