import { createHash, randomBytes } from 'node:crypto';
import {
  type DataAddress,
  evolveTransfer,
  messageUrl,
  other,
  sendTransfer,
  serialize,
  type Transfer,
  type TransferEvent,
  type TransferMessage,
} from '@hansa/dsp';
import type { Clock, Ids, Json } from '@hansa/kernel';
import type { Outbox, Transaction } from '@hansa/platform';
import type { Ledger, LedgerEvent } from '../ledger/index.js';
import type { TransferRecord } from './transfer-record.js';
import type { TransferStrategy } from './transfer-strategy.js';
import type { Transfers } from './transfers.js';

export const transferTopic = 'transfer';
/** The DSP endpoint type of a data address that is pulled over HTTP. */
const httpEndpoint = 'https://w3id.org/idsa/v4.1/HTTP';

/** What the data plane compares tokens by; the token itself stands only in the message to the consumer. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Carries a transfer forward by events, in the caller's transaction. Nothing else changes a transfer. */
export class TransferProgress {
  constructor(
    private readonly transfers: Transfers,
    private readonly outbox: Outbox,
    private readonly ledger: Ledger,
    private readonly strategy: TransferStrategy,
    /** The base URL of the data plane; a transfer's own address is below it. */
    private readonly dataPlane: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Applies events to a stored transfer, then lets the strategy speak. */
  async apply(tx: Transaction, record: TransferRecord, events: readonly TransferEvent[]): Promise<TransferRecord> {
    const evolved = this.#evolve(record, events);
    // What the peer has refused for good is not said again in other words: an operator must look.
    const refused = events.some((event) => event.kind === 'withdrawn' && event.because === 'refused');
    const said = refused ? { record: evolved, events: [] } : this.#decideNext(evolved);
    await this.transfers.save(tx, said.record);
    await this.#effects(tx, said.record, [...events, ...said.events]);
    return said.record;
  }

  /** Stores a new transfer, then lets the strategy speak. */
  async open(tx: Transaction, record: TransferRecord): Promise<TransferRecord> {
    const { pending } = record.transfer;
    const said = this.#decideNext(record);
    await this.transfers.insert(tx, said.record);
    if (pending) await this.#send(tx, record, pending.id, pending.message);
    await this.#effects(
      tx,
      said.record,
      said.events,
      this.#entry(record, 'request', { decision: record.decision as Json }),
    );
    return said.record;
  }

  #evolve(record: TransferRecord, events: readonly TransferEvent[]): TransferRecord {
    const transfer = events.reduce<Transfer>(evolveTransfer, record.transfer);
    return { ...record, transfer, updatedAt: this.clock.now() };
  }

  #decideNext(record: TransferRecord): { record: TransferRecord; events: readonly TransferEvent[] } {
    if (record.transfer.pending) return { record, events: [] };
    let digest = record.tokenDigest;
    const intent = this.strategy.next(record, () => {
      const token = randomBytes(32).toString('base64url');
      digest = tokenDigest(token);
      return dataAddress(`${this.dataPlane}/${encodeURIComponent(record.id)}`, token);
    });
    if (!intent) return { record, events: [] };
    const sent = sendTransfer(record.transfer, intent, this.ids.next());
    if (!sent.ok) throw new Error(`the strategy made an illegal move: ${sent.problem.detail}`);
    return { record: { ...this.#evolve(record, sent.value), tokenDigest: digest }, events: sent.value };
  }

  async #effects(
    tx: Transaction,
    record: TransferRecord,
    events: readonly TransferEvent[],
    ...entries: LedgerEvent[]
  ): Promise<void> {
    for (const event of events) {
      if (event.kind === 'sent') await this.#send(tx, record, event.id, event.message);
      if (event.kind === 'acknowledged' || event.kind === 'received')
        entries.push(this.#entry(record, wordOf(event.message), { state: event.to, ...reasonOf(event.message) }));
      if (event.kind === 'withdrawn' && event.because === 'refused')
        entries.push(this.#entry(record, 'refused', { refused: event.message.type, detail: event.detail }));
    }
    await this.ledger.append(tx, ...entries);
  }

  async #send(tx: Transaction, record: TransferRecord, id: string, message: TransferMessage): Promise<void> {
    await this.outbox.add(tx, {
      topic: transferTopic,
      processId: record.id,
      counterparty: record.counterparty,
      url: messageUrl(message, other(record.transfer.role), record.address),
      body: JSON.stringify(serialize(message, id)),
    });
  }

  #entry(record: TransferRecord, what: string, data: Record<string, Json>): LedgerEvent {
    const subjects = [record.id, record.agreementId, record.datasetId, record.counterparty];
    return { kind: `transfer.${what}`, subjects, data: { role: record.transfer.role, ...data } };
  }
}

function dataAddress(endpoint: string, token: string): DataAddress {
  return {
    endpointType: httpEndpoint,
    endpoint,
    properties: [
      { name: 'authorization', value: token },
      { name: 'authType', value: 'bearer' },
    ],
  };
}

/** `TransferStartMessage` → `start`. */
function wordOf(message: TransferMessage): string {
  return message.type
    .replace(/^Transfer/, '')
    .replace(/Message$/, '')
    .toLowerCase();
}

/** Why; never the data address, which holds a token. */
function reasonOf(message: TransferMessage): Record<string, Json> {
  return 'reason' in message ? { code: message.code, reason: message.reason } : {};
}
