import { parseCatalog, parseMessage, serialize } from '@hansa/dsp';
import { type Json, type JsonObject, must, uuids } from '@hansa/kernel';
import { declarePurpose } from '@hansa/odrl';
import type { NodeProcess } from './node-process.js';
import type { Participant, Received, Reply } from './participant.js';
import { until } from './wait.js';

const dsp = '/dsp/2025-1';

/** A process as both sides name it. */
export interface Pids {
  readonly consumerPid: string;
  readonly providerPid: string;
}

/** What a transfer gives its consumer: where the data are, and the token that opens them. */
export interface Access extends Pids {
  readonly endpoint: string;
  readonly token: string;
}

/** The protocol messages of a consumer that a test plays by hand, step by step. */
export class HandConsumer {
  constructor(
    readonly participant: Participant,
    readonly provider: NodeProcess,
  ) {}

  askCatalog(filter: readonly Json[] = []): Promise<Reply> {
    const body = serialize({ type: 'CatalogRequestMessage', filter }, uuids.next());
    return this.participant.post(this.provider, `${dsp}/catalog/request`, body);
  }

  /** The first message of a negotiation about the offer of a dataset, with a purpose declared. */
  async contractRequest(datasetId: string, purpose: string, changes: object = {}): Promise<JsonObject> {
    const { datasets } = must(parseCatalog((await this.askCatalog()).body));
    const offer = datasets.find(({ id }) => id === datasetId)?.offers[0];
    if (!offer) throw new Error(`${datasetId} is not on offer`);
    const declared = must(declarePurpose(offer, purpose));
    const { callbackAddress } = this.participant;
    const message = { type: 'ContractRequestMessage', consumerPid: uuids.next(), callbackAddress };
    const offered = { ...message, offer: { ...declared, target: datasetId } };
    return { ...serialize(offered as never, uuids.next()), ...changes };
  }

  /** Sends the first message; the pids of the negotiation that it opens. */
  async request(datasetId: string, purpose: string): Promise<Pids> {
    return pidsOf(await this.send('/negotiations/request', await this.contractRequest(datasetId, purpose)), 201);
  }

  send(path: string, body: object): Promise<Reply> {
    return this.participant.post(this.provider, `${dsp}${path}`, body);
  }

  /** Sends a message inside a process, made by type. */
  step(path: string, message: object): Promise<Reply> {
    return this.send(path, serialize(message as never, uuids.next()));
  }

  /** Waits for a message of the provider about one of our processes. */
  arrival({ consumerPid }: Pids, what: string): Promise<JsonObject> {
    const fits = ({ path }: Received) =>
      path.startsWith(`${dsp}/`) && decodeURIComponent(path).includes(consumerPid) && path.endsWith(what);
    return until(async () => this.participant.received.find(fits)?.body as JsonObject | undefined, {
      what: () => `no ${what} came; there came ${this.participant.received.map(({ path }) => path).join(', ')}`,
    });
  }

  /** A whole negotiation; the id of the agreement. */
  async agree(datasetId: string, purpose: string): Promise<string> {
    const pids = await this.request(datasetId, purpose);
    const { agreement } = must(parseMessage('ContractAgreementMessage', await this.arrival(pids, '/agreement')));
    const path = `/negotiations/${encodeURIComponent(pids.providerPid)}/agreement/verification`;
    const verified = await this.step(path, { type: 'ContractAgreementVerificationMessage', ...pids });
    if (verified.status !== 200) throw new Error(`no verification: ${JSON.stringify(verified.body)}`);
    await this.arrival(pids, '/events');
    return agreement['@id'];
  }

  /** Asks for a transfer; again where the provider does not know yet that its last message of the negotiation has arrived. */
  async requestTransfer(agreementId: string): Promise<Pids> {
    const { callbackAddress } = this.participant;
    const asked = { type: 'TransferRequestMessage', consumerPid: uuids.next(), callbackAddress, agreementId };
    const request = { ...asked, format: 'HttpData-PULL', dataAddress: null };
    const answer = await until(async () => {
      const reply = await this.step('/transfers/request', request);
      return reply.status !== 503 && reply;
    });
    return pidsOf(answer, 201);
  }

  /** Opens a transfer and waits for its start. */
  async open(agreementId: string): Promise<Access> {
    const pids = await this.requestTransfer(agreementId);
    const { dataAddress } = must(parseMessage('TransferStartMessage', await this.arrival(pids, '/start')));
    const token = dataAddress?.properties.find(({ name }) => name === 'authorization')?.value;
    if (!dataAddress?.endpoint || !token) throw new Error('the start message has no data address');
    return { ...pids, endpoint: dataAddress.endpoint, token };
  }
}

function pidsOf({ status, body }: Reply, expected: number): Pids {
  if (status !== expected) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return { consumerPid: String(body.consumerPid), providerPid: String(body.providerPid) };
}
