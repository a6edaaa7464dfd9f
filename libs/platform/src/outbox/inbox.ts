import type { Problem } from '@hansa/kernel';
import type { Transaction } from '../persistence/index.js';

/**
 * The idempotent receiver. A message is noted in the transaction that it causes: when the transaction is rolled back, the
 * message may come again; when two copies arrive at once, the second waits for the first and is then a repeat. A repeat
 * gets the first answer again, so a final refusal is kept too.
 */
export class Inbox {
  /** Notes a message of a sender, as accepted. False when it was noted before: it is a repeat. */
  async note(tx: Transaction, counterparty: string, messageKey: string): Promise<boolean> {
    const inserted = await tx.query(
      'INSERT INTO inbox (counterparty, message_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [counterparty, messageKey],
    );
    return inserted.length === 1;
  }

  /** Why a noted message was refused; null when it was accepted. */
  async refusalOf(tx: Transaction, counterparty: string, messageKey: string): Promise<Problem | null> {
    const [row] = await tx.query<{ refusal: Problem | null }>(
      'SELECT refusal FROM inbox WHERE counterparty = $1 AND message_key = $2',
      [counterparty, messageKey],
    );
    return row?.refusal ?? null;
  }

  /** Keeps the final answer to a noted message; null: it is accepted. */
  async answer(tx: Transaction, counterparty: string, messageKey: string, refusal: Problem | null): Promise<void> {
    tx.write('UPDATE inbox SET refusal = $3::jsonb WHERE counterparty = $1 AND message_key = $2', [
      counterparty,
      messageKey,
      refusal === null ? null : JSON.stringify(refusal),
    ]);
  }
}
