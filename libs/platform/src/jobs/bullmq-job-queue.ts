import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@hansa/kernel';
import type { Job as BullJob, JobsOptions, WorkerOptions } from 'bullmq';
import type {
  FailedJob,
  Job,
  JobHandler,
  JobProgress,
  JobQueue,
  JobQueueOptions,
  JobStatus,
} from './job-queue.port.js';

/** What travels: BullMQ restricts the characters of ids, so the caller's own id goes along. */
interface Envelope {
  readonly id: string;
  readonly payload: Json;
}

type Bull = BullJob<Envelope>;

/** The part of BullMQ's `Queue` used here; the class itself has a different type for each back end. */
interface QueueHandle {
  add(name: string, data: Envelope, options: JobsOptions): Promise<unknown>;
  getJob(id: string): Promise<Bull | undefined>;
  getFailed(start: number, end: number): Promise<Bull[]>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of BullMQ's `Worker` used here. */
interface WorkerHandle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Bull | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  pause(doNotWaitActive: boolean): Promise<void>;
  close(force: boolean): Promise<void>;
}

/** Where the jobs are stored. */
export interface JobBackend {
  queue(name: string): QueueHandle;
  worker(name: string, run: (job: Bull) => Promise<void>, options: Omit<WorkerOptions, 'connection'>): WorkerHandle;
  close(): Promise<void>;
}

interface RunningWorker {
  readonly handle: WorkerHandle;
  readonly stop: AbortController;
  readonly running: Set<Promise<void>>;
}

const day = 24 * 60 * 60;
const notStarted: JobProgress = { fraction: 0, note: '' };

/** The job queue over BullMQ, whatever its store. */
export class BullmqJobQueue implements JobQueue {
  private readonly queues = new Map<string, QueueHandle>();
  private readonly workers = new Map<string, RunningWorker>();

  constructor(
    private readonly backend: JobBackend,
    private readonly options: JobQueueOptions,
  ) {}

  async add(name: string, id: string, payload: Json): Promise<void> {
    const { attempts = 5, backoff = 1_000 } = this.options;
    await this.queue(name).add(
      name,
      { id, payload },
      {
        jobId: bullId(id),
        attempts,
        backoff: { type: 'exponential', delay: backoff, jitter: 0.5 },
        removeOnComplete: { age: day, count: 10_000 },
        removeOnFail: { age: 30 * day, count: 10_000 },
      },
    );
  }

  async process(name: string, handler: JobHandler, { concurrency }: { readonly concurrency: number }): Promise<void> {
    if (this.workers.has(name)) throw new Error(`jobs named "${name}" are being processed already`);
    const { lease = 30_000, onError } = this.options;
    const stop = new AbortController();
    const running = new Set<Promise<void>>();
    const run = async (bull: Bull) => {
      const work = handler(jobFor(name, bull, stop.signal));
      running.add(work);
      await work.finally(() => running.delete(work));
    };
    // A process that dies with a job in hand may be the job's fault: after three such deaths it counts as failed.
    const options = { concurrency, lockDuration: lease, stalledInterval: lease, maxStalledCount: 2 };
    const handle = this.backend.worker(name, run, options);
    this.workers.set(name, { handle, stop, running });
    handle.on('error', (error) => onError(error, { name }));
    handle.on('failed', (bull, error) => onError(error, bull ? { name, id: bull.data.id } : { name }));
    await handle.waitUntilReady();
  }

  async find(name: string, id: string): Promise<JobStatus | null> {
    const bull = await this.queue(name).getJob(bullId(id));
    if (!bull) return null;
    const state = await bull.getState();
    const progress = progressOf(bull);
    if (state === 'failed') return { state, progress, reason: bull.failedReason };
    if (state === 'active' || state === 'completed') return { state, progress };
    return state === 'unknown' ? null : { state: 'waiting', progress };
  }

  async failed(name: string): Promise<readonly FailedJob[]> {
    const found = await this.queue(name).getFailed(0, 99);
    return found.map((bull) => ({
      id: bull.data.id,
      payload: bull.data.payload,
      reason: bull.failedReason,
      attempts: bull.attemptsMade,
      failedAt: new Date(bull.finishedOn ?? bull.timestamp),
    }));
  }

  async retry(name: string, id: string): Promise<boolean> {
    const bull = await this.queue(name).getJob(bullId(id));
    if (!bull || !(await bull.isFailed())) return false;
    await bull.retry('failed', { resetAttemptsMade: true });
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => this.closeWorker(worker)));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.backend.close();
  }

  private async closeWorker({ handle, stop, running }: RunningWorker): Promise<void> {
    await handle.pause(true);
    const grace = new AbortController();
    const patience = sleep(this.options.grace ?? 10_000, undefined, { signal: grace.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(running), patience]);
    grace.abort();
    const abandoned = running.size > 0;
    // Nothing is recorded for an abandoned job, so its lease runs out and another process takes it.
    const closed = handle.close(abandoned);
    stop.abort();
    await closed;
  }

  private queue(name: string): QueueHandle {
    const known = this.queues.get(name);
    if (known) return known;
    const opened = this.backend.queue(name);
    opened.on('error', (error) => this.options.onError(error, { name }));
    this.queues.set(name, opened);
    return opened;
  }
}

function bullId(id: string): string {
  return `id-${encodeURIComponent(id)}`;
}

function jobFor(name: string, bull: Bull, signal: AbortSignal): Job {
  const { id, payload } = bull.data;
  const report = ({ fraction, note }: JobProgress) => bull.updateProgress({ fraction, note });
  return { name, id, payload, attempt: bull.attemptsMade + 1, signal, report };
}

function progressOf(bull: Bull): JobProgress {
  const { progress } = bull;
  if (typeof progress !== 'object' || !('fraction' in progress) || !('note' in progress)) return notStarted;
  return { fraction: Number(progress.fraction), note: String(progress.note) };
}
