import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Did } from '@hansa/kernel';
import { createManagementClient, getPublic, type ManagementClient } from '../client.js';
import { connectorMain } from '../connector.js';
import { orFail } from '../failure.js';

/** A node of the demo: a process of its own, spoken to over HTTP like any other. */
export interface DemoNode {
  readonly city: string;
  readonly did: Did;
  readonly url: string;
  readonly manage: ManagementClient;
  stop(): Promise<void>;
}

export interface DemoNodeOptions {
  readonly city: string;
  readonly port: number;
  /** Where data directories and logs of all nodes lie. */
  readonly directory: string;
  readonly authority?: Did;
  /** Further settings, as environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const didAt = (port: number): Did => `did:web:localhost%3A${port}`;

/** The port wished for, or another one when a program has it already. */
export async function freePort(wished: number): Promise<number> {
  const listen = (port: number) =>
    new Promise<number | null>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(null));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
      });
    });
  return (await listen(wished)) ?? (await listen(0)) ?? wished;
}

/** Starts a node and waits until it can do its work. */
export async function startNode(options: DemoNodeOptions): Promise<DemoNode> {
  const { city, port, directory, authority, environment = {} } = options;
  const dataDirectory = join(directory, city);
  await mkdir(dataDirectory, { recursive: true });
  const log = openSync(join(directory, `${city}.log`), 'a');
  const child = spawn(process.execPath, [orFail(connectorMain())], {
    stdio: ['ignore', log, log],
    // Nothing of the caller's own configuration may change the story.
    env: {
      PATH: process.env.PATH,
      HANSA_CITY: city,
      HANSA_PORT: String(port),
      HANSA_DATA_DIRECTORY: dataDirectory,
      HANSA_ALLOW_LOOPBACK: 'true',
      ...(authority === undefined ? { HANSA_AUTHORITY: 'true' } : { HANSA_TRUSTED_ISSUERS: authority }),
      ...environment,
    },
    cwd: directory,
  });
  const url = `http://localhost:${port}`;
  try {
    await waitUntilReady(child, url, join(directory, `${city}.log`));
    const token = (await readFile(join(dataDirectory, 'admin-token'), 'utf8')).trim();
    const manage = createManagementClient({ url, token });
    return { city, did: didAt(port), url, manage, stop: () => stop(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function waitUntilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`A node stopped at once. Its log: ${log}`);
    if ((await getPublic(url, '/health/ready')).ok) return;
    if (Date.now() > deadline) throw new Error(`A node did not become ready within a minute. Its log: ${log}`);
    await sleep(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(force);
}
