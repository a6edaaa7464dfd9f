import { canonicalJson, must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Agreement, Negotiation, Pulled, Transfer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { agree, type Dataspace, openTransfer, publish, startDataspace, transferIn } from '../e2e/support/dataspace.js';
import type { NodeProcess } from '../e2e/support/node-process.js';
import { bikeCounts } from '../e2e/support/tables.js';
import { sleep, until } from '../e2e/support/wait.js';
import { seededRandom } from './seeded-random.js';

const rounds = Number(process.env.HANSA_FAULT_ROUNDS ?? 10);
const seed = Number(process.env.HANSA_FAULT_SEED ?? 20260601);
const purpose = 'dpv:ImproveTransportMobility';
const offered = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
/** Milliseconds in which a negotiation and a transfer are through when nothing disturbs them. */
const busyTime = 150;
const secondsPerRound = 30;

async function listOf<T>(node: NodeProcess, what: string): Promise<readonly T[]> {
  return must(await node.manage.get<{ items: readonly T[] }>(`/${what}?limit=500`)).items;
}

/** What one side knows, in a form that must be the same on both sides at the end. */
async function viewOf(node: NodeProcess) {
  const [negotiations, agreements, transfers] = await Promise.all([
    listOf<Negotiation>(node, 'negotiations'),
    listOf<Agreement>(node, 'agreements'),
    listOf<Transfer>(node, 'transfers'),
  ]);
  const pending = [...negotiations, ...transfers].filter((process) => process.pending !== null).length;
  const open = negotiations.filter(({ state }) => state !== 'FINALIZED' && state !== 'TERMINATED').length;
  const waiting = transfers.filter(({ state }) => state === 'INITIAL' || state === 'REQUESTED').length;
  return {
    atRest: pending + open + waiting === 0,
    known: {
      negotiations: negotiations.map(({ state }) => state).sort(),
      agreements: agreements.map(({ id, policy }) => `${id} ${canonicalJson(policy)}`).sort(),
      transfers: transfers.map(({ agreementId, state }) => `${agreementId} ${state}`).sort(),
    },
    agreementsByNegotiation: new Set(agreements.map(({ negotiationId }) => negotiationId)).size,
  };
}

const ledgerSize = async (node: NodeProcess) =>
  Number((await (await fetch(`${node.url}/ledger/checkpoint`)).text()).split('\n')[1]);

describe(`a node that is killed at random moments (${rounds} rounds, seed ${seed})`, () => {
  const random = seededRandom(seed);
  const counts = { kills: 0, provider: 0, consumer: 0, negotiation: 0, transfer: 0, inFlight: 0, neverBegan: 0 };
  let space: Dataspace;
  let datasetId: string;
  let agreementId: string;

  beforeAll(async () => {
    space = await startDataspace();
    const table = await bikeCounts(space.berlin.directory);
    datasetId = (await publish(space.berlin, { title: 'Bicycle counts', path: table.path }, offered)).dataset.id;
    agreementId = await agree(space.bruges, space.berlin, datasetId, purpose);
  }, 120_000);

  /** Both sides at rest and of one opinion. */
  async function converged(what: string) {
    let views: readonly Awaited<ReturnType<typeof viewOf>>[] = [];
    await until(
      async () => {
        views = await Promise.all([viewOf(space.berlin), viewOf(space.bruges)]);
        const [a, b] = views;
        return a?.atRest && b?.atRest && canonicalJson(a.known) === canonicalJson(b.known);
      },
      { limit: secondsPerRound * 1000, every: 50, what: () => `${what}: ${JSON.stringify(views, null, 1)}` },
    );
    for (const view of views) {
      const finalized = view.known.negotiations.filter((state) => state === 'FINALIZED').length;
      expect([view.known.agreements.length, view.agreementsByNegotiation]).toEqual([finalized, finalized]);
    }
    return views[0]?.known;
  }

  test(
    'goes on after its restart, and both sides end in the same state',
    async () => {
      const { berlin, bruges } = space;
      for (let round = 0; round < rounds; round++) {
        const victim = random() < 0.5 ? berlin : bruges;
        const process = round % 2 === 0 ? 'negotiation' : 'transfer';
        const delay = Math.floor(random() * busyTime);
        const sizes = [await ledgerSize(berlin), await ledgerSize(bruges)];
        const before = (await listOf(bruges, `${process}s`)).length;
        const begun =
          process === 'negotiation'
            ? bruges.manage.post('/negotiations', { counterparty: berlin.did, datasetId, purpose })
            : bruges.manage.post('/transfers', { agreementId });
        await sleep(delay);
        await victim.kill('SIGKILL');
        const answer = await begun;
        await victim.start();
        const known = await converged(`round ${round}: ${process}, ${victim.options.city} killed after ${delay} ms`);
        const after = known?.[`${process}s`].length ?? 0;
        // What was answered to the operator is stored; what was not answered may be stored.
        if (answer.ok) expect(after).toBe(before + 1);
        counts.kills++;
        counts[victim === berlin ? 'provider' : 'consumer']++;
        counts[process]++;
        counts[after > before ? 'inFlight' : 'neverBegan']++;
        for (const [i, node] of [berlin, bruges].entries()) {
          expect(await ledgerSize(node)).toBeGreaterThanOrEqual(sizes[i] ?? 0);
          expect((await fetch(`${node.url}/ledger/consistency/${sizes[i]}`)).status).toBe(200);
        }
      }
      for (const node of [berlin, bruges])
        expect(must(await node.manage.get('/deliveries/dead'))).toEqual({ items: [] });
      process.stderr.write(`kill -9: ${JSON.stringify(counts)}, seed ${seed}\n`);
      expect(counts.kills).toBe(rounds);
      if (rounds >= 10) expect(Math.min(counts.provider, counts.consumer, counts.inFlight)).toBeGreaterThan(0);
    },
    rounds * (secondsPerRound + 10) * 1000,
  );

  test('a transfer that began before a kill still gives its data after it', async () => {
    const { berlin, bruges } = space;
    const transfer = await openTransfer(bruges, agreementId);
    await Promise.all([berlin.kill('SIGKILL'), bruges.kill('SIGKILL')]);
    await Promise.all([berlin.start(), bruges.start()]);
    const pulled = must(await bruges.manage.post<Pulled>(path`/transfers/${transfer.id}/pull`, { format: 'parquet' }));
    expect(pulled.matches).toBe(true);
  }, 60_000);

  test('a message to a node that is away for some seconds arrives when it is back', async () => {
    const { berlin, bruges } = space;
    await berlin.stop();
    const { id } = must(await bruges.manage.post<Transfer>('/transfers', { agreementId }));
    await sleep(3_000);
    expect(await listOf<Transfer>(bruges, 'transfers')).toContainEqual(
      expect.objectContaining({ id, state: 'INITIAL', pending: 'TransferRequestMessage' }),
    );
    await berlin.start();
    await transferIn(bruges, id, 'STARTED');
    await converged('after the absence');
  }, 60_000);

  test('of two that are away at once, none loses what was begun', async () => {
    const { berlin, bruges } = space;
    const begun = bruges.manage.post('/negotiations', { counterparty: berlin.did, datasetId, purpose });
    await sleep(60);
    await Promise.all([berlin.kill('SIGKILL'), bruges.kill('SIGKILL')]);
    await begun;
    await berlin.start();
    await bruges.start();
    await converged('after both were away');
  }, 60_000);
});
