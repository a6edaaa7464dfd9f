import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { must } from '@hansa/kernel';
import type { KillableChild } from '@hansa/sandbox';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ProcessPool } from './process-pool.js';
import { defaultTableLimits, type TableLimits, TableSession } from './table-session.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-session-'));
const [allowed, target, secret] = ['allowed.csv', 'target.csv', 'secret.csv'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
writeFileSync(allowed, 'a\n1\n');
writeFileSync(secret, 'key\nhidden\n');
afterAll(() => rmSync(folder, { recursive: true }));

const pools: ProcessPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

async function start(
  limits: Partial<TableLimits> = {},
): Promise<{ session: TableSession; child: KillableChild; pool: ProcessPool }> {
  const all = { ...defaultTableLimits, ...limits };
  const pool = new ProcessPool(() => TableSession.start(all), 1, 1_000);
  pools.push(pool);
  const lease = await pool.acquire();
  const session = new TableSession(lease, all);
  must(await session.open([allowed, target]));
  return { session, child: lease.child, pool };
}

describe('a session is locked to its files', () => {
  test('it reads the allowed file and nothing else, whatever the statement', async () => {
    const { session } = await start();
    expect(must(await session.run(`SELECT * FROM read_csv('${allowed}')`))).toEqual([['1']]);
    for (const sql of [
      `SELECT * FROM read_csv('${secret}')`,
      `SELECT * FROM read_text('${secret}')`,
      `SELECT * FROM '${secret}'`,
      `SELECT * FROM read_csv('${folder}/*.csv')`,
      `SELECT * FROM glob('${folder}/*')`,
      `SELECT * FROM read_csv('${folder}/../${folder.split('/').at(-1)}/secret.csv')`,
      `SELECT * FROM read_csv('https://example.org/a.csv')`,
      `COPY (SELECT 1) TO '${join(folder, 'new.csv')}'`,
      `ATTACH '${join(folder, 'new.db')}'`,
      'INSTALL httpfs',
      'LOAD httpfs',
      "SET memory_limit = '100GB'",
      'SET enable_external_access = true',
      "SET allowed_paths = ['/etc/passwd']",
      "SELECT getenv('HOME')",
    ])
      expect({ sql, ok: (await session.run(sql)).ok }).toEqual({ sql, ok: false });
    expect(readdirSync(folder).sort()).toEqual(['allowed.csv', 'secret.csv']);
  });

  const hasProc = process.platform === 'linux';
  (hasProc ? test : test.skip)(
    `${hasProc ? '' : 'skipped: needs /proc: '}the child has an empty environment`,
    async () => {
      const { child } = await start();
      const names = (await readFile(`/proc/${child.pid}/environ`, 'utf8'))
        .split('\0')
        .map((entry) => entry.split('=')[0]);
      expect(names.filter((name) => name && !/^(TZ|PWD|NODE_CHANNEL_.*)$/.test(name))).toEqual([]);
    },
  );
});

describe('a session is bounded', () => {
  test('a deadline ends a cross join, and the next session works in a fresh process', async () => {
    const { session, child, pool } = await start({ deadline: 1_000 });
    const begin = performance.now();
    const stopped = await session.run(
      'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 3',
    );
    expect(stopped).toMatchObject({ problem: { kind: 'tabular.deadline' } });
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(child.isAlive).toBe(false);
    await session.release();
    const lease = await pool.acquire();
    const next = new TableSession(lease, defaultTableLimits);
    must(await next.open([allowed]));
    expect(must(await next.run('SELECT 1'))).toEqual([[1]]);
    await next.release();
  });

  test('a query that needs more memory than it may use is refused and the process goes on', async () => {
    const { session, child } = await start({ memoryBytes: 64e6 });
    const refused = await session.run('SELECT count(DISTINCT range) FROM range(100000000)');
    expect(refused).toMatchObject({ problem: { kind: 'tabular.out-of-memory' } });
    expect(must(await session.run('SELECT 1'))).toEqual([[1]]);
    expect(child.isAlive).toBe(true);
  });

  test('a process that dies is a problem with a reason, not a crash of this one', async () => {
    const { session, child } = await start();
    const running = session.run('SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 3');
    setTimeout(() => process.kill(child.pid ?? 0, 'SIGSEGV'), 100);
    expect(await running).toMatchObject({
      problem: { kind: 'tabular.crashed', detail: expect.stringContaining('SIGSEGV') },
    });
  });

  test('none begins when the pool is closed, whoever waits for one', async () => {
    let started = 0;
    const pool = new ProcessPool(
      () => {
        started++;
        return TableSession.start(defaultTableLimits);
      },
      1,
      1000,
    );
    const lease = await pool.acquire();
    const waiting = [pool.acquire(), pool.acquire()];
    await pool.close();
    lease.release();
    const outcomes = await Promise.allSettled([...waiting, pool.acquire()]);
    expect([started, ...outcomes.map(({ status }) => status)]).toEqual([1, 'rejected', 'rejected', 'rejected']);
  });
});

test('its process ends with its parent, also in the middle of a statement', async () => {
  const server = new URL('../../sandbox/src/child/serve.mjs', import.meta.url);
  const worker = new URL('./child/table-worker.mjs', import.meta.url);
  const child = fork(server, [worker.href], { serialization: 'advanced', execArgv: [] });
  child.send({ op: 'open', paths: [], memoryBytes: 256e6, threads: 1 });
  expect(await once(child, 'message')).toEqual([{ answer: undefined }, undefined]);
  child.send({
    op: 'run',
    sql: 'SELECT sum(hash(a.range + b.range)) FROM range(1000000) a, range(1000000) b',
    values: [],
  });
  await sleep(300);
  // As when the parent is killed: nothing else tells the child.
  child.disconnect();
  const late = setTimeout(() => child.kill('SIGTERM'), 8_000);
  const [, signal] = await once(child, 'exit');
  clearTimeout(late);
  expect(signal).toBe('SIGKILL');
}, 10_000);
