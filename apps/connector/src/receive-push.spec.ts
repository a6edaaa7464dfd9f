import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { type ConsumerPid, type ProviderPid, parseMessage, serialize } from '@hansa/dsp';
import { must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { peer, QuietNode } from './quiet-node.fixtures.js';
import { TransferCommands } from './transfer/index.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';
import { type PushHeaders, ReceivePush } from './transfer/receive-push.js';
import { ReceivedData } from './transfer/received-data.js';

const body = Buffer.from('a,b\n1,2\n3,4\n');
const digestHeader = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

describe('the sink of a consumer', () => {
  let node: QuietNode;
  let id: string;
  let token: string;
  let pids: { consumerPid: ConsumerPid; providerPid: ProviderPid };
  beforeAll(async () => {
    node = await QuietNode.start('embedded');
  }, 60_000);
  afterAll(() => node?.remove(), 60_000);

  beforeEach(async () => {
    const agreement = await node.agree('consumer');
    id = must(await node.get(TransferCommands).start(agreement.id, { format: 'csv' })).id;
    const request = await node.next(id);
    if (!request) throw new Error('there is no request');
    const message = must(parseMessage('TransferRequestMessage', JSON.parse(request.body)));
    token = message.dataAddress?.properties.find(({ name }) => name === 'authorization')?.value ?? '';
    pids = { consumerPid: id as ConsumerPid, providerPid: uuids.next() as ProviderPid };
    await node.acknowledge(request, serialize({ type: 'TransferProcess', ...pids, state: 'REQUESTED' }, uuids.next()));
  });

  const say = async (type: 'TransferStartMessage' | 'TransferCompletionMessage') => {
    const message = type === 'TransferStartMessage' ? { type, ...pids, dataAddress: null } : { type, ...pids };
    const wire = serialize(message, uuids.next());
    must(await node.get(ReceiveTransferMessage).step({ did: peer, credentials: [] }, id, message, wire));
  };
  const bring = (bytes: Buffer | Readable, headers: PushHeaders = {}) =>
    node
      .get(ReceivePush)
      .accept(
        id,
        { authorization: `Bearer ${token}`, 'content-type': 'text/csv; charset=utf-8', ...headers },
        Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes,
      );
  const kept = () => node.get(ReceivedData).of(id);

  test('is closed before the transfer is started and after it is completed', async () => {
    const conflict = { ok: false, problem: { kind: 'data.conflict' } };
    expect(await bring(body)).toMatchObject(conflict);
    await say('TransferStartMessage');
    expect(await bring(body)).toMatchObject({ ok: true });
    await say('TransferCompletionMessage');
    expect(await bring(Buffer.from('a\n1\n'))).toMatchObject(conflict);
    expect(await kept()).toHaveLength(1);
  });

  test('keeps the same data once, however often they come, and other data beside them', async () => {
    await say('TransferStartMessage');
    const first = must(await bring(body, { 'content-digest': digestHeader(body) }));
    expect(must(await bring(body))).toEqual(first);
    const { content } = first;
    expect(content).toMatchObject({ format: 'csv', rows: 2, bytes: body.length, providerDigest: content.digest });
    expect((await readFile(content.path)).equals(body)).toBe(true);
    const other = must(await bring(Buffer.from([0, 1, 2]), { 'content-type': 'image/png' }));
    expect(other.content).toMatchObject({ format: null, rows: null, providerDigest: null, bytes: 3 });
    expect((await kept()).map((received) => received.id)).toEqual([other.id, first.id]);
    expect(await readdir(dirname(content.path))).toHaveLength(2);
  });

  test('takes neither bytes that do not have the digest that is stated, nor half of them', async () => {
    await say('TransferStartMessage');
    const stated = { 'content-digest': digestHeader(Buffer.from('other')) };
    expect(await bring(body, stated)).toMatchObject({ problem: { kind: 'data.conflict' } });
    const cut = Readable.from(
      (async function* () {
        yield body;
        throw new Error('cut');
      })(),
    );
    expect(await bring(cut)).toMatchObject({ problem: { kind: 'data.conflict' } });
    expect(await kept()).toEqual([]);
  });

  test('takes one push at a time, and opens to no other token', async () => {
    await say('TransferStartMessage');
    const slow = new Readable({ read: () => undefined });
    const first = bring(slow);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await bring(body)).toMatchObject({ problem: { kind: 'data.busy' } });
    slow.push(body);
    slow.push(null);
    expect(await first).toMatchObject({ ok: true });
    for (const authorization of ['', 'Bearer', `Bearer ${token}x`, `Basic ${token}`])
      expect(await bring(body, { authorization })).toMatchObject({ problem: { kind: 'data.unauthorized' } });
  });

  test('keeps a bounded number of files of data that go on coming', async () => {
    await say('TransferStartMessage');
    for (let n = 0; n < 23; n++) must(await bring(Buffer.from(`n\n${n}\n`)));
    const rows = await kept();
    expect(rows).toHaveLength(20);
    const [latest] = rows;
    expect(await readFile(latest?.content.path ?? '', 'utf8')).toBe('n\n22\n');
    expect(await readdir(dirname(latest?.content.path ?? ''))).toHaveLength(20);
  });
});
