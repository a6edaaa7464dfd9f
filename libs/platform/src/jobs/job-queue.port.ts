import type { Json } from '@hansa/kernel';

/** How far a job has come. */
export interface JobProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  /** One short phrase for people: what is being done now. */
  readonly note: string;
}

/** A job in the hands of its handler. */
export interface Job {
  readonly name: string;
  readonly id: string;
  readonly payload: Json;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Fires when the queue closes and its grace is over; the job will be taken again by another process. */
  readonly signal: AbortSignal;
  report(progress: JobProgress): Promise<void>;
}

/** Does the work. Must be idempotent: a job is delivered at least once. Throwing means: try again later. */
export type JobHandler = (job: Job) => Promise<void>;

/** What is known of a job: `waiting` also covers the pause before another attempt. */
export type JobStatus =
  | { readonly state: 'waiting' | 'active' | 'completed'; readonly progress: JobProgress }
  | { readonly state: 'failed'; readonly progress: JobProgress; readonly reason: string };

/** A job whose attempts are used up. */
export interface FailedJob {
  readonly id: string;
  readonly payload: Json;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

/**
 * Heavy work outside of requests: audits, bulk transfers, crawls. The queue is not the truth; whoever adds a job can add
 * it again when the queue was lost.
 *
 * @example
 * await jobs.process('audit', async (job) => runAudit(job.payload, job.report), { concurrency: 1 });
 * await jobs.add('audit', auditId, { model: digest });
 */
export interface JobQueue {
  /** Adds a job unless one with this name and id is known: waiting, running, failed, or completed within the last day. */
  add(name: string, id: string, payload: Json): Promise<void>;
  /** Starts to take jobs of this name. Resolves when it listens; call once for each name. */
  process(name: string, handler: JobHandler, options: { readonly concurrency: number }): Promise<void>;
  find(name: string, id: string): Promise<JobStatus | null>;
  /** The failed jobs of this name, the latest first, at most 100. */
  failed(name: string): Promise<readonly FailedJob[]>;
  /** Gives a failed job all its attempts again. False when no such job has failed. */
  retry(name: string, id: string): Promise<boolean>;
  /** Takes no more jobs, waits for running ones as long as the grace lasts, then lets go of them. */
  close(): Promise<void>;
}

/** Times in milliseconds. */
export interface JobQueueOptions {
  /** How often a job is tried before it has failed. @default 5 */
  readonly attempts?: number;
  /** The pause after the first failed attempt; doubles each time, up to half of it random. @default 1_000 */
  readonly backoff?: number;
  /** After this time without a sign of life from its process a job is taken by another. @default 30_000 */
  readonly lease?: number;
  /** How long `close` waits for running jobs. @default 10_000 */
  readonly grace?: number;
  /** Told of each failed attempt (with the job's id) and of trouble with the queue's store. */
  readonly onError: (error: Error, about: { readonly name: string; readonly id?: string }) => void;
}
