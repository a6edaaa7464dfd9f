import { acknowledgedTransfer, parseMessage, refusedTransfer, type Transfer, type TransferEvent } from '@hansa/dsp';
import type { Answer, ClaimedMessage, Delivered, DeliveryHandler, Transaction } from '@hansa/platform';
import { messageId } from '../delivery/index.js';
import { frozenType } from '../metrics/index.js';
import { type TransferProgress, transferTopic } from './progress.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** What the peer's acceptance of one of our messages has brought about; a problem when its answer is not one to it. */
export function acceptedTransfer(
  transfer: Transfer,
  { message, answer }: Delivered,
): ReturnType<typeof acknowledgedTransfer> {
  const process = parseMessage('TransferProcess', answer.body);
  return acknowledgedTransfer(transfer, messageId(message), process.ok ? process.value : null);
}

/** Moves a transfer on when the peer has answered one of our messages. */
export class TransferDelivery implements DeliveryHandler {
  readonly topic = transferTopic;

  constructor(
    private readonly transfers: Transfers,
    private readonly progress: TransferProgress,
  ) {}

  /** A provider starts what it is asked for. */
  expectsReply({ body }: ClaimedMessage): boolean {
    return frozenType(body) === 'TransferRequestMessage';
  }

  async acknowledged(tx: Transaction, message: ClaimedMessage, answer: Answer): Promise<void> {
    const record = await this.#load(tx, message);
    const events = acceptedTransfer(record.transfer, { message, answer });
    if (events.ok) await this.#apply(tx, record, events.value);
    else await this.#apply(tx, record, refusedTransfer(record.transfer, messageId(message), events.problem.detail));
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
