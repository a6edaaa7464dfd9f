import type { Transaction } from '@hansa/platform';
import { type DataSource, LessThanOrEqual } from 'typeorm';
import { type Push, pushSchema } from './push.schema.js';

/** The name of the queue of turns. */
export const pushQueue = 'push';

/** The id of the job for one turn. */
export const pushJobId = ({ transferId, run }: Push): string => `${transferId}#${run}`;

/** What is to be pushed, and when. This table is the truth; the queue of jobs is filled from it. */
export class Pushes {
  #wake: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Calls `wake` whenever there may be something to push. */
  onArmed(wake: () => void): void {
    this.#wake = wake;
  }

  /** A transfer is open: its data shall be brought, at once and from the beginning. */
  async arm(tx: Transaction, transferId: string, now: Date): Promise<void> {
    await tx.manager.query(
      `INSERT INTO push (transfer_id, run, due_at, failures, deliveries) VALUES ($1, 1, $2, 0, 0)
       ON CONFLICT (transfer_id) DO UPDATE
       SET run = push.run + 1, due_at = $2, failures = 0, failing_since = NULL, problem = NULL`,
      [transferId, now],
    );
    tx.afterCommit(() => this.#wake());
  }

  /** A transfer is not open any more: what is under way is void. */
  async disarm(tx: Transaction, transferId: string): Promise<void> {
    await tx.manager.query('UPDATE push SET run = run + 1, due_at = NULL WHERE transfer_id = $1', [transferId]);
  }

  async find(transferId: string): Promise<Push | null> {
    return (await this.dataSource.manager.findOneBy(pushSchema, { transferId })) as Push | null;
  }

  /** Ends a turn, if it is still this one; the next begins when `next` says. */
  async conclude(tx: Transaction, { transferId, run }: Push, next: Omit<Push, 'transferId' | 'run'>): Promise<boolean> {
    const { affected } = await tx.manager.update(pushSchema, { transferId, run }, { ...next, run: run + 1 } as never);
    if (next.dueAt) tx.afterCommit(() => this.#wake());
    return affected === 1;
  }

  /** The turns that may begin, the longest waiting first. */
  async due(now: Date, limit: number): Promise<readonly Push[]> {
    const where = { dueAt: LessThanOrEqual(now) };
    return (await this.dataSource.manager.find(pushSchema, { where, order: { dueAt: 'ASC' }, take: limit })) as Push[];
  }

  /** When the next turn after `now` begins; null when there is none. */
  async nextDue(now: Date): Promise<Date | null> {
    const [row] = await this.dataSource.query('SELECT min(due_at) AS due FROM push WHERE due_at > $1', [now]);
    return row.due;
  }

  /** Begins all turns anew: for a process that knows that the one before it has died. */
  async restartAll(): Promise<void> {
    await this.dataSource.query('UPDATE push SET run = run + 1 WHERE due_at IS NOT NULL');
  }
}
