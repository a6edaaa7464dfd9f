import type { DataSource, EntityManager } from 'typeorm';
import type { PreparingClient } from './pg-driver.js';

/** What a use case may do with the database, all of it or nothing. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Runs a statement and gives its rows. Statements asked for at the same time go to the server together. */
  query<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Runs a statement that nobody waits for: it goes to the server with the next one that somebody waits for, at the
   * latest with the commit. When it fails, so does the use case.
   *
   * @param then is given its rows, before the effects of the commit run
   */
  write<Row>(text: string, values: readonly unknown[], then?: (rows: readonly Row[]) => void): void;
  /** Runs after the commit, not at all after a rollback. Used to wake relays and workers. */
  afterCommit(effect: () => void): void;
}

/**
 * Runs a use case in one transaction. It is rolled back when the use case throws, and also when it returns a failed
 * `Result`: what is refused changes nothing. No network call, model run or other wait belongs inside: the embedded
 * database has one session, and everybody else waits for it.
 *
 * @example
 * await unitOfWork.run(async (tx) => {
 *   await negotiations.save(tx, negotiation);
 *   await outbox.add(tx, message);
 * });
 */
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const effects: (() => void)[] = [];
    const failures: unknown[] = [];
    const runner = this.dataSource.createQueryRunner();
    try {
      const client: PreparingClient = await runner.connect();
      await runner.startTransaction();
      const result = await work({
        manager: runner.manager,
        query: async <Row>(text: string, values: readonly unknown[]) => (await client.post(text, values)).rows as Row[],
        write: <Row>(text: string, values: readonly unknown[], then?: (rows: readonly Row[]) => void) => {
          client.post(text, values).then(
            ({ rows }) => then?.(rows as Row[]),
            (error) => failures.push(error),
          );
        },
        afterCommit: (effect) => void effects.push(effect),
      });
      if (isRefusal(result)) {
        await runner.rollbackTransaction();
        return result;
      }
      await runner.commitTransaction();
      // The server has answered the commit of a transaction that had failed with a rollback.
      if (failures.length > 0) throw failures[0];
      for (const effect of effects) effect();
      return result;
    } catch (error) {
      // A connection that is lost has nothing to roll back.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw failures[0] ?? error;
    } finally {
      await runner.release();
    }
  }
}

function isRefusal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false && 'problem' in value;
}
