// Runs the whole test suite. Where PostgreSQL and Redis are installed it starts one of each for the run, on loopback and
// on ports of their own; where they are not, the tests that need them are skipped and say so.
// Arguments go to Jest: `npm test -- libs/fair`.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startPostgres } from './postgres.mjs';

/** Milliseconds after the last test within which Jest must end by itself. */
const patience = 60_000;

const scratch = mkdtempSync(join(tmpdir(), 'hansa-suite-'));
chmodSync(scratch, 0o777);

async function startRedis() {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', scratch];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const started = await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.once('spawn', () => resolve(true));
  });
  if (!started) return null;
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill('SIGTERM') };
}

const postgres = await startPostgres(join(scratch, 'postgres'));
const redis = await startRedis();
if (!postgres) console.error('PostgreSQL is not installed: the tests that need a server are skipped.');
if (!redis) console.error('Redis is not installed: the tests that need it are skipped.');

const report = join(scratch, 'report.json');
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    // A worker keeps the modules of every file that it has run: beyond so much another takes its place.
    '--workerIdleMemoryLimit=1200MB',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...(postgres ? { HANSA_TEST_DATABASE_URL: postgres.url } : {}),
      ...(redis ? { HANSA_TEST_REDIS_URL: redis.url } : {}),
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));

// Jest writes its report when all tests have ended, and then waits for whatever they have left open, for ever.
let hung = false;
const watch = setInterval(() => {
  if (!existsSync(report) || Date.now() - statSync(report).mtimeMs < patience) return;
  hung = true;
  console.error(
    'Jest did not end by itself and was killed. A test leaves something open: it is named above, if known.',
  );
  jest.kill('SIGKILL');
}, 1000);
const status = await new Promise((resolve) => jest.on('exit', (code) => resolve(hung ? 0 : (code ?? 1))));
clearInterval(watch);

postgres?.stop();
redis?.stop();
let failed = 1;
if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // A suite that could not run at all has no tests to count, and is a failure all the same.
  failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  console.log(
    `${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests + result.numTodoTests} skipped`,
  );
} else console.log('0 passed, 1 failed, 0 skipped');
rmSync(scratch, { recursive: true, force: true });
process.exit(status === 0 && failed === 0 ? 0 : 1);
