import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openDatabase } from '../persistence/index.js';
import { createTestDatabase, type DatabaseKind, testServerUrl } from '../testing/databases.js';
import { describeJobQueueContract, type JobStore } from '../testing/job-queue.contract.js';
import { jobPoolConfig, openPostgresJobQueue, openRedisJobQueue } from './index.js';

const testRedisUrl = process.env.HANSA_TEST_REDIS_URL;

async function postgresStore(kind: DatabaseKind): Promise<JobStore> {
  const { location, remove } = await createTestDatabase(kind);
  const database = await openDatabase(location, { entities: [], migrations: [] });
  return {
    open: (options) => openPostgresJobQueue(database.pool(jobPoolConfig), options),
    remove: async () => {
      await database.close();
      await remove();
    },
  };
}

async function redisStore(url: string): Promise<JobStore> {
  const prefix = `hansa-test-${randomUUID()}`;
  return {
    open: (options) => openRedisJobQueue(url, options, prefix),
    remove: async () => {
      const redis = new Redis(url);
      const keys = await redis.keys(`${prefix}:*`);
      if (keys.length > 0) await redis.del(keys);
      redis.disconnect();
    },
  };
}

describeJobQueueContract('embedded PostgreSQL', () => postgresStore('embedded'));

if (testServerUrl) describeJobQueueContract('a PostgreSQL server', () => postgresStore('server'));
else test.skip('skipped: a job queue in a PostgreSQL server (HANSA_TEST_DATABASE_URL is not set)', () => undefined);

if (testRedisUrl) describeJobQueueContract('Redis', () => redisStore(testRedisUrl));
else test.skip('skipped: a job queue in Redis (HANSA_TEST_REDIS_URL is not set)', () => undefined);

describe('a job queue', () => {
  test('refuses a second handler for one name, and a Redis that is not there', async () => {
    const store = await postgresStore('embedded');
    const queue = await store.open({ onError: () => undefined });
    await queue.process('once', async () => undefined, { concurrency: 1 });
    await expect(queue.process('once', async () => undefined, { concurrency: 1 })).rejects.toThrow('already');
    await queue.close();
    await store.remove();
    await expect(openRedisJobQueue('redis://127.0.0.1:1', { onError: () => undefined })).rejects.toThrow();
  });
});
