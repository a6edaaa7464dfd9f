import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { BullmqJobQueue } from './bullmq-job-queue.js';
import type { JobQueue, JobQueueOptions } from './job-queue.port.js';

/**
 * Jobs in Redis 6.2 or newer, for nodes with much work. Redis must keep an append-only file and evict nothing
 * (`appendonly yes`, `maxmemory-policy noeviction`), else a restart of Redis loses jobs.
 *
 * @throws when Redis cannot be reached
 * @param prefix parts the keys of nodes that share one Redis
 * @example
 * const jobs = await openRedisJobQueue('redis://localhost:6379', { onError }, 'berlin');
 */
export async function openRedisJobQueue(url: string, options: JobQueueOptions, prefix = 'hansa'): Promise<JobQueue> {
  let connected = false;
  const connection = new Redis(url, {
    lazyConnect: true,
    // null: commands wait while Redis is away; BullMQ requires it of workers.
    maxRetriesPerRequest: null,
    // A wrong address is told at once; only later interruptions are waited out.
    retryStrategy: (attempt) => (connected ? Math.min(attempt * 50, 2_000) : null),
  });
  connection.on('error', (error) => options.onError(error, { name: 'redis' }));
  await connection.connect();
  connected = true;
  return new BullmqJobQueue(
    {
      queue: (name) => new Queue(name, { connection, prefix }),
      worker: (name, run, workerOptions) => new Worker(name, run, { ...workerOptions, connection, prefix }),
      close: async () => connection.disconnect(),
    },
    options,
  );
}
