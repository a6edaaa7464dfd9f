import type { Json } from '@hansa/kernel';
import type { DataSource } from 'typeorm';
import type { Transaction } from '../persistence/index.js';

/** A message to be sent, with the exact bytes that every attempt sends. */
export interface OutgoingMessage {
  /** Which handler settles the outcome, for instance `negotiation`. */
  readonly topic: string;
  /** Messages of one process are sent in the order in which they were added. */
  readonly processId: string;
  /** The receiver's DID. */
  readonly counterparty: string;
  readonly url: string;
  /** Frozen: a retry says exactly the same thing. */
  readonly body: string;
  /** Milliseconds from the commit to the first attempt. @default 0 */
  readonly delay?: number;
}

/** A message that this process has claimed and must settle before the lease ends. */
export interface ClaimedMessage extends OutgoingMessage {
  readonly id: string;
  /** The number of this attempt, from 1; also the fence that keeps a late process from settling it. */
  readonly attempt: number;
  readonly createdAt: Date;
  /** Its receiver could not be reached before: this message tries whether it can be now. */
  readonly probe: boolean;
}

/** A message that was given up, kept for the operator. */
export interface DeadMessage extends ClaimedMessage {
  readonly lastError: string;
}

/** What the peer said to a delivered message. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON body, or undefined when there is none. */
  readonly body: Json | undefined;
}

/** A message that its receiver has accepted, and what it said to it. */
export interface Delivered {
  readonly message: ClaimedMessage;
  readonly answer: Answer;
}

/** Sends messages at once that a use case of this process has added. */
export interface Courier {
  /** Whether it would send another message to this counterparty now. */
  hasRoomFor(counterparty: string): boolean;
  /** Takes a message over that is claimed for this process. */
  take(message: ClaimedMessage): void;
  /** There may be something to claim, now or after so many milliseconds. */
  wake(delay?: number): void;
  /** What was delivered of a process and is kept until its reply comes. */
  deliveredOf(processId: string): Delivered | undefined;
  /** Settles that at once, without waiting for the reply. */
  settleNow(processId: string): Promise<void>;
  /** A message was settled by somebody else. */
  settled(message: Pick<ClaimedMessage, 'id' | 'processId'>): void;
}

/** Settles the outcome of the messages of one topic, in the transaction that takes the message out of the outbox. */
export interface DeliveryHandler {
  readonly topic: string;
  /**
   * Whether the peer will go on by itself when it has accepted the message. Its reply is then waited for a moment, for
   * the use case that receives it can settle the message too: one transaction instead of two.
   */
  expectsReply(message: ClaimedMessage): boolean;
  /** The peer accepted the message. */
  acknowledged(tx: Transaction, message: ClaimedMessage, answer: Answer): Promise<void>;
  /** The peer refused the message for good, or an operator has withdrawn it. */
  refused(tx: Transaction, message: ClaimedMessage, reason: string): Promise<void>;
}

interface Row {
  id: string;
  topic: string;
  process_id: string;
  counterparty: string;
  url: string;
  body: string;
  attempts: number;
  created_at: Date;
  last_error: string | null;
  probe?: boolean;
}

interface Settled {
  /** Whether another message of the process waits behind it. */
  readonly more: boolean;
}

const takeOut = `DELETE FROM outbox WHERE id = $1 AND attempts = $2 RETURNING EXISTS (
  SELECT 1 FROM outbox n WHERE n.process_id = outbox.process_id AND n.state = 'waiting' AND n.id > outbox.id) AS more`;

const columns = 'id, topic, process_id, counterparty, url, body, attempts, created_at, last_error';

const fromRow = (row: Row): ClaimedMessage => ({
  id: row.id,
  topic: row.topic,
  processId: row.process_id,
  counterparty: row.counterparty,
  url: row.url,
  body: row.body,
  attempt: row.attempts,
  createdAt: row.created_at,
  probe: row.probe === true,
});

/** Longer than the whole time limit of one request, so that a lease ends only when its holder is gone. */
const leaseSeconds = 15;

