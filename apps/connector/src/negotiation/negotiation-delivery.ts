import {
  acknowledgedNegotiation,
  type Negotiation,
  type NegotiationEvent,
  parseMessage,
  refusedNegotiation,
} from '@hansa/dsp';
import type { Answer, ClaimedMessage, Delivered, DeliveryHandler, Transaction } from '@hansa/platform';
import { messageId } from '../delivery/index.js';
import { frozenType } from '../metrics/index.js';
import type { StoredNegotiation } from './negotiation-record.js';
import type { Negotiations } from './negotiations.js';
import { type NegotiationProgress, negotiationTopic } from './progress.js';

/** Messages after which the protocol lets the other side go on at once. An event may be the last of a negotiation. */
const replied: ReadonlySet<string> = new Set([
  'ContractRequestMessage',
  'ContractOfferMessage',
  'ContractAgreementMessage',
  'ContractAgreementVerificationMessage',
]);

/** What the peer's acceptance of one of our messages has brought about; a problem when its answer is not one to it. */
export function acceptedNegotiation(
  negotiation: Negotiation,
  { message, answer }: Delivered,
): ReturnType<typeof acknowledgedNegotiation> {
  const process = parseMessage('ContractNegotiation', answer.body);
  return acknowledgedNegotiation(negotiation, messageId(message), process.ok ? process.value : null);
}

/** Moves a negotiation on when the peer has answered one of our messages. */
export class NegotiationDelivery implements DeliveryHandler {
  readonly topic = negotiationTopic;

  constructor(
    private readonly negotiations: Negotiations,
    private readonly progress: NegotiationProgress,
  ) {}

  expectsReply({ body }: ClaimedMessage): boolean {
    return replied.has(frozenType(body));
  }

  async acknowledged(tx: Transaction, message: ClaimedMessage, answer: Answer): Promise<void> {
    const record = await this.#load(tx, message);
    const events = acceptedNegotiation(record.negotiation, { message, answer });
    if (events.ok) await this.#apply(tx, record, events.value);
    else
      await this.#apply(tx, record, refusedNegotiation(record.negotiation, messageId(message), events.problem.detail));
  }

  async refused(tx: Transaction, message: ClaimedMessage, reason: string): Promise<void> {
    const record = await this.#load(tx, message);
    await this.#apply(tx, record, refusedNegotiation(record.negotiation, messageId(message), reason));
  }

  async #load(tx: Transaction, message: ClaimedMessage): Promise<StoredNegotiation> {
    const record = await this.negotiations.lock(tx, message.processId);
    if (!record.ok) throw new Error(`the outbox names an unknown negotiation ${message.processId}`);
    return record.value;
  }

  async #apply(tx: Transaction, record: StoredNegotiation, events: readonly NegotiationEvent[]): Promise<void> {
    if (events.length > 0) await this.progress.apply(tx, record, events);
  }
}
