import type { Negotiation, Transfer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import type { Dataspace } from '../e2e/support/dataspace.js';
import { sleep } from '../e2e/support/wait.js';
import type { Side } from './side.js';

/** Milliseconds in which what a round begins is through when nothing disturbs it. */
const busyTime = 200;
const negotiationsPerRound = 2;
const transfersPerRound = 2;
const purpose = 'dpv:ImproveTransportMobility';

/** What one round did. */
export interface Round {
  readonly victim: 'provider' | 'consumer';
  readonly delay: number;
  /** Processes that the side which was left saw in the middle of something, right after the kill. */
  readonly inFlight: { readonly negotiation: number; readonly transfer: number };
  /** Processes that an operator was told of, on the consumer's side. */
  readonly promised: readonly string[];
}

export interface Stage {
  readonly space: Dataspace;
  /** The provider's side and the consumer's. */
  readonly sides: readonly [Side, Side];
  readonly datasetId: string;
  readonly random: () => number;
  /** Agreements that no transfer was opened under yet; each is used once. */
  readonly agreements: string[];
}

/**
 * Begins negotiations and transfers, lets operators of both sides meddle, kills one node in the middle of it, and starts
 * it again.
 */
export async function playRound(stage: Stage, round: number): Promise<Round> {
  const { sides, random } = stage;
  const victim = random() < 0.5 ? 'provider' : 'consumer';
  const [dying, living] = victim === 'provider' ? sides : [sides[1], sides[0]];
  const delay = Math.floor(random() * busyTime);
  const meddling = await meddlers(stage, round);
  const opened = [...openings(stage), ...meddling.map((act) => act().then(() => null))];
  await sleep(delay);
  await dying.node.kill('SIGKILL');
  const { negotiations, transfers } = await living.view();
  const unsettled = (processes: readonly { readonly atRest: boolean }[]) =>
    processes.filter(({ atRest }) => !atRest).length;
  const promised = (await Promise.all(opened)).filter((id) => id !== null);
  await dying.node.start();
  return {
    victim,
    delay,
    inFlight: { negotiation: unsettled(negotiations), transfer: unsettled(transfers) },
    promised,
  };
}

/** Opens processes from the consumer; what an operator was answered is an id, or null where there was no good answer. */
function openings({ space: { berlin, bruges }, datasetId, agreements }: Stage): readonly Promise<string | null>[] {
  const ask = async (where: string, body: object): Promise<string | null> => {
    const answer = await bruges.manage.post<Negotiation | Transfer>(where, body);
    return answer.ok ? answer.value.id : null;
  };
  const contract = { counterparty: berlin.did, datasetId, purpose };
  return [
    ...Array.from({ length: negotiationsPerRound }, () => ask('/negotiations', contract)),
    ...agreements.splice(0, transfersPerRound).map((agreementId) => ask('/transfers', { agreementId })),
  ];
}

const actions: Readonly<Record<string, readonly string[]>> = {
  STARTED: ['suspend', 'complete', 'terminate', 'suspend'],
  SUSPENDED: ['resume', 'terminate', 'resume'],
};

/** Operators of both sides, who do something at any moment to a transfer that goes on, or end a negotiation. */
async function meddlers({ sides, random }: Stage, round: number): Promise<readonly (() => Promise<void>)[]> {
  const acts: (() => Promise<void>)[] = [];
  for (const { node } of sides) {
    const { items } = await transfersOf(node.manage);
    const open = items.filter(({ state }) => state in actions);
    const transfer = open[Math.floor(random() * open.length)];
    const choices = actions[transfer?.state ?? ''] ?? [];
    const action = choices[Math.floor(random() * choices.length)];
    const [wait, ends] = [random() * busyTime, random() < 0.25];
    const reason = `${node.options.city} in round ${round}`;
    const { manage } = node;
    acts.push(async () => {
      await sleep(wait);
      if (transfer && action)
        await manage.post(`${path`/transfers/${transfer.id}`}/${action}`, action === 'complete' ? {} : { reason });
      if (!ends) return;
      const newest = await manage.get<{ items: readonly Negotiation[] }>('/negotiations?limit=1');
      const [negotiation] = newest.ok ? newest.value.items : [];
      if (negotiation) await manage.post(path`/negotiations/${negotiation.id}/terminate`, { reason });
    });
  }
  return acts;
}

async function transfersOf(manage: Side['node']['manage']): Promise<{ readonly items: readonly Transfer[] }> {
  const answer = await manage.get<{ items: readonly Transfer[] }>('/transfers?limit=60');
  return answer.ok ? answer.value : { items: [] };
}
