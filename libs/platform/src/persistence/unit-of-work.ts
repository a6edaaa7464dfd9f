import type { DataSource, EntityManager } from 'typeorm';

/** What a use case may do with the database: everything through `manager`, all of it or nothing. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Runs after the commit, not at all after a rollback. Used to wake relays and workers. */
  afterCommit(effect: () => void): void;
}

/** Carries a refusal out of the transaction that it rolls back. */
class Refused {
  constructor(readonly result: unknown) {}
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
    try {
      const value = await this.dataSource.transaction(async (manager) => {
        const result = await work({ manager, afterCommit: (effect) => void effects.push(effect) });
        if (isRefusal(result)) throw new Refused(result);
        return result;
      });
      for (const effect of effects) effect();
      return value;
    } catch (error) {
      if (error instanceof Refused) return error.result as T;
      throw error;
    }
  }
}

function isRefusal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false && 'problem' in value;
}
