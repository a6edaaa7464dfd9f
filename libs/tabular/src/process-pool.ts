import type { KillableChild } from '@hansa/sandbox';

interface Slot {
  child: KillableChild | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** The right to use a process alone. */
export interface Lease {
  readonly child: KillableChild;
  release(): void;
}

/** Hands out a few processes in turn, keeps an idle one warm for a while, and closes them all at the end. */
export class ProcessPool {
  readonly #start: () => KillableChild;
  readonly #idle: number;
  readonly #free: Slot[];
  readonly #all: readonly Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #closed = false;

  constructor(start: () => KillableChild, processes: number, idle: number) {
    this.#start = start;
    this.#idle = idle;
    this.#all = Array.from({ length: processes }, () => ({ child: undefined, timer: undefined }));
    this.#free = [...this.#all];
  }

  /**
   * A process that nobody else uses until it is released.
   *
   * @throws when the pool is closed
   */
  async acquire(): Promise<Lease> {
    // A slot with a living process first: that saves a start.
    const warm = this.#free.findIndex(({ child }) => child?.isAlive);
    const [free] = this.#free.splice(Math.max(warm, 0), 1);
    const slot = free ?? (await new Promise<Slot>((resolve) => this.#waiting.push(resolve)));
    clearTimeout(slot.timer);
    if (this.#closed) {
      // A process that began now would outlive the pool.
      this.#waiting.shift()?.(slot);
      throw new Error('the processes for tables are closed');
    }
    const child = slot.child?.isAlive ? slot.child : this.#start();
    slot.child = child;
    return { child, release: () => this.#release(slot) };
  }

  /** Ends every process; what still runs in one of them ends as a crash. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const slot of this.#all) clearTimeout(slot.timer);
    await Promise.all(this.#all.map(({ child }) => (child?.isAlive ? child.close() : undefined)));
  }

  #release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next) {
      next(slot);
      return;
    }
    this.#free.push(slot);
    slot.timer = setTimeout(() => void slot.child?.close(), this.#idle);
    slot.timer.unref();
  }
}
