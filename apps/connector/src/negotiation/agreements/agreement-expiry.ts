import type { Clock } from '@hansa/kernel';
import type { Logger } from '@hansa/platform';
import type { Agreements } from './agreements.js';
import type { EndAgreement } from './end-agreement.js';

/** Milliseconds between two looks when nothing is due: for the agreements of another instance that has died. */
const safetyNet = 60_000;
/** Milliseconds before another try, after a failure or while another instance records what is due. */
const retry = 1000;

/**
 * Records the expiry of agreements when their time has come: one timer for the next of them. Nothing waits for it: who
 * asks whether an agreement is in force asks for the moment. What is due when a node starts is recorded then; of several
 * instances each agreement is recorded by one.
 */
export class AgreementExpiry {
  #timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, in milliseconds since 1970. */
  #next = Number.POSITIVE_INFINITY;
  #working: Promise<void> | null = null;
  #stopped = true;

  constructor(
    private readonly agreements: Agreements,
    private readonly endings: EndAgreement,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#stopped = false;
    this.agreements.onInserted(({ expiresAt }) => {
      if (expiresAt !== null) this.#wakeAt(expiresAt.getTime());
    });
    this.#work();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  #work(): void {
    if (this.#working || this.#stopped) return;
    this.#next = Number.POSITIVE_INFINITY;
    this.#working = this.#expireAll()
      .catch((error) => {
        this.log.error('expired agreements could not be recorded', { error });
        return this.#now + retry;
      })
      .then((next) => {
        this.#working = null;
        const soonest = Math.min(next, this.#next);
        this.#next = Number.POSITIVE_INFINITY;
        this.#wakeAt(soonest);
      });
  }

  /** When to look again. */
  async #expireAll(): Promise<number> {
    while (!this.#stopped && (await this.endings.expireNext()));
    const next = (await this.agreements.nextExpiry())?.getTime() ?? Number.POSITIVE_INFINITY;
    return next <= this.#now ? this.#now + retry : Math.min(next, this.#now + safetyNet);
  }

  #wakeAt(moment: number): void {
    if (this.#stopped || moment >= this.#next) return;
    this.#next = moment;
    if (this.#working) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#work(), Math.min(Math.max(moment - this.#now, 0), safetyNet));
    this.#timer.unref();
  }

  get #now(): number {
    return this.clock.now().getTime();
  }
}
