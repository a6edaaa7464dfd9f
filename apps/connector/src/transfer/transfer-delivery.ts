import { acknowledgedTransfer, parseMessage, refusedTransfer, type TransferEvent } from '@hansa/dsp';
import type { Answer, ClaimedMessage, DeliveryHandler, Transaction } from '@hansa/platform';
import { messageId } from '../delivery/index.js';
import { type TransferProgress, transferTopic } from './progress.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** Moves a transfer on when the peer has answered one of our messages. */
export class TransferDelivery implements DeliveryHandler {
  readonly topic = transferTopic;

  constructor(
    private readonly transfers: Transfers,
    private readonly progress: TransferProgress,
  ) {}

  async acknowledged(tx: Transaction, message: ClaimedMessage, answer: Answer): Promise<void> {
    const record = await this.#load(tx, message);
    const process = parseMessage('TransferProcess', answer.body);
    const id = messageId(message);
    const events = acknowledgedTransfer(record.transfer, id, process.ok ? process.value : null);
    if (events.ok) await this.#apply(tx, record, events.value);
    else await this.#apply(tx, record, refusedTransfer(record.transfer, id, events.problem.detail));
  }

  async refused(tx: Transaction, message: ClaimedMessage, reason: string): Promise<void> {
    const record = await this.#load(tx, message);
    await this.#apply(tx, record, refusedTransfer(record.transfer, messageId(message), reason));
  }

  async #load(tx: Transaction, message: ClaimedMessage): Promise<TransferRecord> {
    const record = await this.transfers.lock(tx, message.processId);
    if (!record.ok) throw new Error(`the outbox names an unknown transfer ${message.processId}`);
    return record.value;
  }

  async #apply(tx: Transaction, record: TransferRecord, events: readonly TransferEvent[]): Promise<void> {
    if (events.length > 0) await this.progress.apply(tx, record, events);
  }
}