/** Sends nothing: what is added waits. */
export const nobody: Courier = {
  hasRoomFor: () => false,
  take: () => {},
  wake: () => {},
  deliveredOf: () => undefined,
  settleNow: async () => {},
  settled: () => {},
};

/**
 * The transactional outbox: a message is stored in the transaction that decided to send it, and is sent after the
 * commit, at least once, in order per process. Times are the database's, never a process's.
 */
export class Outbox {
  readonly #handlers = new Map<string, DeliveryHandler>();
  #courier: Courier = nobody;

  constructor(private readonly dataSource: DataSource) {}

  /** Names who settles the messages of a topic. */
  handle(handler: DeliveryHandler): void {
    this.#handlers.set(handler.topic, handler);
  }

  handlerOf(topic: string): DeliveryHandler {
    const handler = this.#handlers.get(topic);
    if (!handler) throw new Error(`no handler settles the topic ${topic}`);
    return handler;
  }

  /** Names who sends what is added, after the commit. */
  employ(courier: Courier): void {
    this.#courier = courier;
  }

  /**
   * Stores a message. Where nothing is before it, it is claimed for the courier of this process as it is stored: that
   * saves the statement that claims it.
   */
  async add(tx: Transaction, message: OutgoingMessage): Promise<void> {
    const { topic, processId, counterparty, url, body, delay = 0 } = message;
    const claimed: ClaimedMessage[] = [];
    tx.write<Pick<Row, 'id' | 'attempts' | 'created_at'>>(
      `INSERT INTO outbox (topic, process_id, counterparty, url, body, due_at, attempts, lease_until)
       SELECT $1, $2, $3, $4, $5, now() + make_interval(secs => $7), CASE WHEN c.now THEN 1 ELSE 0 END,
         CASE WHEN c.now THEN clock_timestamp() + make_interval(secs => ${leaseSeconds}) END
       FROM (SELECT $6::boolean
         AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.process_id = $2 AND e.state = 'waiting')
         AND NOT EXISTS (SELECT 1 FROM outage x WHERE x.counterparty = $3) AS now) c
       RETURNING id, attempts, created_at`,
      [topic, processId, counterparty, url, body, delay === 0 && this.#courier.hasRoomFor(counterparty), delay / 1000],
      ([row]) => {
        if (row?.attempts !== 1) return;
        claimed.push({ ...message, id: row.id, attempt: 1, createdAt: row.created_at, probe: false });
      },
    );
    tx.afterCommit(() => {
      const [message] = claimed;
      if (message) this.#courier.take(message);
      else this.#courier.wake(delay);
    });
  }

  /**
   * Takes up to `limit` messages that are due, at most the oldest of each process; and of those for a counterparty that
   * could not be reached only the oldest, when its pause is over.
   *
   * @param except counterparties for which enough is under way.
   */
  async claim(limit: number, except: readonly string[] = []): Promise<readonly ClaimedMessage[]> {
    const [rows] = await this.dataSource.query(
      `UPDATE outbox SET attempts = attempts + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
       WHERE id IN (
         SELECT id FROM outbox o
         WHERE state = 'waiting' AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
           AND counterparty <> ALL ($2::text[])
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.process_id = o.process_id AND e.state = 'waiting' AND e.id < o.id)
           AND NOT EXISTS (
             SELECT 1 FROM outage x WHERE x.counterparty = o.counterparty AND (x.until > now() OR EXISTS (
               SELECT 1 FROM outbox p WHERE p.counterparty = o.counterparty AND p.state = 'waiting'
                 AND p.id <> o.id AND (p.lease_until > now() OR p.id < o.id AND p.due_at <= now()))))
         ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${columns}, EXISTS (SELECT 1 FROM outage x WHERE x.counterparty = outbox.counterparty) AS probe`,
      [limit, except],
    );
    return (rows as Row[]).map(fromRow);
  }

  /** Takes the message out. False when the lease was lost: then the outcome must not be applied. */
  async settle(tx: Transaction, message: ClaimedMessage): Promise<boolean> {
    const [settled] = await tx.query<Settled>(takeOut, [message.id, message.attempt]);
    if (settled?.more) tx.afterCommit(() => this.#courier.wake());
    return settled !== undefined;
  }

  /** What was delivered of a process and is not settled: whoever takes in its reply may settle it with that. */
  deliveredOf(processId: string): Delivered | undefined {
    return this.#courier.deliveredOf(processId);
  }

  /**
   * Takes a delivered message out, whose outcome the caller has applied: nobody else needs to. That another instance has
   * taken it over meanwhile does no harm, for it finds the outcome applied.
   */
  settleDelivered(tx: Transaction, { message }: Delivered): void {
    tx.write<Settled>(takeOut, [message.id, message.attempt], ([settled]) => {
      if (settled?.more) tx.afterCommit(() => this.#courier.wake());
    });
    tx.afterCommit(() => this.#courier.settled(message));
  }

  /**
   * Takes out a message whose reply shows that it was accepted, although its answer is not here yet. The caller has
   * applied that.
   *
   * @param part stands in the body of this message of the process and in no other's, as its id does
   */
  settleImplied(tx: Transaction, processId: string, part: string): void {
    tx.write<{ id: string }>(
      'DELETE FROM outbox WHERE process_id = $1 AND strpos(body, $2) > 0 RETURNING id',
      [processId, part],
      (rows) => {
        for (const { id } of rows) tx.afterCommit(() => this.#courier.settled({ id, processId }));
      },
    );
  }

  /** Settles what was delivered of a process and waits for its reply, if there is anything. */
  settleNow(processId: string): Promise<void> {
    return this.#courier.settleNow(processId);
  }

  /** Puts the message back for another attempt after `delay` milliseconds. */
  async postpone(message: ClaimedMessage, delay: number, error: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE outbox SET lease_until = NULL, due_at = now() + make_interval(secs => $3), last_error = $4
       WHERE id = $1 AND attempts = $2`,
      [message.id, message.attempt, delay / 1000, error],
    );
  }

  /** Gives the message up. Its process waits for it until it is sent after all, or withdrawn. */
  async bury(message: ClaimedMessage, error: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE outbox SET state = 'dead', lease_until = NULL, last_error = $3 WHERE id = $1 AND attempts = $2`,
      [message.id, message.attempt, error],
    );
  }

  /** Sends messages again that were given up, all of them or one. Returns how many. */
  async redrive(id?: string): Promise<number> {
    const [, count] = await this.dataSource.query(
      `UPDATE outbox SET state = 'waiting', attempts = 0, created_at = now(), due_at = now()
       WHERE state = 'dead' AND ($1::bigint IS NULL OR id = $1)`,
      [id ?? null],
    );
    if (count > 0) this.#courier.wake();
    return count;
  }

  /** Takes out a message that was given up, and tells its process. False when there is no such message. */
  async withdraw(tx: Transaction, id: string, reason: string): Promise<boolean> {
    const [row] = await tx.query<Row>(`DELETE FROM outbox WHERE id = $1 AND state = 'dead' RETURNING ${columns}`, [id]);
    if (!row) return false;
    await this.handlerOf(row.topic).refused(tx, fromRow(row), reason);
    return true;
  }

  async dead(): Promise<readonly DeadMessage[]> {
    const rows: Row[] = await this.dataSource.query(`SELECT ${columns} FROM outbox WHERE state = 'dead' ORDER BY id`);
    return rows.map((row) => ({ ...fromRow(row), lastError: row.last_error ?? '' }));
  }

  /** How many messages wait, and how many were given up. */
  async sizes(): Promise<{ readonly waiting: number; readonly dead: number }> {
    const [sizes] = await this.dataSource.query(
      `SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
              count(*) FILTER (WHERE state = 'dead')::int AS dead FROM outbox`,
    );
    return sizes;
  }

  /** Ends every lease. Only for a database that no other process shares. */
  async releaseAll(): Promise<void> {
    await this.dataSource.query('UPDATE outbox SET lease_until = NULL WHERE lease_until IS NOT NULL');
  }
}
