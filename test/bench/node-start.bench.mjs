// The start of a node with an existing data directory, from the start of the process until it is ready, and the memory
// that it then holds. The baseline is Node.js itself: a process that ends at once, and its memory.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dist/apps/cli/src/demo/node-process.js';
import { median, round } from './support.mjs';

const rounds = 7;
const main = new URL('../../dist/connector/main.js', import.meta.url).pathname;

async function start(directory, port) {
  const began = performance.now();
  const env = {
    PATH: process.env.PATH,
    HANSA_CITY: 'bench',
    HANSA_PORT: String(port),
    HANSA_DATA_DIRECTORY: directory,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      if (String(text).includes('is ready')) resolve();
    });
    child.on('exit', () => reject(new Error('the node stopped at once')));
  });
  const ms = performance.now() - began;
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  const mib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  return { ms, mib };
}

export async function run(say) {
  const parent = await mkdtemp(join(tmpdir(), 'hansa-bench-'));
  try {
    const directory = join(parent, 'node');
    const port = await freePort(0);
    say('first start');
    const first = await start(directory, port);
    const starts = [];
    const baselines = [];
    for (let i = 0; i < rounds; i++) {
      say(`start ${i + 1} of ${rounds}`);
      starts.push(await start(directory, port));
      const began = performance.now();
      spawnSync(process.execPath, ['-e', '0']);
      baselines.push(performance.now() - began);
    }
    const baseline = median(baselines);
    const bare = Number(spawnSync(process.execPath, ['-p', 'process.memoryUsage().rss']).stdout) / 2 ** 20;
    const result = (metric, value, unit, base) => ({
      metric,
      value: round(value),
      unit,
      baseline: round(base),
      ratio: round(value / base),
    });
    return [
      result('first start', first.ms, 'ms', baseline),
      result('later start, median', median(starts.map(({ ms }) => ms)), 'ms', baseline),
      result('memory when ready, median', median(starts.map(({ mib }) => mib)), 'MiB', bare),
    ];
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
