import type { Clock, Did } from '@hansa/kernel';

/** Refusals of one counterparty that are recorded one by one. */
const burst = 200;
/** Milliseconds after which one more may be recorded. */
const refill = 60_000;
/** Counterparties that are remembered before those with nothing to remember are forgotten. */
const manyCounterparties = 1_000;

interface Account {
  left: number;
  since: number;
  skipped: number;
}

/**
 * How much of the ledger a counterparty may fill by being refused: 200 entries at once, then one a minute. What is
 * beyond that is counted, and the number stands in the next entry. Kept in memory: after a restart the count begins anew.
 */
export class RefusalAllowance {
  readonly #accounts = new Map<Did, Account>();

  constructor(private readonly clock: Clock) {}

  /** Takes one entry. @returns how many refusals were only counted since the last one; null: this one is too. */
  take(counterparty: Did): number | null {
    const account = this.#accountOf(counterparty);
    if (account.left < 1) {
      account.skipped++;
      return null;
    }
    const { skipped } = account;
    account.left--;
    account.skipped = 0;
    return skipped;
  }

  /** Gives an entry back that was not written. */
  giveBack(counterparty: Did, skipped: number): void {
    const account = this.#accountOf(counterparty);
    account.left++;
    account.skipped += skipped;
  }

  #accountOf(counterparty: Did): Account {
    const now = this.clock.now().getTime();
    const known = this.#accounts.get(counterparty);
    if (known) return refilled(known, now);
    if (this.#accounts.size >= manyCounterparties) this.#forget(now);
    const fresh = { left: burst, since: now, skipped: 0 };
    this.#accounts.set(counterparty, fresh);
    return fresh;
  }

  #forget(now: number): void {
    for (const [counterparty, account] of this.#accounts)
      if (refilled(account, now).left === burst && account.skipped === 0) this.#accounts.delete(counterparty);
  }
}

function refilled(account: Account, now: number): Account {
  const earned = Math.floor(Math.max(0, now - account.since) / refill);
  account.left = Math.min(burst, account.left + earned);
  account.since = account.left === burst ? now : account.since + earned * refill;
  return account;
}
