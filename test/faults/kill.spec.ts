import { must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Pulled, Transfer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { agree, type Dataspace, openTransfer, publish, startDataspace, transferIn } from '../e2e/support/dataspace.js';
import { bikeCounts } from '../e2e/support/tables.js';
import { sleep, until } from '../e2e/support/wait.js';
import { playRound, type Stage } from './round.js';
import { seededRandom } from './seeded-random.js';
import { Side, type View } from './side.js';
import { differences, isAtRest, judge, noFindings } from './verdict.js';

/** Set by `npm run faults -- --rounds 200 --seed 7`. */
const rounds = Number(process.env.HANSA_FAULT_ROUNDS ?? 10);
const seed = Number(process.env.HANSA_FAULT_SEED ?? 20260601);
const purpose = 'dpv:ImproveTransportMobility';
const offered = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
/** A node that was away for long is tried again after pauses of up to half a minute. */
const secondsPerRound = 90;

describe(`a node that is killed at random moments (${rounds} rounds, seed ${seed})`, () => {
  const counts = { kills: 0, provider: 0, consumer: 0 };
  const inFlight = { negotiation: 0, transfer: 0, killsWithSome: 0 };
  const findings = noFindings();
  /** Every agreement that was ever seen at rest, with its bytes. */
  const seen = new Map<string, string>();
  let space: Dataspace;
  let stage: Stage;
  let datasetId: string;
  let agreementId: string;

  beforeAll(async () => {
    space = await startDataspace();
    const { berlin, bruges } = space;
    const table = await bikeCounts(berlin.directory);
    datasetId = (await publish(berlin, { title: 'Bicycle counts', path: table.path }, offered)).dataset.id;
    agreementId = await agree(bruges, berlin, datasetId, purpose);
    const sides = [new Side(berlin), new Side(bruges)] as const;
    stage = { space, sides, datasetId, random: seededRandom(seed), agreements: [] };
    for (let n = 0; n < 4; n++) stage.agreements.push(await agree(bruges, berlin, datasetId, purpose));
  }, 120_000);

  const look = () => Promise.all([stage.sides[0].view(), stage.sides[1].view()]);

  /** Waits until both sides are at rest and of one opinion, as long as that may take; gives what they say then. */
  async function settled(what: string): Promise<readonly [View, View]> {
    let views = await look();
    const agreed = () => views.every(isAtRest) && differences(...views).length === 0;
    const patience = { limit: secondsPerRound * 1000, every: 100, what: () => what };
    await until(async () => {
      views = await look();
      return agreed();
    }, patience).catch(() => {
      const restless = views.flatMap(({ negotiations, transfers }) =>
        [...negotiations, ...transfers].filter(({ atRest }) => !atRest),
      );
      findings.divergences.push(`${what}: ${JSON.stringify([differences(...views), restless])}`);
    });
    return views;
  }

  /** Both sides at rest, then everything that they say and everything in their ledgers held against each other. */
  async function converged(what: string): Promise<readonly [View, View]> {
    const views = await settled(what);
    for (const side of stage.sides) {
      if (!(await side.hasKeptItsLedger())) findings.divergences.push(`${what}: a ledger does not go on where it was`);
      await side.readLedger();
    }
    const found = judge(stage.sides, views, seen);
    for (const kind of ['divergences', 'lostAgreements', 'duplicates'] as const)
      findings[kind].push(...found[kind].map((finding) => `${what}: ${finding}`));
    expect(findings).toEqual(noFindings());
    return views;
  }

  /** A transfer that goes on gives its data, and one receipt for them. */
  async function pullOnce(view: View): Promise<void> {
    const { berlin, bruges } = space;
    const [open] = view.transfers.filter(({ state }) => state === 'STARTED');
    if (!open) return;
    const receipts = () => stage.sides[0].receiptsUnder(open.agreementId);
    const before = receipts();
    const pulled = must(await bruges.manage.post<Pulled>(path`/transfers/${open.id}/pull`, { format: 'csv' }));
    await stage.sides[0].readLedger();
    if (!pulled.matches || receipts() !== before + 1)
      findings.duplicates.push(`${berlin.options.city}: ${receipts() - before} receipts for one pull of ${open.id}`);
  }

  test(
    'goes on after its restart, and both sides end in the same state',
    async () => {
      const began = Date.now();
      let pulls = 0;
      try {
        await converged('before the first kill');
        for (let round = 0; round < rounds; round++) {
          const known = new Set(seen.keys());
          const played = await playRound(stage, round);
          counts.kills++;
          counts[played.victim]++;
          inFlight.negotiation += played.inFlight.negotiation;
          inFlight.transfer += played.inFlight.transfer;
          if (played.inFlight.negotiation + played.inFlight.transfer > 0) inFlight.killsWithSome++;
          const what = `round ${round}, the ${played.victim} killed after ${played.delay} ms`;
          const [, consumer] = await converged(what);
          const stored = new Set([...consumer.negotiations, ...consumer.transfers].map(({ id }) => id));
          // What was answered to an operator is stored; what was not answered may be stored.
          expect(played.promised.filter((id) => !stored.has(id))).toEqual([]);
          stage.agreements.push(...[...seen.keys()].filter((id) => !known.has(id)));
          if (rounds > 10 && round % 10 === 9) process.stderr.write(`${round + 1} of ${rounds} kills\n`);
          if (round % 10 === 9 && consumer.transfers.some(({ state }) => state === 'STARTED')) {
            await pullOnce(consumer);
            pulls++;
          }
        }
      } finally {
        const { divergences, lostAgreements, duplicates } = findings;
        const result = {
          ...counts,
          inFlight,
          agreements: seen.size,
          pulls,
          ledgerEntries: stage.sides.map(({ ledgerSize }) => ledgerSize),
          divergences: divergences.length,
          lostAgreements: lostAgreements.length,
          duplicates: duplicates.length,
          seconds: Math.round((Date.now() - began) / 1000),
          seed,
        };
        process.stderr.write(`kill -9: ${JSON.stringify(result)}\n`);
      }
      expect(findings).toEqual(noFindings());
      expect(counts.kills).toBe(rounds);
      const least = Math.min(counts.provider, counts.consumer, inFlight.negotiation, inFlight.transfer);
      if (rounds >= 10) expect(least).toBeGreaterThan(0);
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
  }, 180_000);

  test('a message to a node that is away for some seconds arrives when it is back', async () => {
    const { berlin, bruges } = space;
    await berlin.stop();
    const { id } = must(await bruges.manage.post<Transfer>('/transfers', { agreementId }));
    await sleep(3_000);
    expect(must(await bruges.manage.get<Transfer>(path`/transfers/${id}`))).toMatchObject({
      state: 'INITIAL',
      pending: 'TransferRequestMessage',
    });
    await berlin.start();
    await transferIn(bruges, id, 'STARTED');
    await converged('after the absence');
  }, 180_000);

  test('of two that are away at once, none loses what was begun', async () => {
    const { berlin, bruges } = space;
    const begun = bruges.manage.post('/negotiations', { counterparty: berlin.did, datasetId, purpose });
    await sleep(60);
    await Promise.all([berlin.kill('SIGKILL'), bruges.kill('SIGKILL')]);
    await begun;
    await berlin.start();
    await bruges.start();
    await converged('after both were away');
  }, 180_000);
});
