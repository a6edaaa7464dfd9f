import { backoff, type Did, ok, type RetryPolicy, refuse } from '@hansa/kernel';
import type {
  ClaimedMessage,
  Courier,
  Delivered,
  DeliveryHandler,
  GuardedClient,
  Logger,
  Outages,
  Outbox,
  Transaction,
  UnitOfWork,
} from '@hansa/platform';
import type { Authorize } from '../identity/index.js';
import { type Locate, locateUrl, sendMessage } from './send-message.js';

export interface RelayOptions {
  readonly outbox: Outbox;
  readonly outages: Outages;
  readonly unitOfWork: UnitOfWork;
  readonly client: GuardedClient;
  readonly authorize: Authorize;
  /** @default every address is a URL */
  readonly locate?: Locate;
  readonly log: Logger;
  readonly retry?: RetryPolicy;
  /** Is told of each attempt that was made. */
  readonly attempted?: (message: ClaimedMessage, outcome: AttemptOutcome) => void;
  /** Messages under way at once. @default 128 */
  readonly concurrency?: number;
  /** About how many of them go to one counterparty, so that one that is slow on purpose keeps no other waiting. @default 32 */
  readonly perCounterparty?: number;
}

/** How an attempt ended: `refused` for good, `repeated` later, or `abandoned` because it was the last. */
export type AttemptOutcome = 'acknowledged' | 'refused' | 'repeated' | 'abandoned';

interface AwaitingReply {
  readonly delivered: Delivered;
  readonly timer: NodeJS.Timeout;
  settling?: Promise<void>;
}

/** Between looks at the table when nothing wakes the relay: only for messages of a process that died. */
const safetyNet = 5000;
/** Milliseconds for which the reply to a delivered message is waited for, before the message is settled without it. */
const replyWithin = 250;
/** Milliseconds after which messages are due for a counterparty that was reached again. */
const soon = 500;
/** A peer may be away over a long weekend; what could not be told it by then waits for an operator. */
const giveUpAfter = 4 * 24 * 3_600_000;

/**
 * Sends what the outbox holds: at once after a commit wakes it, with backoff after a failure. A counterparty that cannot
 * be reached is tried by one message at a time, until one arrives or it speaks itself. The relay never stops on a
 * surprise; when the table cannot be read, its health check says so.
 */
export class Relay implements Courier {
  readonly #options: Required<RelayOptions>;
  readonly #underWay = new Map<Promise<void>, string>();
  /** Messages on their way, by their ids: the reply to one can be faster than its answer, and settle it. */
  readonly #sent = new Map<string, 'open' | 'settled'>();
  /** Delivered messages, by their processes, for whose replies we wait. */
  readonly #delivered = new Map<string, AwaitingReply>();
  /** Counterparties that could not be reached, as far as this process knows. */
  readonly #away = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #claiming = false;
  /** Something was to be sent that could not be claimed yet. */
  #behind = false;
  #again = false;
  #stopped = true;
  #trouble: string | null = null;

