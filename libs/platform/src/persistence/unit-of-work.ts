import type { DataSource, EntityManager } from 'typeorm';

/** What a use case may do with the database: everything through `manager`, all of it or nothing. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Runs after the commit, not at all after a rollback. Used to wake relays and workers. */
  afterCommit(effect: () => void): void;
}

/**
 * Runs a use case in one transaction. No network call, model run or other wait belongs inside: the embedded database
 * has one session, and everybody else waits for it.
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
    const value = await this.dataSource.transaction((manager) =>
      work({ manager, afterCommit: (effect) => void effects.push(effect) }),
    );
    for (const effect of effects) effect();
    return value;
  }
}
