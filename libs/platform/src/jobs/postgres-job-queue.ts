import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import type pg from 'pg';
import { BullmqJobQueue } from './bullmq-job-queue.js';
import type { JobQueue, JobQueueOptions } from './job-queue.port.js';

const schema = 'bullmq';

/**
 * What a pool for the queue must be opened with. Each name that is processed keeps one connection for notifications, so
 * `max` bounds the number of processed names.
 */
export const jobPoolConfig = { options: `-c search_path=${schema}`, keepAlive: true, max: 16 } as const;

/**
 * Jobs in PostgreSQL, on a server or embedded. Creates and upgrades the tables in a schema of their own; processes that
 * start together wait for one another there.
 *
 * @param pool opened with {@link jobPoolConfig}; the queue ends it when it closes
 * @example
 * const jobs = await openPostgresJobQueue(database.pool(jobPoolConfig), { onError });
 */
export async function openPostgresJobQueue(pool: pg.Pool, options: JobQueueOptions): Promise<JobQueue> {
  const client = await pool.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    client.release();
  }
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = pool;
  return new BullmqJobQueue(
    {
      queue: (name) => new Queue(name, { connection }),
      worker: (name, run, workerOptions) => new Worker(name, run, { ...workerOptions, connection }),
      close: () => pool.end(),
    },
    options,
  );
}
