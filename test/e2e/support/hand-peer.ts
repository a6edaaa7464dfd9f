import { dataset, serialize, versionDocument } from '@hansa/dsp';
import { type Json, type JsonObject, must, uuids } from '@hansa/kernel';
import type { Negotiation, Transfer } from '../../../apps/cli/src/api.js';
import { path } from '../../../apps/cli/src/client.js';
import { HandConsumer, type Pids } from './consumer.js';
import type { NodeProcess } from './node-process.js';
import type { Participant, Received, Reply, Spoken } from './participant.js';
import { until } from './wait.js';

const dsp = '/dsp/2025-1';
const purpose = 'dpv:ImproveTransportMobility';

/** A process of the node, held in a state and at rest. */
export interface Held extends Pids {
  /** The node's own name of it. */
  readonly id: string;
}
type Feature = 'negotiations' | 'transfers';

/**
 * The other side of a node's processes, of both roles, played by hand: it brings a process into any state and leaves it
 * there, by refusing what the node would go on with.
 */
export class HandPeer {
  readonly datasetId = uuids.next();
  readonly #offerId = uuids.next();
  /** Endings of paths that it refuses at present. */
  #refused: readonly string[] = [];
  readonly #consumer: HandConsumer;

  constructor(
    readonly participant: Participant,
    readonly node: NodeProcess,
    /** A dataset on offer at the node. */
    private readonly offered: string,
  ) {
    this.#consumer = new HandConsumer(participant, node);
    participant.answer = (request) => this.#answer(request);
  }

  /** Sends a message inside a process of the node. */
  step(feature: Feature, { id }: Held, where: string, message: object): Promise<Reply> {
    return this.#consumer.step(`/${feature}/${encodeURIComponent(id)}${where}`, message);
  }

