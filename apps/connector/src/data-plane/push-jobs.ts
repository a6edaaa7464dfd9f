import type { Clock } from '@hansa/kernel';
import type { Job, JobQueue, Logger } from '@hansa/platform';
import { type Push, type Pushes, pushJobId, pushQueue } from '../transfer/index.js';
import type { PushData } from './push-data.js';

/** Pushes under way at once. */
const concurrency = 16;
/** Milliseconds between two looks at the table when nothing wakes us: for pushes of a process that died. */
const safetyNet = 5000;
/** Milliseconds between two reports of one push. */
const reportEvery = 500;

/** Runs pushes from the job queue, each when it is due. The table is the truth; a queue that was lost is filled again. */
export class PushJobs {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isListening = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly pushes: Pushes,
    private readonly pushData: PushData,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** @param alone whether no other process works on this database: what it says is under way is then of one that died. */
  async start(alone: boolean): Promise<void> {
    if (alone) await this.pushes.restartAll();
    await this.queue.process(pushQueue, (job) => this.#track(this.#run(job)), { concurrency });
    this.#isListening = true;
    this.pushes.onArmed(() => this.#wake());
    this.#wake();
  }

  /** Rejects while nothing would be pushed. */
  async check(): Promise<void> {
    if (!this.#isListening || this.#stop.signal.aborted) throw new Error('nothing is being pushed');
  }

  /** Interrupts what is under way; it begins again when the node is back. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the node is stopping'));
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#running);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#submitDue().then(
      (wait) => this.#wakeIn(wait),
      (error) => {
        this.log.error('due pushes cannot be read', { error });
        this.#wakeIn(safetyNet);
      },
    );
  }

  #wakeIn(wait: number): void {
    clearTimeout(this.#timer);
    if (!this.#stop.signal.aborted) this.#timer = setTimeout(() => this.#wake(), wait).unref();
  }

  /** @returns milliseconds until the next look. */
  async #submitDue(): Promise<number> {
    const now = this.clock.now();
    for (const push of await this.pushes.due(now, 100)) await this.#submit(push);
    const next = await this.pushes.nextDue(now);
    return next === null ? safetyNet : Math.min(safetyNet, Math.max(20, next.getTime() - now.getTime()));
  }

  async #submit(push: Push): Promise<void> {
    const id = pushJobId(push);
    const known = await this.queue.find(pushQueue, id);
    if (known?.state === 'failed') await this.queue.retry(pushQueue, id);
    else if (known === null) await this.queue.add(pushQueue, id, { transfer: push.transferId, run: push.run });
  }

  #track(run: Promise<void>): Promise<void> {
    this.#running.add(run);
    return run.finally(() => this.#running.delete(run));
  }

  async #run({ payload, signal: abandoned, report }: Job): Promise<void> {
    const { transfer, run } = payload as { readonly transfer: string; readonly run: number };
    const signal = AbortSignal.any([abandoned, this.#stop.signal]);
    let last = 0;
    const onProgress = (fraction: number): void => {
      if (performance.now() - last < reportEvery) return;
      last = performance.now();
      // Only for people who look; a report that is lost changes nothing.
      report({ fraction, note: 'sending' }).catch(() => undefined);
    };
    await this.pushData.run(transfer, run, signal, onProgress);
  }
}
