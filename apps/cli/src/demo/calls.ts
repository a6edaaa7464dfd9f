import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit, Dataset, Negotiation, Transfer } from '../api.js';
import { type NodeResult, path } from '../client.js';
import { reasonsOf } from '../processes.js';
import type { DemoNode } from './node-process.js';
import { StoryBroken } from './story.js';

/** The value of an answer, or its problem as the end of the story. */
export async function answered<T>(asked: Promise<NodeResult<T>>): Promise<T> {
  const result = await asked;
  if (result.ok) return result.value;
  throw new StoryBroken(result.problem.detail);
}

/** Asks again until the answer fits, for at most a minute. */
export async function until<T>(ask: () => Promise<NodeResult<T>>, fits: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await answered(ask());
    if (fits(value)) return value;
    if (Date.now() > deadline) throw new StoryBroken('the nodes did not come to an end within a minute');
    // Not oftener: to ask is work for the node, which has other work now.
    await sleep(50);
  }
}

const settled = new Set(['FINALIZED', 'TERMINATED', 'REFUSED']);

/** Negotiates and waits for the end, whatever it is. */
export async function negotiate(
  consumer: DemoNode,
  provider: DemoNode,
  datasetId: string,
  purpose?: string,
): Promise<Negotiation> {
  const asked = { counterparty: provider.did, datasetId, ...(purpose === undefined ? {} : { purpose }) };
  const { id } = await answered(consumer.manage.post<Negotiation>('/negotiations', asked));
  return until(
    () => consumer.manage.get<Negotiation>(path`/negotiations/${id}`),
    ({ state }) => settled.has(state),
  );
}

/** The reasons that the other side gave, as one text. */
export function refusal(negotiation: Negotiation): string {
  return reasonsOf(negotiation.termination).join(' ') || (negotiation.detail ?? 'no reason was given');
}

export async function startTransfer(consumer: DemoNode, agreementId: string): Promise<Transfer> {
  const { id } = await answered(consumer.manage.post<Transfer>('/transfers', { agreementId }));
  const done = new Set(['STARTED', 'TERMINATED', 'REFUSED']);
  return until(
    () => consumer.manage.get<Transfer>(path`/transfers/${id}`),
    ({ state }) => done.has(state),
  );
}

export async function register(node: DemoNode, dataset: object): Promise<Dataset> {
  return answered(node.manage.post<Dataset>('/datasets', dataset));
}

export async function offer(node: DemoNode, datasetId: string, name: string, parameters: object = {}): Promise<void> {
  await answered(node.manage.post('/offers', { datasetId, template: { name, parameters } }));
}

/** Waits for an audit and shows how far it is. */
export async function finishAudit(node: DemoNode, id: string, progress: (text: string) => void): Promise<Audit> {
  const audit = await until(
    () => node.manage.get<Audit>(path`/audits/${id}`),
    ({ status, progress: { done, total } }) => {
      if (total > 0) progress(`${done} of ${total} stations scored`);
      return status === 'done' || status === 'failed';
    },
  );
  if (audit.status === 'failed') throw new StoryBroken(`the audit failed: ${audit.detail ?? 'no reason was given'}`);
  return audit;
}

export function verdictOf(audit: Audit): string {
  const { verdict } = audit;
  return (typeof verdict === 'object' ? verdict?.outcome : verdict) ?? 'none';
}
