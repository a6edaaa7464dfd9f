import { canonicalJson, must } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Agreement, Negotiation, Transfer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import {
  agree,
  agreementOf,
  type Dataspace,
  negotiate,
  openTransfer,
  publish,
  sameTransfer,
  startDataspace,
  transferIn,
} from '../e2e/support/dataspace.js';
import { freePort, type NodeProcess } from '../e2e/support/node-process.js';
import { bikeCounts } from '../e2e/support/tables.js';
import { TcpProxy } from '../e2e/support/tcp-proxy.js';
import { until } from '../e2e/support/wait.js';

/** How often the answer to each message gets lost before one arrives. */
const losses = 2;

describe(`two nodes on a line that loses the first ${losses} answers to every message`, () => {
  const proxies = [new TcpProxy(), new TcpProxy()] as const;
  let space: Dataspace;
  let datasetId: string;
  let agreementId: string;
  let consumed: Transfer;

  beforeAll(async () => {
    const [first, second] = [await freePort(), await freePort()];
    const [berlinPort, brugesPort] = [await proxies[0].open(), await proxies[1].open()];
    [proxies[0].targets, proxies[1].targets] = [[first], [second]];
    space = await startDataspace({
      berlin: { publicPort: berlinPort, port: first },
      bruges: { publicPort: brugesPort, port: second },
    });
    const table = await bikeCounts(space.berlin.directory);
    const offered = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } };
    datasetId = (await publish(space.berlin, { title: 'Bicycle counts', path: table.path }, offered)).dataset.id;
    loseAnswersTo(/^POST \/dsp\/2025-1\/(negotiations|transfers)\//);
  }, 120_000);
  afterAll(() => Promise.all(proxies.map((proxy) => proxy.close())));

  function loseAnswersTo(messages: RegExp): void {
    for (const proxy of proxies) {
      const seen = new Map<string, number>();
      proxy.losesAnswerTo = (request) => {
        if (!messages.test(request)) return false;
        const times = seen.get(request) ?? 0;
        seen.set(request, times + 1);
        // Opening messages of several processes go to one address, so the count begins anew after each success.
        return times % (losses + 1) < losses;
      };
    }
  }

  const count = async (node: NodeProcess, what: string) =>
    must(await node.manage.get<{ items: readonly object[] }>(`/${what}?limit=500`)).items.length;

  test('come to one agreement, of which both hold the same bytes', async () => {
    const { berlin, bruges } = space;
    const id = await agree(bruges, berlin, datasetId, 'dpv:ImproveTransportMobility');
    await until(async () => (await berlin.manage.get(path`/agreements/${id}`)).ok);
    const [a, b]: readonly Agreement[] = [await agreementOf(berlin, id), await agreementOf(bruges, id)];
    expect(canonicalJson(a?.policy)).toBe(canonicalJson(b?.policy));
    for (const node of [berlin, bruges])
      expect([await count(node, 'negotiations'), await count(node, 'agreements')]).toEqual([1, 1]);
    // What is replied to has arrived, whatever became of its answer; the last message has no reply and is repeated.
    const requests = (part: string) => proxies[1].requests.filter((request) => request.includes(part)).length;
    await until(async () => requests('/events ') === losses + 1);
    expect(requests('/agreement ')).toBe(1);
  }, 60_000);

  test('end a refused negotiation on both sides', async () => {
    const { berlin, bruges } = space;
    const refused = await negotiate(bruges, berlin, datasetId, 'dpv:DirectMarketing');
    expect(refused.state).toBe('TERMINATED');
    await until(async () => {
      const { items } = must(await berlin.manage.get<{ items: readonly Negotiation[] }>('/negotiations?limit=1'));
      return items[0]?.state === 'TERMINATED' && items[0].pending === null;
    });
  }, 60_000);

  test('open a transfer also before the provider knows that its last message has arrived', async () => {
    const { berlin, bruges } = space;
    loseAnswersTo(/\/events HTTP/);
    agreementId = await agree(bruges, berlin, datasetId, 'dpv:ImproveTransportMobility');
    consumed = await openTransfer(bruges, agreementId);
  }, 60_000);

  test('terminate a transfer whose agreement ends while the provider does not know that its start has arrived', async () => {
    const { berlin, bruges } = space;
    const ended = await agree(bruges, berlin, datasetId, 'dpv:ImproveTransportMobility');
    let losing = true;
    proxies[1].losesAnswerTo = (request) => losing && /\/start HTTP/.test(request);
    const { id } = await openTransfer(bruges, ended);
    const provided = await sameTransfer(berlin, ended);
    must(await berlin.manage.post(path`/agreements/${ended}/terminate`, { reason: 'the programme has ended' }));
    expect(await sameTransfer(berlin, ended)).toMatchObject({ state: 'REQUESTED', pending: 'TransferStartMessage' });
    losing = false;
    for (const transfer of [
      await transferIn(bruges, id, 'TERMINATED'),
      await transferIn(berlin, provided.id, 'TERMINATED'),
    ])
      expect(transfer.termination).toMatchObject({
        code: 'agreement.terminated',
        reason: ['the programme has ended'],
      });
  }, 60_000);

  test('suspend, resume and terminate a transfer, each once', async () => {
    const { berlin, bruges } = space;
    loseAnswersTo(/^POST \/dsp\/2025-1\/transfers\//);
    const provided = await sameTransfer(berlin, agreementId);
    const both = async (state: string) => {
      await transferIn(bruges, consumed.id, state);
      await transferIn(berlin, provided.id, state);
    };
    for (const [what, state] of [
      ['suspend', 'SUSPENDED'],
      ['resume', 'STARTED'],
      ['terminate', 'TERMINATED'],
    ] as const) {
      must(await bruges.manage.post<Transfer>(`${path`/transfers/${consumed.id}`}/${what}`, {}));
      await both(state);
    }
    for (const node of [berlin, bruges]) expect(must(await node.manage.get('/deliveries/dead'))).toEqual({ items: [] });
    const lost = proxies[0].lost + proxies[1].lost;
    process.stderr.write(`lost answers: ${lost}\n`);
    expect(lost).toBeGreaterThanOrEqual(losses * 8);
  }, 60_000);
});
