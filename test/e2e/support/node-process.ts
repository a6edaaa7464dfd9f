import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Did } from '@hansa/kernel';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '@hansa/platform/testing';
import { afterAll } from '@jest/globals';
import { createManagementClient, type ManagementClient } from '../../../apps/cli/src/client.js';
import { builtNode } from './build.js';
import { until } from './wait.js';

export interface NodeOptions {
  readonly city: string;
  /** @default 'embedded' */
  readonly database?: DatabaseKind;
  /** Issues membership credentials. */
  readonly authority?: boolean;
  /** The issuers that are trusted. */
  readonly trust?: readonly Did[];
  /** Further settings, by their environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The port that others reach it by, where something stands between. @default the port that it listens on */
  readonly publicPort?: number;
  /** Where the process listens. @default a free port */
  readonly port?: number;
}

/** Milliseconds. */
const startLimit = 60_000;
const stopLimit = 20_000;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const didAt = (port: number): Did => `did:web:localhost%3A${port}`;

const started = new Set<NodeProcess>();

// Wherever this harness is used, nothing of it outlives the file's tests, whether they pass or fail.
afterAll(async () => {
  await Promise.all([...started].map((node) => node.remove()));
}, 60_000);

/** One real node: a process of the compiled product with a data directory of its own, reached over HTTP alone. */
export class NodeProcess {
  #child: ChildProcess | null = null;
  #manage: ManagementClient | null = null;

  private constructor(
    readonly options: NodeOptions,
    /** Where the process listens. */
    readonly port: number,
    /** Everything that it writes. */
    readonly directory: string,
    private readonly database: TestDatabase | null,
    private readonly ownsDatabase = true,
  ) {
    started.add(this);
  }

  static async create(options: NodeOptions): Promise<NodeProcess> {
    const directory = await mkdtemp(join(tmpdir(), `hansa-e2e-${options.city}-`));
    const database = options.database === 'server' ? await createTestDatabase('server') : null;
    return new NodeProcess(options, options.port ?? (await freePort()), directory, database);
  }

  /** Another instance of this node, not started: its database and keys, with a directory and a port of its own. */
  async sibling(): Promise<NodeProcess> {
    const directory = await mkdtemp(join(tmpdir(), `hansa-e2e-${this.options.city}-`));
    for (const part of ['keys', 'admin-token'])
      await cp(join(this.dataDirectory, part), join(directory, 'data', part), { recursive: true });
    return new NodeProcess(this.options, await freePort(), directory, this.database, false);
  }

  get did(): Did {
    return didAt(this.options.publicPort ?? this.port);
  }

  /** The address that it is reached by directly, past anything that stands between. */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get dataDirectory(): string {
    return join(this.directory, 'data');
  }

  get manage(): ManagementClient {
    if (!this.#manage) throw new Error(`${this.options.city} was never started`);
    return this.#manage;
  }

  /** The administrator token. */
  get token(): string {
    return readFileSync(join(this.dataDirectory, 'admin-token'), 'utf8').trim();
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.options.city} does not run`);
    return pid;
  }

  get isRunning(): boolean {
    const child = this.#child;
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  /** What the process has written so far, over all its starts. */
  log(): string {
    const file = join(this.directory, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The end of the log, for a message about a failure. */
  lastWords(): string {
    return this.log().trimEnd().split('\n').slice(-12).join('\n');
  }

  /** Resident memory in bytes (Linux). */
  residentBytes(): number {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }

  /** What the process is configured by, and anything that is run beside it. */
  get env(): Readonly<Record<string, string | undefined>> {
    const { city, authority = false, trust = [], env = {}, publicPort } = this.options;
    const location = this.database?.location;
    return {
      PATH: process.env.PATH,
      HANSA_CITY: city,
      HANSA_PORT: String(this.port),
      HANSA_DATA_DIRECTORY: this.dataDirectory,
      HANSA_ALLOW_LOOPBACK: 'true',
      HANSA_AUTHORITY: String(authority),
      ...(trust.length > 0 ? { HANSA_TRUSTED_ISSUERS: trust.join(',') } : {}),
      ...(publicPort === undefined ? {} : { HANSA_PUBLIC_URL: `http://localhost:${publicPort}` }),
      ...(location?.kind === 'server' ? { DATABASE_URL: location.url } : {}),
      ...env,
    };
  }

  /** Starts a process on this node's directory, without waiting for it. */
  spawn(): ChildProcess {
    const { directory, env } = this;
    const log = openSync(join(directory, 'log'), 'a');
    const child = spawn(process.execPath, [builtNode()], { cwd: directory, stdio: ['ignore', log, log], env });
    closeSync(log);
    return child;
  }

  /** Starts the node and waits until it is ready. */
  async start(): Promise<this> {
    if (this.isRunning) throw new Error(`${this.options.city} runs already`);
    const child = this.spawn();
    this.#child = child;
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`${this.options.city} stopped at its start:\n${this.lastWords()}`);
        return (await fetch(`${this.url}/health/ready`).catch(() => null))?.ok;
      },
      { limit: startLimit, what: () => `${this.options.city} is not ready:\n${this.lastWords()}` },
    );
    this.#manage = createManagementClient({ url: this.url, token: this.token });
    return this;
  }

  /** Stops the node as an operator does. It must end by itself, and without an error. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) throw new Error(`${this.options.city} does not run:\n${this.lastWords()}`);
    const ended = exitOf(child);
    child.kill('SIGTERM');
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<string>((resolve) => {
      late = setTimeout(resolve, stopLimit, 'still running');
    });
    const outcome = await Promise.race([ended, limit]);
    clearTimeout(late);
    if (outcome !== 0) throw new Error(`${this.options.city} did not stop cleanly (${outcome}):\n${this.lastWords()}`);
  }

  /** Ends the process at once, as a fault would. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
    const ended = exitOf(child);
    child.kill(signal);
    await ended;
  }

  async restart(): Promise<this> {
    if (this.isRunning) await this.stop();
    return this.start();
  }

  /** Ends the process, whatever it does, and takes away everything that it has written. */
  async remove(): Promise<void> {
    started.delete(this);
    await this.kill('SIGKILL');
    if (this.ownsDatabase) await this.database?.remove();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Starts a node and waits until it is ready. */
export async function startNode(options: NodeOptions): Promise<NodeProcess> {
  return (await NodeProcess.create(options)).start();
}

/** The exit code, or the signal that ended the process. */
export function exitOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(child.exitCode ?? child.signalCode ?? '');
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? '')));
}
