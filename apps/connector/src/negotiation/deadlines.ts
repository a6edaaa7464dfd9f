import type { Clock } from '@hansa/kernel';
import type { Logger } from '@hansa/platform';
import type { DecideHeld } from './decide-held.js';
import type { Negotiations } from './negotiations.js';

/** Milliseconds between looks where nothing is known to be due: for what another instance of this node holds. */
const safetyNet = 30_000;
/** How many overdue negotiations one look ends before it looks again. */
const batch = 50;

/**
 * Terminates what nobody has decided on in time. A timer waits for the next deadline; what passed while the node was down
 * is due at its start. Of two instances that see the same one, the second finds it decided.
 */
export class Deadlines {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = true;

  constructor(
    private readonly negotiations: Negotiations,
    private readonly decide: DecideHeld,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#stopped = false;
    this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Something may be due, now or later. Cheap, and safe to call at any time. */
  look(): void {
    this.#again = true;
    if (!this.#stopped) this.#looking ??= this.#look().finally(() => this.#settled());
  }

  #settled(): void {
    this.#looking = undefined;
    if (this.#again) this.look();
  }

  async #look(): Promise<void> {
    this.#again = false;
    clearTimeout(this.#timer);
    let wait = safetyNet;
    try {
      const overdue = await this.negotiations.overdue(this.clock.now(), batch);
      for (const id of overdue) if (await this.decide.expire(id)) this.log.info('nobody decided in time', { id });
      const next = await this.negotiations.nextDeadline();
      if (next) wait = Math.min(wait, Math.max(next.getTime() - this.clock.now().getTime(), 0));
    } catch (error) {
      this.log.error('deadlines cannot be kept', { error });
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.look(), wait + 5).unref();
  }
}
