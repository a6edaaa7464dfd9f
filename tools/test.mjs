// Runs the whole test suite. Where PostgreSQL and Redis are installed it starts one of each for the run, on loopback and
// on ports of their own; where they are not, the tests that need them are skipped and say so.
// Arguments go to Jest: `npm test -- libs/fair`.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds after the last test within which Jest must end by itself. */
const patience = 60_000;

const scratch = mkdtempSync(join(tmpdir(), 'hansa-suite-'));
chmodSync(scratch, 0o777);

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

function findPostgres() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = versions.map((v) => join(base, v, 'bin')).find((dir) => existsSync(join(dir, 'initdb')));
  if (bin) return bin;
  const onPath = spawnSync('sh', ['-c', 'command -v initdb']).stdout.toString().trim();
  return onPath ? join(onPath, '..') : null;
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package made. */
const asDatabaseUser = (command) =>
  process.getuid?.() === 0 ? ['su', ['postgres', '-c', command]] : ['sh', ['-c', command]];

async function startPostgres() {
  const bin = findPostgres();
  if (!bin) return null;
  const data = join(scratch, 'postgres');
  const port = await freePort();
  const run = (command) => spawnSync(...asDatabaseUser(command), { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const made = run(`${bin}/initdb -D ${data} -U hansa --auth=trust --no-sync -E UTF8 --locale=C`);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${data} -c max_connections=200`;
  const started = run(`${bin}/pg_ctl -D ${data} -w -l ${data}/log -o "${options}" start`);
  if (started.status !== 0) throw new Error(`PostgreSQL did not start: ${started.stderr}`);
  return {
    url: `postgres://hansa@127.0.0.1:${port}/postgres`,
    stop: () => run(`${bin}/pg_ctl -D ${data} -m immediate stop`),
  };
}

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

const postgres = await startPostgres();
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
