import { must } from '@hansa/kernel';
import type { DatabaseKind } from '@hansa/platform/testing';
import type { Agreement, CredentialRequest, Dataset, Negotiation, Offer, Transfer } from '../../../apps/cli/src/api.js';
import { path } from '../../../apps/cli/src/client.js';
import { type NodeOptions, type NodeProcess, startNode } from './node-process.js';
import { until } from './wait.js';

export interface Dataspace {
  readonly authority: NodeProcess;
  /** Provides. */
  readonly berlin: NodeProcess;
  /** Consumes. */
  readonly bruges: NodeProcess;
}

type CityOptions = Partial<NodeOptions> & Pick<NodeOptions, 'city'>;

/** An authority and two cities that hold its credentials. */
export async function startDataspace(
  options: {
    readonly database?: DatabaseKind;
    readonly berlin?: Partial<NodeOptions>;
    readonly bruges?: Partial<NodeOptions>;
  } = {},
): Promise<Dataspace> {
  const { database = 'embedded' } = options;
  const authority = await startNode({ city: 'authority', authority: true, database });
  const city = (own: CityOptions) => startNode({ database, trust: [authority.did], ...own });
  const [berlin, bruges] = await Promise.all([
    city({ city: 'berlin', ...options.berlin }),
    city({ city: 'bruges', ...options.bruges }),
  ]);
  await giveCredential(authority, berlin, { city: 'Berlin', country: 'DE' });
  await giveCredential(authority, bruges, { city: 'Bruges', country: 'BE' });
  return { authority, berlin, bruges };
}

/** Admits a node and waits until it holds its credential. */
export async function giveCredential(authority: NodeProcess, node: NodeProcess, claims: object): Promise<void> {
  must(await authority.manage.put(path`/issuer/members/${node.did}`, { claims }));
  const { holderPid } = must(
    await node.manage.post<CredentialRequest>('/credentials/requests', { issuer: authority.did }),
  );
  const asked = async () => must(await node.manage.get<CredentialRequest>(path`/credentials/requests/${holderPid}`));
  const done = await until(async () => {
    const request = await asked();
    return request.status !== 'REQUESTED' && request;
  });
  if (done.status !== 'ISSUED') throw new Error(`no credential was issued to ${node.did}: ${done.reason}`);
}

/** Registers a file and offers it under a template. */
export async function publish(
  node: NodeProcess,
  file: { readonly title: string; readonly path: string },
  template: { readonly name: string; readonly parameters: object },
): Promise<{ readonly dataset: Dataset; readonly offer: Offer }> {
  const source = { kind: 'file', path: file.path };
  const dataset = must(await node.manage.post<Dataset>('/datasets', { title: file.title, source }));
  const offer = must(await node.manage.post<Offer>('/offers', { datasetId: dataset.id, template }));
  return { dataset, offer };
}

const ended: ReadonlySet<string> = new Set(['FINALIZED', 'TERMINATED', 'REFUSED']);

const over: ReadonlySet<string> = new Set(['COMPLETED', 'TERMINATED', 'REFUSED']);

/** Negotiates to the end, whatever it is. */
export async function negotiate(
  consumer: NodeProcess,
  provider: NodeProcess,
  datasetId: string,
  purpose: string,
): Promise<Negotiation> {
  const asked = { counterparty: provider.did, datasetId, purpose };
  const { id } = must(await consumer.manage.post<Negotiation>('/negotiations', asked));
  return until(async () => {
    const negotiation = await negotiationOf(consumer, id);
    return ended.has(negotiation.state) && negotiation.pending === null && negotiation;
  });
}

/** Negotiates, and gives the agreement that must come of it. */
export async function agree(
  consumer: NodeProcess,
  provider: NodeProcess,
  datasetId: string,
  purpose: string,
): Promise<string> {
  const { state, agreementId, termination, detail } = await negotiate(consumer, provider, datasetId, purpose);
  if (state === 'FINALIZED' && agreementId) return agreementId;
  throw new Error(`no agreement: ${state} ${JSON.stringify(termination ?? detail)}`);
}

/** Asks for access and waits until it is given. */
export async function openTransfer(consumer: NodeProcess, agreementId: string): Promise<Transfer> {
  const { id } = must(await consumer.manage.post<Transfer>('/transfers', { agreementId }));
  return transferIn(consumer, id, 'STARTED');
}

const negotiationOf = async (node: NodeProcess, id: string): Promise<Negotiation> =>
  must(await node.manage.get<Negotiation>(path`/negotiations/${id}`));

const transferOf = async (node: NodeProcess, id: string): Promise<Transfer> =>
  must(await node.manage.get<Transfer>(path`/transfers/${id}`));

export const agreementOf = async (node: NodeProcess, id: string): Promise<Agreement> =>
  must(await node.manage.get<Agreement>(path`/agreements/${id}`));

/** The node's own view of the transfer that the other side knows by another pid. */
export async function sameTransfer(node: NodeProcess, agreementId: string): Promise<Transfer> {
  const { items } = must(await node.manage.get<{ items: readonly Transfer[] }>('/transfers?limit=500'));
  const found = items.filter((transfer) => transfer.agreementId === agreementId);
  const [only, another] = found;
  if (!only || another) throw new Error(`${found.length} transfers under ${agreementId}`);
  return only;
}

/** Waits until a transfer is in a state and at rest. */
export function transferIn(node: NodeProcess, id: string, state: string): Promise<Transfer> {
  let last: Transfer | undefined;
  return until(
    async () => {
      last = await transferOf(node, id);
      if (last.state !== state && over.has(last.state))
        throw new Error(`the transfer is over: ${JSON.stringify(last)}`);
      return last.state === state && last.pending === null && last;
    },
    { what: () => `the transfer is ${last?.state}, not ${state}: ${JSON.stringify(last)}` },
  );
}
