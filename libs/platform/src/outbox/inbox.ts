import type { Transaction } from '../persistence/index.js';

/** What was answered to a message; a repeat of the message gets the same answer. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** The idempotent receiver: one answer a message, kept in the transaction that the message caused. */
export class Inbox {
  /** The answer given before to this message of this sender, if it is a repeat. */
  async find(tx: Transaction, counterparty: string, messageKey: string): Promise<StoredAnswer | null> {
    const [row] = await tx.manager.query(
      'SELECT status, body FROM inbox WHERE counterparty = $1 AND message_key = $2',
      [counterparty, messageKey],
    );
    return row ?? null;
  }

  async remember(tx: Transaction, counterparty: string, messageKey: string, answer: StoredAnswer): Promise<void> {
    await tx.manager.query(
      `INSERT INTO inbox (counterparty, message_key, status, body) VALUES ($1, $2, $3, $4)
       ON CONFLICT (counterparty, message_key) DO UPDATE SET status = excluded.status, body = excluded.body`,
      [counterparty, messageKey, answer.status, answer.body],
    );
  }
}
