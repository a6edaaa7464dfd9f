import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type JsonObject, must } from '@hansa/kernel';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Agreement, LedgerItem, PeerCatalog, Pulled, Transfer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { run } from '../../apps/cli/src/testing/index.js';
import {
  agree,
  type Dataspace,
  openTransfer,
  publish,
  sameTransfer,
  startDataspace,
  transferIn,
} from './support/dataspace.js';
import type { NodeProcess } from './support/node-process.js';
import { contentDigest, Sink } from './support/sink.js';
import { bikeCounts, largeTable, type TableFile } from './support/tables.js';
import { sleep, until } from './support/wait.js';

const template = { name: 'members-only', parameters: {} } as const;
const secret = 'a-secret-that-nobody-else-may-see';

async function ledgerOf(node: NodeProcess, kind: string, subject: string): Promise<readonly JsonObject[]> {
  const url = `/ledger/entries?limit=500&kind=${kind}&subject=${encodeURIComponent(subject)}`;
  const { items } = must(await node.manage.get<{ items: readonly LedgerItem[] }>(url));
  return items.map(({ entry }) => entry.data as JsonObject);
}

describe('a transfer by push between two nodes', () => {
  let space: Dataspace;
  let table: TableFile;
  let datasetId: string;
  let largeId: string;
  let sink: Sink;

  beforeAll(async () => {
    space = await startDataspace();
    table = await bikeCounts(space.berlin.directory);
    datasetId = (await publish(space.berlin, { title: 'Bicycle counts', path: table.path }, template)).dataset.id;
    const large = await largeTable(space.berlin.directory, 60_000_000);
    largeId = (await publish(space.berlin, { title: 'Large', path: large }, template)).dataset.id;
  }, 120_000);
  beforeEach(async () => {
    sink = await Sink.open();
  });
  afterEach(() => sink.close());

  const agreed = async (id = datasetId): Promise<string> => {
    const agreementId = await agree(space.bruges, space.berlin, id, 'dpv:PublicBenefit');
    await until(async () => (await space.berlin.manage.get<Agreement>(path`/agreements/${agreementId}`)).ok);
    return agreementId;
  };
  const ask = async (agreementId: string, push: object): Promise<Transfer> =>
    must(await space.bruges.manage.post<Transfer>('/transfers', { agreementId, push }));
  const toSink = (changes: object = {}) => ({
    sink: { endpoint: `${sink.url}?key=${secret}`, authorization: secret, ...changes },
  });
  const move = (node: NodeProcess, id: string, name: string) =>
    node.manage.post<Transfer>(`${path`/transfers/${id}`}/${name}`, {}).then(must);
  const providers = (agreementId: string) => sameTransfer(space.berlin, agreementId);
  const provided = async (agreementId: string, state: string) => {
    const { id } = await until(() => providers(agreementId).catch(() => null));
    return transferIn(space.berlin, id, state);
  };

  test('is offered beside the pull', async () => {
    const asked = { counterparty: space.berlin.did };
    const { datasets } = must(await space.bruges.manage.post<PeerCatalog>('/catalog/request', asked));
    expect(datasets.find(({ id }) => id === datasetId)?.formats).toEqual(['HttpData-PULL', 'HttpData-PUSH']);
  });

  test('brings the data to the node of the consumer, completes itself, and leaves a receipt with both', async () => {
    const agreementId = await agreed();
    const { id, state } = await ask(agreementId, { format: 'csv' });
    expect(state).toBe('INITIAL');
    await transferIn(space.bruges, id, 'COMPLETED');
    const own = await provided(agreementId, 'COMPLETED');
    const { items } = must(
      await space.bruges.manage.get<{ items: readonly { id: string; content: JsonObject }[] }>(
        path`/transfers/${id}/received`,
      ),
    );
    const content = items[0]?.content ?? {};
    expect(items).toHaveLength(1);
    const bytes = await readFile(String(content.path));
    const digest = `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
    const facts = { digest, bytes: bytes.length, rows: table.rows.length, format: 'csv' };
    expect(content).toMatchObject({ ...facts, providerDigest: digest });
    expect(bytes.toString('utf8').split('\n')[0]).toContain(table.columns[0]);
    const released = await ledgerOf(space.berlin, 'data.released', agreementId);
    const received = await ledgerOf(space.bruges, 'data.received', agreementId);
    expect(released).toEqual([expect.objectContaining({ ...facts, agreement: agreementId })]);
    expect(received).toEqual([expect.objectContaining({ ...facts, agreement: agreementId, providerDigest: digest })]);
    expect(await ledgerOf(space.berlin, 'data.delivered', agreementId)).toEqual([expect.objectContaining(facts)]);
    const detail = must(await space.berlin.manage.get<Transfer & JsonObject>(path`/transfers/${own.id}`));
    expect(detail.push).toMatchObject({ deliveries: 1, failures: 0, delivered: facts });
    const downloaded = await fetch(`${space.bruges.url}/management/v1${path`/transfers/${id}/received`}/latest`, {
      headers: { authorization: `Bearer ${space.bruges.token}` },
    });
    expect(Buffer.from(await downloaded.arrayBuffer()).equals(bytes)).toBe(true);
  }, 60_000);

  test.each(['csv', 'json', 'parquet', 'arrow'] as const)(
    'brings %s to a sink of somebody else, by its rules',
    async (format) => {
      const agreementId = await agreed();
      const { id } = await ask(agreementId, { format, ...toSink({ method: 'PUT' }) });
      await transferIn(space.bruges, id, 'COMPLETED');
      const own = await provided(agreementId, 'COMPLETED');
      const [only, ...more] = sink.brought;
      expect(more).toEqual([]);
      expect(only).toMatchObject({ method: 'PUT', url: `/sink?key=${secret}` });
      expect(only?.headers.authorization).toBe(`Bearer ${secret}`);
      expect(only?.headers['content-digest']).toBe(contentDigest(only?.body ?? Buffer.alloc(0)));
      expect(only?.headers['idempotency-key']).toMatch(/^".+\/[0-9a-f]{64}"$/);
      for (const [node, transferId] of [
        [space.berlin, own.id],
        [space.bruges, id],
      ] as const) {
        const shown = must(await node.manage.get<JsonObject>(path`/transfers/${transferId}`));
        expect(shown).toMatchObject({ sink: new URL(sink.url).origin });
        const entries = must(await node.manage.get<JsonObject>('/ledger/entries?limit=500'));
        expect(JSON.stringify([shown, entries]) + node.log()).not.toContain(secret);
      }
    },
    60_000,
  );

  test('is repeated under one key until the sink takes it', async () => {
    let asked = 0;
    sink.behave = (request, response) => void sink.take(request, response, ++asked < 3 ? [500, 429][asked - 1] : 200);
    const agreementId = await agreed();
    const { id } = await ask(agreementId, toSink());
    await transferIn(space.bruges, id, 'COMPLETED');
    expect(sink.brought).toHaveLength(3);
    const keys = new Set(sink.brought.map(({ headers }) => headers['idempotency-key']));
    expect([keys.size, keys.has(undefined)]).toEqual([1, false]);
    const attempts = (await ledgerOf(space.berlin, 'data.released', agreementId)).map(({ attempt }) => attempt);
    expect(attempts.sort()).toEqual([1, 2, 3]);
  }, 60_000);

  test.each([
    ['refuses the data', 403, {}, 'The sink answered with status 403.'],
    [
      'points to a private address',
      307,
      { location: 'http://10.0.0.1/' },
      'The address that was given could not be used.',
    ],
  ] as const)(
    'is terminated, with a reason on both sides, when the sink %s',
    async (_, status, headers, reason) => {
      sink.behave = (request, response) =>
        void request.resume().on('end', () => response.writeHead(status, headers).end());
      const agreementId = await agreed();
      const { id } = await ask(agreementId, toSink());
      const expected = { termination: { by: 'provider', code: 'push.refused', reason: [reason] } };
      expect(await transferIn(space.bruges, id, 'TERMINATED')).toMatchObject(expected);
      expect(await provided(agreementId, 'TERMINATED')).toMatchObject(expected);
    },
    60_000,
  );

  test('is not held up by an answer without end', async () => {
    sink.behave = (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(Buffer.alloc(16_384)), 2);
        response.on('close', () => clearInterval(timer));
      });
    };
    const { id } = await ask(await agreed(), toSink());
    await transferIn(space.bruges, id, 'COMPLETED');
  }, 60_000);

  /** A transfer of large data into a sink that takes them slowly; some have come. */
  async function slowly(): Promise<{ agreementId: string; id: string; providerId: string }> {
    sink.behave = (request, response) => void sink.take(request, response, 200, 20);
    const agreementId = await agreed(largeId);
    const { id } = await ask(agreementId, toSink());
    await until(async () => sink.bytes > 0);
    const { id: providerId } = await providers(agreementId);
    return { agreementId, id, providerId };
  }

  /** Whether, and after how many milliseconds, the push under way was cut. */
  async function cutAfter(act: () => Promise<unknown>): Promise<number> {
    const begun = performance.now();
    await act();
    await until(async () => sink.cut > 0, { limit: 6000 });
    return performance.now() - begun;
  }

  test.each(['consumer', 'provider'] as const)(
    'stops in the middle when the %s suspends it, and goes on from the beginning',
    async (by) => {
      const { id, providerId } = await slowly();
      const [node, own] = by === 'consumer' ? [space.bruges, id] : [space.berlin, providerId];
      const shown = must(await space.berlin.manage.get<JsonObject>(path`/transfers/${providerId}`));
      expect(shown.push).toMatchObject({ deliveries: 0, failures: 0 });
      const took = await cutAfter(() => move(node, own, 'suspend'));
      expect(took).toBeLessThan(5000);
      await transferIn(space.berlin, providerId, 'SUSPENDED');
      await transferIn(space.bruges, id, 'SUSPENDED');
      const before = sink.bytes;
      await sleep(600);
      expect([sink.bytes, sink.brought.length]).toEqual([before, 0]);
      sink.behave = (request, response) => void sink.take(request, response);
      await move(node, own, 'resume');
      await transferIn(space.bruges, id, 'COMPLETED');
      expect(sink.brought).toHaveLength(1);
      process.stderr.write(`a push stopped ${Math.round(took)} ms after the ${by} suspended it\n`);
    },
    60_000,
  );

  test('stops in the middle when the agreement ends, and both sides know why', async () => {
    const { agreementId, id, providerId } = await slowly();
    const reason = 'the programme has ended';
    const end = () => space.berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason });
    expect(await cutAfter(end)).toBeLessThan(5000);
    for (const [node, own] of [
      [space.bruges, id],
      [space.berlin, providerId],
    ] as const)
      expect(await transferIn(node, own, 'TERMINATED')).toMatchObject({ termination: { reason: [reason] } });
    expect(sink.brought).toEqual([]);
  }, 60_000);

  test('survives the sudden death of the provider', async () => {
    const { id } = await slowly();
    await space.berlin.kill('SIGKILL');
    sink.behave = (request, response) => void sink.take(request, response);
    await space.berlin.start();
    await transferIn(space.bruges, id, 'COMPLETED');
    expect(sink.brought).toHaveLength(1);
    expect(sink.brought[0]?.headers['content-digest']).toBe(contentDigest(sink.brought[0]?.body ?? Buffer.alloc(0)));
  }, 90_000);

  test('brings more than a request may hold otherwise, at its own pace, to the node of the consumer', async () => {
    const { id } = await ask(await agreed(largeId), { format: 'csv' });
    await transferIn(space.bruges, id, 'COMPLETED');
    const { items } = must(
      await space.bruges.manage.get<{ items: readonly { content: JsonObject }[] }>(path`/transfers/${id}/received`),
    );
    expect(Number(items[0]?.content.bytes)).toBeGreaterThan(50_000_000);
    expect(items[0]?.content.digest).toBe(items[0]?.content.providerDigest);
  }, 60_000);

  test('opens its sink to the token of this transfer alone', async () => {
    const { bruges } = space;
    const { id } = await ask(await agreed(), { format: 'csv' });
    await transferIn(bruges, id, 'COMPLETED');
    const bring = (token: string | null, method = 'POST') =>
      fetch(`${bruges.url}/data/received/${encodeURIComponent(id)}`, {
        method,
        headers: { 'content-type': 'text/csv', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        // More than a connection holds: whoever is refused learns it all the same.
        body: 'a\n'.repeat(4_000_000),
      });
    for (const answer of [await bring(null), await bring('x'.repeat(43)), await bring(bruges.token, 'PUT')])
      expect(answer.status).toBe(401);
    const streamed = await fetch(`${bruges.url}/management/v1/datasets`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.hansa.streamed-body', authorization: `Bearer ${bruges.token}` },
      body: 'x',
    });
    expect(streamed.status).toBe(415);
  }, 60_000);

  test('is not what a transfer of finite data that was fetched needs to be completed', async () => {
    const { id } = await openTransfer(space.bruges, await agreed());
    const pull = async (complete: boolean) =>
      must(await space.bruges.manage.post<Pulled>(path`/transfers/${id}/pull`, { format: 'csv', complete }));
    expect((await pull(false)).completed).toBe(false);
    expect(await pull(true)).toMatchObject({ completed: true, matches: true });
    await transferIn(space.bruges, id, 'COMPLETED');
  }, 60_000);

  test('of data that go on changing brings each change until one side ends it', async () => {
    let text = '';
    const write = (n: number) => {
      text = `n\n${n}\n`;
    };
    write(1);
    const server = createServer((_, response) => response.end(text));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const source = { kind: 'http', url: `http://localhost:${(server.address() as AddressInfo).port}/now.csv` };
    const about = { title: 'Changing', source, finite: false, intervalSeconds: 5 };
    const dataset = must(await space.berlin.manage.post<{ id: string }>('/datasets', about));
    must(await space.berlin.manage.post('/offers', { datasetId: dataset.id, template }));
    const listed = must(
      await space.bruges.manage.post<JsonObject>('/catalog/request', { counterparty: space.berlin.did }),
    );
    expect(JSON.stringify(listed)).toContain('frequency/UPDATE_CONT');
    const agreementId = await agreed(dataset.id);
    const pulled = await openTransfer(space.bruges, agreementId);
    const url = path`/transfers/${pulled.id}/pull`;
    const first = must(await space.bruges.manage.post<Pulled>(url, { format: 'csv', complete: true }));
    expect(first).toMatchObject({ completed: false, matches: true });
    await transferIn(space.bruges, pulled.id, 'STARTED');
    const { id } = await ask(agreementId, toSink());
    const texts = () => sink.brought.map(({ body }) => body.toString());
    await until(async () => texts().length === 1);
    await sleep(6000);
    expect(texts()).toEqual(['n\n1\n']);
    write(2);
    await until(async () => texts().length === 2);
    await transferIn(space.bruges, id, 'STARTED');
    await move(space.bruges, id, 'suspend');
    await transferIn(space.bruges, id, 'SUSPENDED');
    write(3);
    await sleep(6000);
    expect(texts()).toEqual(['n\n1\n', 'n\n2\n']);
    await move(space.bruges, id, 'resume');
    await until(async () => texts().length === 3);
    await move(space.bruges, id, 'complete');
    await transferIn(space.bruges, id, 'COMPLETED');
    write(4);
    await sleep(6000);
    expect(texts()).toEqual(['n\n1\n', 'n\n2\n', 'n\n3\n']);
    // The token of the pull is as good as on its first day.
    expect(must(await space.bruges.manage.post<Pulled>(url, { format: 'csv' })).digest).not.toBe(first.digest);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }, 120_000);

  test('is asked for and fetched by the command line', async () => {
    const agreementId = await agreed();
    const { directory, env } = space.bruges;
    const cli = (...args: readonly string[]) =>
      run([...args, '--url', space.bruges.url, '--token', space.bruges.token], { directory, env });
    const started = await cli('transfer', 'start', agreementId, '--push', '--format', 'json', '-o', 'json');
    expect([started.code, started.err]).toEqual([0, '']);
    const { id, state } = JSON.parse(started.out);
    expect(state).toBe('COMPLETED');
    const listed = await cli('transfer', 'received', id);
    expect(listed.out).toContain('json');
    const saved = await cli('transfer', 'save', id, 'counts.json');
    expect([saved.code, saved.err]).toEqual([0, '']);
    expect(JSON.parse(await readFile(join(directory, 'counts.json'), 'utf8'))).toHaveLength(table.rows.length);
  }, 60_000);
});
