import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobQueue, JobQueueOptions } from '../jobs/index.js';

/** A store for jobs that several queues can open, as several processes would. */
export interface JobStore {
  open(options: JobQueueOptions): Promise<JobQueue>;
  remove(): Promise<void>;
}

/**
 * What every adapter of `JobQueue` must do.
 *
 * @example
 * describeJobQueueContract('Redis', () => openStore(url));
 */
export function describeJobQueueContract(adapter: string, openStore: () => Promise<JobStore>): void {
  describe(`a job queue in ${adapter}`, () => {
    let store: JobStore;
    const opened: JobQueue[] = [];
    const errors: { message: string; id?: string }[] = [];

    const open = async (options: Partial<JobQueueOptions> = {}) => {
      const onError: JobQueueOptions['onError'] = (error, { id }) =>
        errors.push({ message: error.message, ...(id === undefined ? {} : { id }) });
      const queue = await store.open({ attempts: 3, backoff: 20, grace: 0, onError, ...options });
      opened.push(queue);
      return queue;
    };

    beforeAll(async () => {
      store = await openStore();
    });

    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.close();
      errors.splice(0);
    });

    afterAll(() => store.remove());

    test('runs a job with its payload, once, whatever characters its id has', async () => {
      const queue = await open();
      const ids = ['urn:uuid:1', '42', 'a/b c', 'ü:%:::', 'x'.repeat(200)];
      const seen: unknown[] = [];
      await queue.process(
        'plain',
        async ({ name, id, payload, attempt }) => void seen.push([name, id, payload, attempt]),
        {
          concurrency: 1,
        },
      );
      for (const id of ids) await queue.add('plain', id, { id, list: [1, null, 'x'] });
      await until(() => seen.length === ids.length);
      expect(seen).toEqual(ids.map((id) => ['plain', id, { id, list: [1, null, 'x'] }, 1]));
      await until(async () => (await queue.find('plain', '42'))?.state === 'completed');
      expect(await queue.find('plain', 'unknown')).toBeNull();
    });

    test('adds a job only once under one id, also after it is done', async () => {
      const queue = await open();
      const seen: unknown[] = [];
      await Promise.all([1, 2, 3].map((n) => queue.add('twice', 'same', n)));
      await queue.process('twice', async ({ payload }) => void seen.push(payload), { concurrency: 2 });
      await until(() => seen.length > 0);
      await until(async () => (await queue.find('twice', 'same'))?.state === 'completed');
      await queue.add('twice', 'same', 4);
      await queue.add('twice', 'other', 5);
      await until(() => seen.includes(5));
      expect(seen).toHaveLength(2);
    });

    test('shows the progress of a running job', async () => {
      const queue = await open();
      const gate = gateway();
      await queue.process(
        'slow',
        async (job) => {
          await job.report({ fraction: 0.25, note: 'counting rows' });
          await gate.opened;
        },
        { concurrency: 1 },
      );
      await queue.add('slow', 'a', null);
      await until(async () => (await queue.find('slow', 'a'))?.progress.fraction === 0.25);
      expect(await queue.find('slow', 'a')).toEqual({
        state: 'active',
        progress: { fraction: 0.25, note: 'counting rows' },
      });
      await queue.add('slow', 'b', null);
      expect(await queue.find('slow', 'b')).toMatchObject({ state: 'waiting' });
      gate.open();
      await until(async () => (await queue.find('slow', 'b'))?.state === 'completed');
    });

    test('tries a failing job again, shows it when its attempts are used up, and goes on with the others', async () => {
      const queue = await open();
      const done: string[] = [];
      let working = false;
      await queue.process(
        'mixed',
        async ({ id, attempt }) => {
          if (id === 'bad' && !working) throw new Error('the disk is full');
          if (id === 'flaky' && attempt < 3) throw new Error('not yet');
          done.push(`${id} ${attempt}`);
        },
        { concurrency: 1 },
      );
      for (const id of ['bad', 'flaky', 'good']) await queue.add('mixed', id, { id });
      await until(async () => done.length === 2 && (await queue.failed('mixed')).length === 1);
      expect(done.toSorted()).toEqual(['flaky 3', 'good 1']);
      const [bad] = await queue.failed('mixed');
      expect(bad).toMatchObject({ id: 'bad', payload: { id: 'bad' }, reason: 'the disk is full', attempts: 3 });
      expect(Math.abs(Date.now() - (bad?.failedAt.getTime() ?? 0))).toBeLessThan(60_000);
      expect(await queue.find('mixed', 'bad')).toMatchObject({ state: 'failed', reason: 'the disk is full' });
      expect(errors.filter(({ id }) => id === 'bad')).toHaveLength(3);

      working = true;
      expect(await queue.retry('mixed', 'good')).toBe(false);
      expect(await queue.retry('mixed', 'bad')).toBe(true);
      await until(() => done.includes('bad 1'));
      expect(await queue.failed('mixed')).toEqual([]);
    });

    test('runs as many jobs at once as asked for, and no more', async () => {
      const queue = await open();
      let running = 0;
      let most = 0;
      let done = 0;
      await queue.process(
        'parallel',
        async () => {
          most = Math.max(most, ++running);
          await sleep(50);
          running--;
          done++;
        },
        { concurrency: 3 },
      );
      await Promise.all(Array.from({ length: 9 }, (_, n) => queue.add('parallel', `n${n}`, n)));
      await until(() => done === 9);
      expect(most).toBe(3);
    });

    test('a job whose worker is gone is taken by another', async () => {
      const first = await open({ lease: 1_000 });
      const taken: string[] = [];
      let aborted = false;
      await first.process(
        'orphan',
        ({ signal }) => {
          taken.push('first');
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          return new Promise(() => undefined);
        },
        { concurrency: 1 },
      );
      await first.add('orphan', 'a', null);
      await until(() => taken.length === 1);
      await first.close();
      opened.splice(0);
      expect(aborted).toBe(true);

      const second = await open({ lease: 1_000 });
      await second.process('orphan', async () => void taken.push('second'), { concurrency: 1 });
      await until(() => taken.length === 2);
      expect(taken).toEqual(['first', 'second']);
    });

    test('closing waits for running jobs and keeps the waiting ones', async () => {
      const first = await open({ grace: 5_000 });
      const done: string[] = [];
      const started = gateway();
      await first.process(
        'drain',
        async ({ id }) => {
          started.open();
          await sleep(200);
          done.push(id);
        },
        { concurrency: 1 },
      );
      await first.add('drain', 'a', null);
      await first.add('drain', 'b', null);
      await started.opened;
      await first.close();
      opened.splice(0);
      expect(done).toEqual(['a']);

      const second = await open();
      expect(await second.find('drain', 'a')).toMatchObject({ state: 'completed' });
      await second.process('drain', async ({ id }) => void done.push(id), { concurrency: 1 });
      await until(() => done.length === 2);
      expect(done).toEqual(['a', 'b']);
    });
  });
}

/** Waits until a condition holds, at most 15 s. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(20);
  }
}

function gateway() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
