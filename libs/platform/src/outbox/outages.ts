import type { DataSource } from 'typeorm';

/** A counterparty that could not be reached. Nothing is sent to it before `until`, and then one message to try it. */
export interface Outage {
  /** The counterparty's DID. */
  readonly counterparty: string;
  readonly since: Date;
  /** How often it was tried, not counting attempts that were under way at the same time. */
  readonly failures: number;
  readonly until: Date;
  readonly lastError: string;
}

/**
 * The circuit breakers of the outbox, one for each counterparty. They are rows, so that the instances of a node share
 * them and a restart keeps them: a peer that is away costs one attempt at a time, however many messages wait for it.
 */
export class Outages {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * A counterparty was not reached.
   *
   * @param delay milliseconds until it is tried again, after so many failures.
   * @returns the milliseconds that are left until then.
   */
  async note(counterparty: string, error: string, delay: (failures: number) => number): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      // Many attempts may fail at once: only the first after a pause makes the next pause longer.
      const [noted] = await manager.query(
        `INSERT INTO outage (counterparty, failures, until, last_error) VALUES ($1, 1, now(), $2)
         ON CONFLICT (counterparty) DO UPDATE SET failures = outage.failures + 1, last_error = $2
         WHERE outage.until <= now() RETURNING failures`,
        [counterparty, error],
      );
      if (noted)
        await manager.query('UPDATE outage SET until = now() + make_interval(secs => $2) WHERE counterparty = $1', [
          counterparty,
          delay(noted.failures) / 1000,
        ]);
      const [{ left }] = await manager.query(
        'SELECT extract(epoch FROM until - now())::float8 * 1000 AS left FROM outage WHERE counterparty = $1',
        [counterparty],
      );
      return Math.max(0, left);
    });
  }

  /**
   * The counterparty is there again: what waits for it is sent soon, also what was given up. Not at once, for one of its
   * addresses may still be the one that fails. False when it was not away.
   */
  async end(counterparty: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [, ended] = await manager.query('DELETE FROM outage WHERE counterparty = $1', [counterparty]);
      if (ended === 0) return false;
      await manager.query(
        `UPDATE outbox SET due_at = least(due_at, now() + interval '500 ms') WHERE counterparty = $1 AND state = 'waiting'`,
        [counterparty],
      );
      await manager.query(
        `UPDATE outbox SET state = 'waiting', attempts = 0, created_at = now(), due_at = now()
         WHERE counterparty = $1 AND state = 'dead'`,
        [counterparty],
      );
      return true;
    });
  }

  async list(): Promise<readonly Outage[]> {
    return this.dataSource.query(
      'SELECT counterparty, since, failures, until, last_error AS "lastError" FROM outage ORDER BY since, counterparty',
    );
  }
}
