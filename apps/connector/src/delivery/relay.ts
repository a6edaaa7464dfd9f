import { backoff, type Did, parseJson, type RetryPolicy } from '@hansa/kernel';
import type { Answer, ClaimedMessage, GuardedClient, Logger, Outbox, UnitOfWork } from '@hansa/platform';

/** Gives the `Authorization` header for a request to a counterparty. */
export type Authorize = (counterparty: Did) => Promise<string>;

export interface RelayOptions {
  readonly outbox: Outbox;
  readonly unitOfWork: UnitOfWork;
  readonly client: GuardedClient;
  readonly authorize: Authorize;
  readonly log: Logger;
  readonly retry?: RetryPolicy;
  /** Is told of each attempt that was made. */
  readonly attempted?: (message: ClaimedMessage, outcome: AttemptOutcome) => void;
  /** Messages under way at once. @default 16 */
  readonly concurrency?: number;
}

/** How an attempt ended: `refused` for good, `repeated` later, or `abandoned` because it was the last. */
export type AttemptOutcome = 'acknowledged' | 'refused' | 'repeated' | 'abandoned';

type Outcome =
  | { readonly kind: 'acknowledged'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Between looks at the table when nothing wakes the relay: only for messages of a process that died. */
const safetyNet = 5000;
/** Refusals that mean "not now". */
const temporary = new Set([408, 425, 429]);

/**
 * Sends what the outbox holds: at once after a commit wakes it, with backoff after a failure. It never stops on a
 * surprise; when the table cannot be read, its health check says so.
 */
export class Relay {
  readonly #options: Required<RelayOptions>;
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #claiming = false;
  #again = false;
  #stopped = true;
  #trouble: string | null = null;

  constructor(options: RelayOptions) {
    this.#options = { retry: backoff(Math.random), attempted: () => {}, concurrency: 16, ...options };
  }

  start(): void {
    this.#stopped = false;
    this.#options.outbox.onAdded(() => this.wake());
    this.wake();
  }

  /** Waits for the messages under way and takes no further ones. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#underWay);
  }

  /** There may be something to send. Cheap, and safe to call at any time. */
  wake(): void {
    if (this.#stopped) return;
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
        const room = this.#options.concurrency - this.#underWay.size;
        const messages = room > 0 ? await this.#options.outbox.claim(room) : [];
        for (const message of messages) this.#track(this.#deliver(message));
      } while (this.#again && !this.#stopped);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = `the outbox cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      this.#options.log.error('the outbox cannot be read', { error });
      wait = 1000;
    } finally {
      this.#claiming = false;
      if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), wait);
    }
  }

  #track(delivery: Promise<void>): void {
    const done = delivery
      .catch((error) => this.#options.log.error('a delivery could not be settled', { error }))
      .finally(() => {
        this.#underWay.delete(done);
        this.wake();
      });
    this.#underWay.add(done);
  }

  async #deliver(message: ClaimedMessage): Promise<void> {
    const outcome = await this.#send(message);
    const { outbox, unitOfWork, retry, log, attempted } = this.#options;
    const handler = outbox.handlerOf(message.topic);
    const facts = { process: message.processId, counterparty: message.counterparty, attempt: message.attempt };
    if (outcome.kind === 'acknowledged') {
      log.debug('message acknowledged', facts);
      attempted(message, 'acknowledged');
      await unitOfWork.run(async (tx) => {
        if (await outbox.settle(tx, message)) await handler.acknowledged(tx, message, outcome.answer);
      });
      return;
    }
    const elapsed = Date.now() - message.createdAt.getTime();
    const delay = outcome.kind === 'failed' ? retry({ failures: message.attempt, elapsed }) : null;
    log.info('message not accepted', { ...facts, reason: outcome.reason, retryIn: delay });
    attempted(message, outcome.kind === 'refused' ? 'refused' : delay === null ? 'abandoned' : 'repeated');
    if (delay !== null) {
      await outbox.postpone(message, delay, outcome.reason);
      setTimeout(() => this.wake(), delay + 5).unref();
      return;
    }
    await unitOfWork.run(async (tx) => {
      if (outcome.kind === 'failed') await outbox.bury(tx, message, outcome.reason);
      else if (!(await outbox.settle(tx, message))) return;
      await handler.refused(tx, message, outcome.reason);
    });
  }

  async #send(message: ClaimedMessage): Promise<Outcome> {
    let authorization: string;
    try {
      authorization = await this.#options.authorize(message.counterparty as Did);
    } catch (error) {
      return { kind: 'failed', reason: `no token could be made: ${error instanceof Error ? error.message : error}` };
    }
    const sent = await this.#options.client.request({
      method: 'POST',
      url: message.url,
      headers: { 'content-type': 'application/json', authorization },
      body: message.body,
    });
    if (!sent.ok) {
      const final = sent.problem.kind === 'http.address-refused';
      return { kind: final ? 'refused' : 'failed', reason: `${sent.problem.kind}: ${sent.problem.detail}` };
    }
    const { status, body } = sent.value;
    const text = Buffer.from(body).toString('utf8');
    if (status >= 200 && status < 300) {
      const parsed = parseJson(text);
      return { kind: 'acknowledged', answer: { status, body: parsed.ok ? parsed.value : undefined } };
    }
    const reason = `the peer answered ${status}${refusalText(text)}`;
    return { kind: status >= 500 || temporary.has(status) ? 'failed' : 'refused', reason };
  }
}

/** The `reason` of a protocol error body, shortened; other bodies are not repeated. */
function refusalText(text: string): string {
  const parsed = parseJson(text);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return '';
  const reason = (parsed.value as Record<string, unknown>).reason;
  const parts = Array.isArray(reason) ? reason.filter((part): part is string => typeof part === 'string') : [];
  return parts.length > 0 ? `: ${parts.join('; ').slice(0, 500)}` : '';
}