  constructor(options: RelayOptions) {
    this.#options = {
      retry: backoff(Math.random, { giveUpAfter }),
      attempted: () => {},
      locate: locateUrl,
      concurrency: 128,
      perCounterparty: 32,
      ...options,
    };
  }

  start(): void {
    this.#stopped = false;
    this.#options.outbox.employ(this);
    this.#options.outages.list().then(
      (outages) => {
        for (const { counterparty } of outages) this.#away.add(counterparty);
      },
      (error) => this.#options.log.error('the outages cannot be read', { error }),
    );
    this.wake();
  }

  /** A counterparty has spoken to us. If it was away, it is not any more. */
  heard(counterparty: Did): void {
    if (!this.#stopped && this.#away.has(counterparty)) this.#track(this.#reached(counterparty), counterparty);
  }

  /** Waits for the messages under way and takes no further ones. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([
      ...this.#underWay.keys(),
      ...[...this.#delivered.keys()].map((id) => this.settleNow(id)),
    ]);
  }

  hasRoomFor(counterparty: string): boolean {
    const { concurrency } = this.#options;
    return !this.#stopped && this.#underWay.size < concurrency && !this.#occupied().includes(counterparty);
  }

  take(message: ClaimedMessage): void {
    const { outbox } = this.#options;
    const done = this.#stopped ? outbox.postpone(message, 0, 'the node stopped') : this.#deliver(message);
    this.#track(done, message.counterparty);
  }

  deliveredOf(processId: string): Delivered | undefined {
    return this.#delivered.get(processId)?.delivered;
  }

  async settleNow(processId: string): Promise<void> {
    const waiting = this.#delivered.get(processId);
    if (!waiting) return;
    const { delivered } = waiting;
    waiting.settling ??= this.#acknowledge(delivered).finally(() => this.settled(delivered.message));
    await waiting.settling;
  }

  settled({ id, processId }: Pick<ClaimedMessage, 'id' | 'processId'>): void {
    if (this.#sent.has(id)) this.#sent.set(id, 'settled');
    const waiting = this.#delivered.get(processId);
    if (waiting?.delivered.message.id !== id) return;
    clearTimeout(waiting.timer);
    this.#delivered.delete(processId);
  }

  /** There may be something to send, now or after so many milliseconds. Cheap, and safe to call at any time. */
  wake(delay = 0): void {
    if (this.#stopped) return;
    if (delay > 0) {
      this.#wakeIn(delay);
      return;
    }
    this.#behind = true;
    if (this.#claiming) {
      this.#again = true;
      return;
    }
    void this.#claim();
  }

  /** Rejects while the outbox cannot be worked on. */
  async check(): Promise<void> {
    if (this.#trouble) throw new Error(this.#trouble);
  }

  async #claim(): Promise<void> {
    this.#claiming = true;
    clearTimeout(this.#timer);
    let wait = safetyNet;
    try {
      do {
        this.#again = false;
        const { concurrency, perCounterparty, outbox } = this.#options;
        const room = Math.min(concurrency - this.#underWay.size, perCounterparty);
        const messages = room > 0 ? await outbox.claim(room, this.#occupied()) : [];
        for (const message of messages) this.#track(this.#deliver(message), message.counterparty);
        // There may be more than were asked for.
        if (room > 0 && messages.length === room) this.#again = true;
      } while (this.#again && !this.#stopped);
      this.#trouble = null;
      if (this.#underWay.size === 0) this.#behind = false;
    } catch (error) {
      this.#trouble = `the outbox cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      this.#options.log.error('the outbox cannot be read', { error });
      wait = 1000;
    } finally {
      this.#claiming = false;
      if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), wait);
    }
  }

  /** Counterparties for which enough is under way. */
  #occupied(): readonly string[] {
    const messages = new Map<string, number>();
    for (const counterparty of this.#underWay.values())
      messages.set(counterparty, (messages.get(counterparty) ?? 0) + 1);
    return [...messages].filter(([, count]) => count >= this.#options.perCounterparty).map(([who]) => who);
  }

  #track(delivery: Promise<void>, counterparty: string): void {
    const done = delivery
      .catch((error) => this.#options.log.error('a delivery could not be settled', { error }))
      .finally(() => {
        this.#underWay.delete(done);
        if (this.#behind) this.wake();
      });
    this.#underWay.set(done, counterparty);
  }

  async #deliver(message: ClaimedMessage): Promise<void> {
    const { client, authorize, locate, attempted, log, outbox, retry } = this.#options;
    const { processId: process, counterparty, attempt, createdAt } = message;
    this.#sent.set(message.id, 'open');
    const outcome = await sendMessage(client, authorize, message, locate);
    const isSettled = this.#sent.get(message.id) === 'settled';
    this.#sent.delete(message.id);
    if (outcome.kind === 'unreachable') await this.#unreachable(counterparty, outcome.reason);
    else if (message.probe) await this.#reached(counterparty);
    if (outcome.kind === 'acknowledged') {
      log.debug('message acknowledged', { process, counterparty, attempt });
      attempted(message, 'acknowledged');
      if (isSettled) return;
      const delivered = { message, answer: outcome.answer };
      const keep =
        !this.#stopped && !this.#delivered.has(process) && outbox.handlerOf(message.topic).expectsReply(message);
      return keep ? this.#awaitReply(delivered) : this.#acknowledge(delivered);
    }
    const { kind, reason } = outcome;
    const delay = kind === 'refused' ? null : retry({ failures: attempt, elapsed: Date.now() - createdAt.getTime() });
    log.info('message not accepted', { process, counterparty, attempt, reason, retryIn: delay });
    attempted(message, kind === 'refused' ? 'refused' : delay === null ? 'abandoned' : 'repeated');
    if (kind === 'refused') return this.#settle(message, (tx, handler) => handler.refused(tx, message, reason));
    if (delay === null) return outbox.bury(message, reason);
    await outbox.postpone(message, delay, reason);
    this.#wakeIn(delay);
  }

  #awaitReply(delivered: Delivered): void {
    const { processId, counterparty } = delivered.message;
    const timer = setTimeout(() => this.#track(this.settleNow(processId), counterparty), replyWithin);
    this.#delivered.set(processId, { delivered, timer });
  }

  #acknowledge({ message, answer }: Delivered): Promise<void> {
    return this.#settle(message, (tx, handler) => handler.acknowledged(tx, message, answer));
  }

  /** The handler begins before it is certain that the message is still ours: what it reads comes with the answer to that. */
  async #settle(
    message: ClaimedMessage,
    tell: (tx: Transaction, handler: DeliveryHandler) => Promise<void>,
  ): Promise<void> {
    const { outbox, unitOfWork } = this.#options;
    await unitOfWork.run(async (tx) => {
      const telling = async () => tell(tx, outbox.handlerOf(message.topic));
      const [taken, told] = await Promise.allSettled([outbox.settle(tx, message), telling()]);
      if (taken.status === 'rejected') throw taken.reason;
      if (!taken.value) return refuse('outbox.lease-lost', 'Another process has taken the message over.');
      if (told.status === 'rejected') throw told.reason;
      return ok(null);
    });
  }

  async #unreachable(counterparty: string, reason: string): Promise<void> {
    const { outages, retry } = this.#options;
    this.#away.add(counterparty);
    const pause = (failures: number) => retry({ failures, elapsed: 0 }) ?? safetyNet;
    this.#wakeIn(await outages.note(counterparty, reason, pause));
  }

  async #reached(counterparty: string): Promise<void> {
    this.#away.delete(counterparty);
    if (!(await this.#options.outages.end(counterparty))) return;
    this.#options.log.info('counterparty reached again', { counterparty });
    this.#wakeIn(soon);
  }

  #wakeIn(milliseconds: number): void {
    setTimeout(() => this.wake(), milliseconds + 5).unref();
  }
}
