import { acknowledgedNegotiation, type NegotiationEvent, parseMessage, refusedNegotiation } from '@hansa/dsp';
import type { Answer, ClaimedMessage, DeliveryHandler, Transaction } from '@hansa/platform';
import { messageId } from '../delivery/index.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { Negotiations } from './negotiations.js';
import { type NegotiationProgress, negotiationTopic } from './progress.js';

/** Moves a negotiation on when the peer has answered one of our messages. */
export class NegotiationDelivery implements DeliveryHandler {
  readonly topic = negotiationTopic;

  constructor(
    private readonly negotiations: Negotiations,
    private readonly progress: NegotiationProgress,
  ) {}

  async acknowledged(tx: Transaction, message: ClaimedMessage, answer: Answer): Promise<void> {
    const record = await this.#load(tx, message);
    const process = parseMessage('ContractNegotiation', answer.body);
    const id = messageId(message);
    const events = acknowledgedNegotiation(record.negotiation, id, process.ok ? process.value : null);
    if (events.ok) await this.#apply(tx, record, events.value);
    else await this.#apply(tx, record, refusedNegotiation(record.negotiation, id, events.problem.detail));
  }

  async refused(tx: Transaction, message: ClaimedMessage, reason: string): Promise<void> {
    const record = await this.#load(tx, message);
    await this.#apply(tx, record, refusedNegotiation(record.negotiation, messageId(message), reason));
  }

  async #load(tx: Transaction, message: ClaimedMessage): Promise<NegotiationRecord> {
    const record = await this.negotiations.lock(tx, message.processId);
    if (!record.ok) throw new Error(`the outbox names an unknown negotiation ${message.processId}`);
    return record.value;
  }

  async #apply(tx: Transaction, record: NegotiationRecord, events: readonly NegotiationEvent[]): Promise<void> {
    if (events.length > 0) await this.progress.apply(tx, record, events);
  }
}
