import type { Transaction } from '../persistence/index.js';

/**
 * The idempotent receiver. A message is noted in the transaction that it causes: when the transaction is rolled back, the
 * message may come again; when two copies arrive at once, the second waits for the first and is then a repeat.
 */
export class Inbox {
  /** Notes a message of a sender. False when it was noted before: it is a repeat. */
  async note(tx: Transaction, counterparty: string, messageKey: string): Promise<boolean> {
    const inserted: unknown[] = await tx.manager.query(
      'INSERT INTO inbox (counterparty, message_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [counterparty, messageKey],
    );
    return inserted.length === 1;
  }
}
