import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Result } from '@hansa/kernel';
import pg from 'pg';
import { type ConfigSources, type NodeConfig, packageRoot } from './config/index.js';

interface Finding {
  readonly check: string;
  /** `warn`: it works, and somebody should know; `fail`: it does not. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * Looks at a set-up without starting the node: one JSON line a finding, after one that says in `configured` which node
 * would be started.
 *
 * @returns the exit code: 0 when nothing fails.
 */
export async function checkSetUp(
  read: Result<NodeConfig>,
  sources: ConfigSources,
  say: (line: string) => void,
): Promise<number> {
  if (read.ok) say(JSON.stringify({ configured: facts(read.value) }));
  const findings = [configuration(read, sources), ...(read.ok ? await examine(read.value) : [])];
  for (const finding of findings) say(JSON.stringify(finding));
  return findings.every(({ status }) => status !== 'fail') ? 0 : 1;
}

/** What a client on this machine needs to find the node. */
function facts({ city, publicUrl, dataDirectory, listen: { host, port } }: NodeConfig): object {
  // A node that listens on every address listens on the loopback address too.
  const reached = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  const address = `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
  return { city, publicUrl, address, dataDirectory };
}

async function examine(config: NodeConfig): Promise<readonly Finding[]> {
  return Promise.all([
    nodeVersion(),
    dataDirectory(config),
    diskSpace(config),
    database(config),
    port(config),
    publicAddress(config),
    trust(config),
    built(),
  ]);
}

function configuration(read: Result<NodeConfig>, { file, variables }: ConfigSources): Finding {
  const check = 'configuration';
  const sources = [...(file === null ? [] : [file]), ...variables].join(', ');
  if (!read.ok)
    return {
      check,
      status: 'fail',
      detail: read.problem.detail,
      hint: `Correct the named settings${sources === '' ? '' : `; read were ${sources}`}.`,
    };
  const node = `node "${read.value.city}" at ${read.value.publicUrl}`;
  if (sources !== '') return { check, status: 'ok', detail: `${node}, from ${sources}` };
  return {
    check,
    status: 'ok',
    detail: `${node}: every setting is a default, there is no hansa.yaml in ${process.cwd()} and no variable is set`,
    hint: 'A node that is started elsewhere is checked with the directory and the variables of its start.',
  };
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  const detail = `Node.js ${process.versions.node}`;
  if (fits) return { check: 'node', status: 'ok', detail };
  return { check: 'node', status: 'fail', detail, hint: 'Install Node.js 20.19 or later.' };
}

async function dataDirectory({ dataDirectory: directory }: NodeConfig): Promise<Finding> {
  const check = 'data directory';
  try {
    const existing = await nearestExisting(directory);
    await access(existing, constants.R_OK | constants.W_OK);
    const detail = existing === directory ? directory : `${directory}, to be made at the first start`;
    return { check, status: 'ok', detail };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      check,
      status: 'fail',
      detail: `${directory} cannot be written (${code})`,
      hint: 'Give this user the directory, or set HANSA_DATA_DIRECTORY.',
    };
  }
}

/** The directory, or the nearest one above it that is there: a check makes nothing. */
async function nearestExisting(directory: string): Promise<string> {
  const isThere = await stat(directory).then(
    () => true,
    () => false,
  );
  return isThere || dirname(directory) === directory ? directory : nearestExisting(dirname(directory));
}

async function diskSpace({ dataDirectory: directory }: NodeConfig): Promise<Finding> {
  const check = 'disk space';
  const { bavail, bsize } = await statfs(await nearestExisting(directory)).catch(() => ({ bavail: 0, bsize: 0 }));
  const free = Math.round((bavail * bsize) / 1e9);
  const detail = `${free} GB free`;
  if (free >= 1) return { check, status: 'ok', detail };
  const hint = 'Free at least 1 GB: data of counterparties and representations are kept there.';
  return { check, status: 'fail', detail, hint };
}

async function database(config: NodeConfig): Promise<Finding> {
  const check = 'database';
  const url = config.database.url?.reveal();
  if (!url) return { check, status: 'ok', detail: 'embedded; for production set DATABASE_URL to a PostgreSQL server' };
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW server_version_num');
    const version = Math.floor(Number(rows[0].server_version_num) / 10_000);
    const detail = `PostgreSQL ${version}`;
    if (version >= 14) return { check, status: 'ok', detail };
    return { check, status: 'fail', detail, hint: 'Use PostgreSQL 14 or later.' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      check,
      status: 'fail',
      detail: `no connection (${code ?? message})`,
      hint: 'Start the server, or correct DATABASE_URL.',
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function port({ listen }: NodeConfig): Promise<Finding> {
  const check = 'port';
  const detail = `${listen.host}:${listen.port}`;
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    server.listen(listen.port, listen.host, () => server.close(() => resolve(null)));
  });
  if (code === null) return { check, status: 'ok', detail: `${detail} is free` };
  // The node that is being checked may be the one that runs there.
  if (code === 'EADDRINUSE')
    return { check, status: 'ok', detail: `${detail} is taken, by this node if it runs already` };
  return {
    check,
    status: 'fail',
    detail: `${detail} cannot be opened (${code})`,
    hint: 'Set HANSA_HOST and HANSA_PORT.',
  };
}

async function publicAddress({ publicUrl, network }: NodeConfig): Promise<Finding> {
  const check = 'public address';
  const local = new URL(publicUrl).protocol === 'http:';
  if (!local) return { check, status: 'ok', detail: publicUrl };
  const detail = `${publicUrl} can be reached from this machine only`;
  if (network.allowLoopback) return { check, status: 'ok', detail: `${detail}; fine for a trial` };
  return {
    check,
    status: 'warn',
    detail,
    hint: 'Set HANSA_PUBLIC_URL for others, or HANSA_ALLOW_LOOPBACK=true to try two nodes here.',
  };
}

async function trust({ trust: { issuers, requiredCredentials }, authority }: NodeConfig): Promise<Finding> {
  const check = 'trust';
  if (issuers.length > 0 || authority || requiredCredentials.length === 0)
    return {
      check,
      status: 'ok',
      detail: issuers.join(', ') || (authority ? 'this node is the authority' : 'no credentials are required'),
    };
  return {
    check,
    status: 'fail',
    detail: 'no issuer is trusted, so no counterparty can be let in',
    hint: 'Set HANSA_TRUSTED_ISSUERS to the DID of the authority of your data space.',
  };
}

async function built(): Promise<Finding> {
  const template = join(packageRoot(), 'dist', 'embedded-template', 'PG_VERSION');
  const made = await stat(template).then(
    () => true,
    () => false,
  );
  if (made) return { check: 'build', status: 'ok', detail: 'complete' };
  return {
    check: 'build',
    status: 'warn',
    detail: 'without the database that new nodes copy, so the first start takes some seconds longer',
    hint: 'Run "npm run build".',
  };
}
