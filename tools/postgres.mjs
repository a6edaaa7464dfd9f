// A PostgreSQL server for one run, where one is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** @returns {Promise<number>} */
export const freePort = () =>
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

/**
 * Starts a server on loopback, on a port of its own. Null where none is installed.
 *
 * @param {string} data where its cluster shall be; that user must be able to write there
 * @param {string} [settings] further options of the server
 */
export async function startPostgres(data, settings = '') {
  const bin = findPostgres();
  if (!bin) return null;
  const port = await freePort();
  const run = (command) => spawnSync(...asDatabaseUser(command), { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const made = run(`${bin}/initdb -D ${data} -U hansa --auth=trust --no-sync -E UTF8 --locale=C`);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${data} -c max_connections=200 ${settings}`;
  const started = run(`${bin}/pg_ctl -D ${data} -w -l ${data}/log -o "${options}" start`);
  if (started.status !== 0) throw new Error(`PostgreSQL did not start: ${started.stderr}`);
  return {
    url: `postgres://hansa@127.0.0.1:${port}/postgres`,
    stop: () => run(`${bin}/pg_ctl -D ${data} -m immediate stop`),
  };
}
