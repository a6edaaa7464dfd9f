import type { Problem } from '@hansa/kernel';
import type { Job, JobQueue, Logger } from '@hansa/platform';
import type { Audits } from './audits.js';

/** A run that ends in a surprise is tried so often before the audit has failed. */
const maxAttempts = 3;

/** What carries an audit to its end. */
export interface AuditRunner {
  /** Rejects when it was interrupted or met a defect. */
  run(id: string, signal: AbortSignal): Promise<void>;
  fail(id: string, problem: Problem): Promise<void>;
}

/** The audits of this node's own rows, one after another: each needs the memory for its columns. */
export const localAudits = { name: 'audit', concurrency: 1, federated: false } as const;
/** Those of several cities, which mostly wait for them. */
export const federatedAudits = { name: 'federated-audit', concurrency: 8, federated: true } as const;

/** Runs audits from the job queue. The audits are the truth: a queue that was lost is filled again from them. */
export class AuditJobs {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #isListening = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly audits: Audits,
    private readonly runner: AuditRunner,
    private readonly log: Logger,
    private readonly kind: typeof localAudits | typeof federatedAudits,
  ) {}

  /** Takes jobs, first of all those that were under way when the node stopped. */
  async start(): Promise<void> {
    const { name, concurrency, federated } = this.kind;
    await this.queue.process(name, (job) => this.#track(this.#run(job)), { concurrency });
    this.#isListening = true;
    for (const id of await this.audits.unfinished(federated)) await this.submit(id);
  }

  async submit(id: string): Promise<void> {
    const { name } = this.kind;
    const known = await this.queue.find(name, id);
    if (known?.state === 'failed') await this.queue.retry(name, id);
    else await this.queue.add(name, id, {});
  }

  /** Rejects while no audit would be run. */
  async check(): Promise<void> {
    if (!this.#isListening || this.#stop.signal.aborted) throw new Error('audits are not being run');
  }

  /** Interrupts what is under way; it is run again, with the same result, when the node is back. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the node is stopping'));
    await Promise.allSettled(this.#running);
  }

  #track(run: Promise<void>): Promise<void> {
    this.#running.add(run);
    return run.finally(() => this.#running.delete(run));
  }

  async #run({ id, attempt, signal: abandoned }: Job): Promise<void> {
    const signal = AbortSignal.any([abandoned, this.#stop.signal]);
    try {
      await this.runner.run(id, signal);
    } catch (error) {
      if (signal.aborted || attempt < maxAttempts) throw error;
      this.log.error('an audit ended unexpectedly', { error, audit: id });
      const detail =
        'The audit ended unexpectedly. The log of the node holds the cause; audit again when it is mended.';
      await this.runner.fail(id, { kind: 'audit.interrupted', detail });
    }
  }
}
