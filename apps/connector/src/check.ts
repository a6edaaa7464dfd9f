import { constants } from 'node:fs';
import { access, mkdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Result } from '@hansa/kernel';
import pg from 'pg';
import { type NodeConfig, packageRoot } from './config/index.js';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * Looks at a set-up without starting the node: one JSON line a finding.
 *
 * @returns the exit code: 0 when everything is in place.
 */
export async function checkSetUp(read: Result<NodeConfig>, say: (line: string) => void): Promise<number> {
  const findings = read.ok ? await examine(read.value) : [configuration(read)];
  for (const finding of findings) say(JSON.stringify(finding));
  return findings.every((finding) => finding.ok) ? 0 : 1;
}

async function examine(config: NodeConfig): Promise<readonly Finding[]> {
  return Promise.all([
    configuration({ ok: true, value: config }),
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

function configuration(read: Result<NodeConfig>): Finding {
  if (read.ok)
    return { check: 'configuration', ok: true, detail: `node "${read.value.city}" at ${read.value.publicUrl}` };
  return { check: 'configuration', ok: false, detail: read.problem.detail, hint: 'Correct the named settings.' };
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  const finding = { check: 'node', ok: fits, detail: `Node.js ${process.versions.node}` };
  return fits ? finding : { ...finding, hint: 'Install Node.js 20.19 or later.' };
}

async function dataDirectory({ dataDirectory: directory }: NodeConfig): Promise<Finding> {
  const check = 'data directory';
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK);
    return { check, ok: true, detail: directory };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      check,
      ok: false,
      detail: `${directory} cannot be written (${code})`,
      hint: 'Give this user the directory, or set HANSA_DATA_DIRECTORY.',
    };
  }
}

async function diskSpace({ dataDirectory: directory }: NodeConfig): Promise<Finding> {
  const check = 'disk space';
  const existing = await stat(directory).then(
    () => directory,
    () => dirname(directory),
  );
  const { bavail, bsize } = await statfs(existing).catch(() => ({ bavail: 0, bsize: 0 }));
  const free = Math.round((bavail * bsize) / 1e9);
  const finding = { check, ok: free >= 1, detail: `${free} GB free` };
  return finding.ok
    ? finding
    : { ...finding, hint: 'Free at least 1 GB: data of counterparties and representations are kept there.' };
}

async function database(config: NodeConfig): Promise<Finding> {
  const check = 'database';
  const url = config.database.url?.reveal();
  if (!url) return { check, ok: true, detail: 'embedded; for production set DATABASE_URL to a PostgreSQL server' };
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW server_version_num');
    const version = Math.floor(Number(rows[0].server_version_num) / 10_000);
    const finding = { check, ok: version >= 14, detail: `PostgreSQL ${version}` };
    return finding.ok ? finding : { ...finding, hint: 'Use PostgreSQL 14 or later.' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      check,
      ok: false,
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
  if (code === null) return { check, ok: true, detail: `${detail} is free` };
  // The node that is being checked may be the one that runs there.
  if (code === 'EADDRINUSE') return { check, ok: true, detail: `${detail} is taken, by this node if it runs already` };
  return { check, ok: false, detail: `${detail} cannot be opened (${code})`, hint: 'Set HANSA_HOST and HANSA_PORT.' };
}

async function publicAddress({ publicUrl, network }: NodeConfig): Promise<Finding> {
  const check = 'public address';
  const local = new URL(publicUrl).protocol === 'http:';
  if (!local) return { check, ok: true, detail: publicUrl };
  const detail = `${publicUrl} can be reached from this machine only`;
  if (network.allowLoopback) return { check, ok: true, detail: `${detail}; fine for a trial` };
  return {
    check,
    ok: true,
    detail: `${detail}. Set HANSA_PUBLIC_URL for others, or HANSA_ALLOW_LOOPBACK=true to try two nodes here`,
  };
}

async function trust({ trust: { issuers, requiredCredentials }, authority }: NodeConfig): Promise<Finding> {
  const check = 'trust';
  if (issuers.length > 0 || authority || requiredCredentials.length === 0)
    return {
      check,
      ok: true,
      detail: issuers.join(', ') || (authority ? 'this node is the authority' : 'no credentials are required'),
    };
  return {
    check,
    ok: false,
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
  return {
    check: 'build',
    ok: true,
    detail: made ? 'complete' : 'the first start will take some seconds longer; npm run build avoids that',
  };
}
