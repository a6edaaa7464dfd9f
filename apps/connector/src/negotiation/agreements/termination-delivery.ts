import type { ClaimedMessage, DeliveryHandler, Transaction } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { TerminationNotice } from './agreement-record.js';
import type { Agreements } from './agreements.js';
import { agreementTopic } from './end-agreement.js';

/**
 * Notes whether the counterparty has taken our termination. One that refuses it, or does not know such messages, learns
 * the end as DSP 2025-1 lets it: by the termination of the transfers, and by the refusal of whatever it asks for.
 */
export class TerminationDelivery implements DeliveryHandler {
  readonly topic = agreementTopic;

  constructor(
    private readonly agreements: Agreements,
    private readonly ledger: Ledger,
  ) {}

  expectsReply(): boolean {
    return false;
  }

  acknowledged(tx: Transaction, message: ClaimedMessage): Promise<void> {
    return this.#note(tx, message, 'acknowledged', {});
  }

  refused(tx: Transaction, message: ClaimedMessage, reason: string): Promise<void> {
    return this.#note(tx, message, 'refused', { detail: reason });
  }

  async #note(
    tx: Transaction,
    { processId: id, counterparty }: ClaimedMessage,
    notice: Exclude<TerminationNotice, 'pending'>,
    data: { readonly detail?: string },
  ): Promise<void> {
    await this.agreements.saveNotice(tx, id, notice);
    const kind = `agreement.termination-${notice}`;
    await this.ledger.append(tx, { kind, subjects: [id, counterparty], data });
  }
}
