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
  type TransferMove,
  transferMoveOf,
} from '@hansa/dsp';
import type { Clock, Ids, Json } from '@hansa/kernel';
import type { Outbox, Transaction } from '@hansa/platform';
import { overtaking } from '../delivery/index.js';
import type { Ledger, LedgerEvent } from '../ledger/index.js';
import type { Agreements } from '../negotiation/index.js';
import { pullAddress } from './data-address.js';
import { forgetSecrets } from './forget-secrets.js';
import type { Pushes } from './pushes.js';
import type { TransferRecord } from './transfer-record.js';
import type { TransferStrategy } from './transfer-strategy.js';
import type { Transfers } from './transfers.js';

export const transferTopic = 'transfer';

/** What the data plane compares tokens by; the token itself stands only in the message to the consumer. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Opens the data plane for one transfer: nobody guesses it. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Carries a transfer forward by events, in the caller's transaction. Nothing else changes a transfer. */
export class TransferProgress {
  constructor(
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    /** Where what we say waits, and what was delivered and has no reply yet. */
    readonly outbox: Outbox,
    private readonly pushes: Pushes,
    private readonly ledger: Ledger,
    private readonly strategy: TransferStrategy,
    /** The base URL of the data plane; a transfer's own address is below it. */
    private readonly dataPlane: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Applies events to a stored transfer, then lets the strategy speak. No events: something else has changed. */
  async apply(tx: Transaction, record: TransferRecord, events: readonly TransferEvent[]): Promise<TransferRecord> {
    const evolved = this.#evolve(record, events);
    const refused = events.find((event) => event.kind === 'withdrawn' && event.because === 'refused');
    const said = await this.#decideNext(tx, evolved, refused?.message);
    await this.transfers.save(tx, said.record);
    await this.#movePush(tx, record.transfer, said.record, refused !== undefined);
    await this.#effects(tx, said.record, [...events, ...said.events]);
    return said.record;
  }

  /** Stores a new transfer, then lets the strategy speak. */
  async open(tx: Transaction, record: TransferRecord): Promise<TransferRecord> {
    const { pending } = record.transfer;
    const said = await this.#decideNext(tx, record);
    await this.transfers.insert(tx, { ...said.record, transfer: forgetSecrets(said.record.transfer) });
    if (pending) await this.#send(tx, record, pending.id, pending.message);
    await this.#effects(
      tx,
      said.record,
      said.events,
      this.#entry(record, words.request, { decision: record.decision as Json }),
    );
    return said.record;
  }

  /** A data address with a fresh token, and the record that knows the token by its digest; an older token is void then. */
  openDataAddress(record: TransferRecord): { readonly record: TransferRecord; readonly dataAddress: DataAddress } {
    const token = newToken();
    return {
      record: { ...record, tokenDigest: tokenDigest(token) },
      dataAddress: pullAddress(`${this.dataPlane}/${encodeURIComponent(record.id)}`, token),
    };
  }

  #evolve(record: TransferRecord, events: readonly TransferEvent[]): TransferRecord {
    const transfer = forgetSecrets(events.reduce<Transfer>(evolveTransfer, record.transfer));
    return { ...record, transfer, updatedAt: this.clock.now() };
  }

  async #decideNext(
    tx: Transaction,
    record: TransferRecord,
    refused?: TransferMessage,
  ): Promise<{ readonly record: TransferRecord; readonly events: readonly TransferEvent[] }> {
    const silence = { record, events: [] };
    if (record.transfer.pending) return silence;
    const ended = await this.agreements.endOf(tx, record.agreementId);
    // What the peer has refused for good is not said again in other words: an operator must look. That the agreement has
    // ended is another thing to say, unless an end was what the peer refused.
    if (refused && (ended === null || refused.type === 'TransferTerminationMessage')) return silence;
    let opened = record;
    const intent = this.strategy.next(record, ended, () => {
      const fresh = this.openDataAddress(record);
      opened = fresh.record;
      return fresh.dataAddress;
    });
    if (!intent) return silence;
    const sent = sendTransfer(record.transfer, intent, this.ids.next());
    if (!sent.ok) throw new Error(`the strategy made an illegal move: ${sent.problem.detail}`);
    return { record: this.#evolve(opened, sent.value), events: sent.value };
  }

  /**
   * A push begins when its transfer opens, and is void when that closes. One that the peer has kept open by its refusal
   * does not begin again by itself: what would follow has been refused.
   */
  async #movePush(
    tx: Transaction,
    before: Transfer,
    { id, transfer }: TransferRecord,
    refused: boolean,
  ): Promise<void> {
    const [was, is] = [isPushing(before), isPushing(transfer)];
    if (is && !was && !refused) await this.pushes.arm(tx, id, this.clock.now());
    if (was && !is) await this.pushes.disarm(tx, id);
  }

  async #effects(
    tx: Transaction,
    record: TransferRecord,
    events: readonly TransferEvent[],
    ...entries: LedgerEvent[]
  ): Promise<void> {
    for (const event of events) {
      if (event.kind === 'acknowledged' && event.implied) this.outbox.settleImplied(tx, record.id, event.id);
      if (event.kind === 'sent') await this.#send(tx, record, event.id, event.message);
      if (event.kind === 'acknowledged' || event.kind === 'received')
        entries.push(
          this.#entry(record, words[transferMoveOf(event.message)], { state: event.to, ...reasonOf(event.message) }),
        );
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
      delay: record.transfer.state === 'REQUESTED' && transferMoveOf(message) === 'termination' ? overtaking : 0,
    });
  }

  #entry(record: TransferRecord, what: string, data: Record<string, Json>): LedgerEvent {
    const subjects = [record.id, record.agreementId, record.datasetId, record.counterparty];
    return { kind: `transfer.${what}`, subjects, data: { role: record.transfer.role, ...data } };
  }
}

/** Whether this node shall bring data now: started, and not about to end or pause. */
function isPushing({ role, destination, state, pending }: Transfer): boolean {
  return role === 'provider' && destination !== null && state === 'STARTED' && pending === null;
}

const words: Readonly<Record<TransferMove, string>> = {
  request: 'requested',
  start: 'started',
  suspension: 'suspended',
  completion: 'completed',
  termination: 'terminated',
};

/** Why; never the data address, which holds a token. */
function reasonOf(message: TransferMessage): Record<string, Json> {
  return 'reason' in message ? { code: message.code, reason: message.reason } : {};
}