  /** A negotiation in which the node is the provider. */
  async provided(state: string): Promise<Held> {
    const ends = state === 'REQUESTED' || state === 'OFFERED' || state === 'ACCEPTED' ? ['/agreement'] : [];
    return this.#refusing(state === 'VERIFIED' ? ['/events'] : ends, async () => {
      const pids = await this.#consumer.request(this.offered, purpose);
      const held = { ...pids, id: pids.providerPid };
      await this.#consumer.arrival(pids, '/agreement');
      if (state === 'OFFERED' || state === 'ACCEPTED') {
        await this.#rests('negotiations', held, 'REQUESTED');
        const policy = { '@type': 'Offer', '@id': uuids.next(), permission: [{ action: 'use' }] };
        must(await this.node.manage.post(path`/negotiations/${held.id}/offer`, { policy }));
        await this.#rests('negotiations', held, 'OFFERED');
      }
      if (state === 'ACCEPTED') await this.#event(held, 'ACCEPTED');
      if (state === 'VERIFIED' || state === 'FINALIZED' || state === 'TERMINATED')
        await this.#rests('negotiations', held, 'AGREED');
      if (state === 'VERIFIED' || state === 'FINALIZED')
        await this.#told(held, '/agreement/verification', { type: 'ContractAgreementVerificationMessage' });
      if (state === 'TERMINATED') await this.#terminate('negotiations', held);
      return this.#rests('negotiations', held, state);
    });
  }

  /** A negotiation in which the node is the consumer. */
  async consumed(state: string): Promise<Held> {
    return this.#refusing(state === 'AGREED' ? ['/agreement/verification'] : [], async () => {
      const { did } = this.participant;
      const asked = { counterparty: did, datasetId: this.datasetId };
      const { id } = must(await this.node.manage.post<Negotiation>('/negotiations', asked));
      const held = { id, consumerPid: id, providerPid: providerPidOf(id) };
      await this.#rests('negotiations', held, 'REQUESTED');
      if (state === 'REQUESTED') return held;
      if (state === 'OFFERED' || state === 'ACCEPTED') {
        // To what it has asked for the node would agree by itself.
        const constraint = [{ leftOperand: 'dateTime', operator: 'lteq', rightOperand: '2096-12-31T00:00:00Z' }];
        const offer = { ...this.#offer, permission: [{ action: 'use', constraint }] };
        await this.#told(held, '/offers', { type: 'ContractOfferMessage', offer });
        await this.#rests('negotiations', held, 'OFFERED');
        if (state === 'ACCEPTED') must(await this.node.manage.post(path`/negotiations/${id}/accept`, {}));
        return this.#rests('negotiations', held, state);
      }
      if (state === 'TERMINATED') await this.#terminate('negotiations', held);
      else await this.#told(held, '/agreement', { type: 'ContractAgreementMessage', agreement: this.#agreement() });
      if (state === 'FINALIZED') {
        await this.#rests('negotiations', held, 'VERIFIED');
        await this.#event(held, 'FINALIZED');
      }
      return this.#rests('negotiations', held, state);
    });
  }

  /** A transfer in which the node is the provider. */
  async providing(state: string): Promise<Held> {
    const agreementId = await this.#consumer.agree(this.offered, purpose);
    return this.#refusing(state === 'REQUESTED' ? ['/start'] : [], async () => {
      const pids = await this.#consumer.requestTransfer(agreementId);
      return this.#bring({ ...pids, id: pids.providerPid }, state);
    });
  }

  /** A transfer in which the node is the consumer. */
  async consuming(state: string): Promise<Held> {
    const { id: negotiationId } = await this.consumed('FINALIZED');
    const { agreementId } = must(await this.node.manage.get<Negotiation>(path`/negotiations/${negotiationId}`));
    const { id } = must(await this.node.manage.post<Transfer>('/transfers', { agreementId }));
    const held = { id, consumerPid: id, providerPid: providerPidOf(id) };
    await this.#rests('transfers', held, 'REQUESTED');
    if (state === 'REQUESTED') return held;
    const endpointType = 'https://w3id.org/idsa/v4.1/HTTP';
    const dataAddress = { endpointType, endpoint: `${this.participant.url}/data`, properties: [] };
    await this.#told(held, '/start', { type: 'TransferStartMessage', dataAddress }, 'transfers');
    return this.#bring(held, state);
  }

  /** From a transfer that the provider has started, or wants to start, to a state. */
  async #bring(held: Held, state: string): Promise<Held> {
    if (state === 'REQUESTED') {
      await this.#consumer.arrival(held, '/start');
      return this.#rests('transfers', held, state);
    }
    await this.#rests('transfers', held, 'STARTED');
    const ways: Readonly<Record<string, readonly [string, object]>> = {
      SUSPENDED: ['/suspension', { type: 'TransferSuspensionMessage', code: null, reason: [] }],
      COMPLETED: ['/completion', { type: 'TransferCompletionMessage' }],
      TERMINATED: ['/termination', { type: 'TransferTerminationMessage', code: null, reason: [] }],
    };
    const way = ways[state];
    if (way) await this.#told(held, way[0], way[1], 'transfers');
    return this.#rests('transfers', held, state);
  }

  async #event(held: Held, eventType: 'ACCEPTED' | 'FINALIZED'): Promise<void> {
    await this.#told(held, '/events', { type: 'ContractNegotiationEventMessage', eventType });
  }

  async #terminate(feature: Feature, held: Held): Promise<void> {
    const message = { type: 'ContractNegotiationTerminationMessage', code: null, reason: [] };
    await this.#told(held, '/termination', message, feature);
  }

  async #told(held: Held, where: string, message: object, feature: Feature = 'negotiations'): Promise<void> {
    const { consumerPid, providerPid } = held;
    const { status, body } = await this.step(feature, held, where, { ...message, consumerPid, providerPid });
    if (status !== 200) throw new Error(`${where}: ${status} ${JSON.stringify(body)}`);
  }

  /** Waits until the node's process is in the state and has nothing in flight. */
  async #rests(feature: Feature, held: Held, state: string): Promise<Held> {
    let last: Negotiation | Transfer | undefined;
    await until(
      async () => {
        last = must(await this.node.manage.get<Negotiation | Transfer>(`/${feature}${path`/${held.id}`}`));
        return last.state === state && last.pending === null;
      },
      { what: () => `not in ${state}: ${JSON.stringify(last)}` },
    );
    return held;
  }

  async #refusing<T>(endings: readonly string[], work: () => Promise<T>): Promise<T> {
    this.#refused = endings;
    try {
      return await work();
    } finally {
      this.#refused = [];
    }
  }

  get #offer(): JsonObject {
    return { '@type': 'Offer', '@id': this.#offerId, target: this.datasetId, permission: [{ action: 'use' }] };
  }

  #agreement(): JsonObject {
    const parties = { assigner: this.participant.did, assignee: this.node.did };
    const timestamp = new Date().toISOString();
    return { ...this.#offer, '@type': 'Agreement', '@id': uuids.next(), ...parties, timestamp };
  }

  #answer({ method, path: asked, body }: Received): Spoken {
    const json = (status: number, value: Json): Spoken => ({ status, body: JSON.stringify(value) });
    if (asked === '/.well-known/dspace-version')
      return json(200, versionDocument({ path: dsp, serviceId: this.participant.did }));
    if (method === 'GET' && asked.startsWith(`${dsp}/catalog/datasets/`)) {
      const { target: _, ...policy } = this.#offer;
      const described = { id: this.datasetId, title: 'By hand', description: '', formats: ['HttpData-PULL'] };
      const { callbackAddress: endpoint } = this.participant;
      return json(200, dataset({ ...described, offers: [policy as never], properties: {}, endpoint }));
    }
    if (this.#refused.some((ending) => asked.endsWith(ending))) return { status: 400 };
    const consumerPid = String((body as JsonObject | undefined)?.consumerPid);
    const opened = { consumerPid, providerPid: providerPidOf(consumerPid), state: 'REQUESTED' };
    if (asked === `${dsp}/negotiations/request`)
      return json(201, serialize({ type: 'ContractNegotiation', ...opened } as never, uuids.next()));
    if (asked === `${dsp}/transfers/request`)
      return json(201, serialize({ type: 'TransferProcess', ...opened } as never, uuids.next()));
    return { status: 200 };
  }
}

/** The name that the peer gives, as the provider, to what a consumer calls so. */
const providerPidOf = (consumerPid: string): string => `urn:by-hand:${consumerPid}`;
