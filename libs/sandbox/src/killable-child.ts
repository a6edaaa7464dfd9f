import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * What a child may use before it is killed. On Linux the address space is a hard limit of the operating system
 * (`ulimit -v`), so that an allocation beyond it fails inside the child; resident memory is watched by the parent
 * everywhere but on Windows, which has neither.
 */
export interface ChildLimits {
  readonly addressSpaceBytes: number;
  readonly residentBytes: number;
}

/** Why a child is gone: its time was over, it held too much memory, or it ended by itself. */
export type ChildEnd = 'deadline' | 'memory' | 'crash';

/** The outcome of one request: an answer, a refusal in the child's own words, or the end of the child. */
export type ChildReply<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refusal'; readonly reason: string }
  | { readonly kind: 'end'; readonly end: ChildEnd; readonly reason: string };

type Wire = { readonly answer: unknown } | { readonly refusal: string };

/** How often resident memory is looked at while a request runs, in milliseconds. */
const watchInterval = 50;
const closeGrace = 1_000;

const server = fileURLToPath(new URL('./child/serve.mjs', import.meta.url));

/**
 * A Node process that runs native code on material from strangers, so that whatever that code does, this process
 * lives on. The child starts with an empty environment, answers one request at a time over a typed-array-preserving
 * channel, and dies by SIGKILL at a deadline: native code in a busy loop heeds nothing softer.
 *
 * The module that it is started for exports `operations`: functions by the request's `op`, which take the request and
 * give the answer. What they throw is a refusal.
 *
 * @example
 * // child/count-worker.mjs: export const operations = { count: ({ of }) => of.length };
 * const child = new KillableChild(new URL('./child/count-worker.mjs', import.meta.url), limits);
 * const reply = await child.ask<number>({ op: 'count', of: [1, 2] }, 5_000);
 */
export class KillableChild {
  readonly #process: ChildProcess;
  readonly #limits: ChildLimits;
  readonly #ended: Promise<void>;
  #pending: ((reply: ChildReply<unknown>) => void) | undefined;
  #end: { end: ChildEnd; reason: string } | undefined;
  #complaint = '';

  constructor(worker: URL, limits: ChildLimits) {
    this.#limits = limits;
    this.#process = spawnLimited(worker, limits);
    this.#process.stderr?.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString()).slice(-500);
    });
    this.#process.on('message', (message: Wire) => {
      this.#settle(
        'answer' in message ? { kind: 'answer', value: message.answer } : { kind: 'refusal', reason: message.refusal },
      );
    });
    this.#ended = new Promise((resolve) => {
      const onEnd = (reason: string) => {
        this.#end ??= { end: 'crash', reason };
        this.#settle({ kind: 'end', ...this.#end });
        resolve();
      };
      this.#process.on('error', (error) => onEnd(error.message));
      // Not `close`: Node does not emit it when this side has disconnected the channel.
      this.#process.on('exit', (code, signal) => {
        const end = () => {
          const complaint = this.#complaint.trim().split('\n').at(-1) ?? '';
          onEnd(`ended with ${signal ?? `exit code ${code}`}${complaint && `: ${complaint}`}`);
        };
        if (this.#process.stderr && !this.#process.stderr.closed) this.#process.stderr.once('close', end);
        else end();
      });
    });
  }

  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** The operating system's number of the process, for logs and tests. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Sends one request and waits for its reply. At `deadline` milliseconds the child is killed. One at a time. */
  async ask<T>(request: object, deadline: number): Promise<ChildReply<T>> {
    if (this.#pending) throw new Error('a child answers one request at a time');
    if (this.#end) return { kind: 'end', ...this.#end };
    const timer = setTimeout(() => this.kill('deadline', `took longer than ${deadline} ms`), deadline);
    const watch = setInterval(() => void this.#watchMemory(), watchInterval);
    try {
      return await new Promise<ChildReply<T>>((resolve) => {
        // The child is our own program: the caller states what its operation answers.
        this.#pending = resolve as (reply: ChildReply<unknown>) => void;
        this.#process.send(request, (error) => {
          if (error) this.kill('crash', error.message);
        });
      });
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
    }
  }

  kill(end: ChildEnd, reason: string): void {
    this.#end ??= { end, reason };
    this.#process.kill('SIGKILL');
  }

  /** Lets an idle child leave by itself, and kills one that does not. Resolves when the process is gone. */
  async close(): Promise<void> {
    this.#end ??= { end: 'crash', reason: 'was closed' };
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), closeGrace);
    await this.#ended;
    clearTimeout(timer);
  }

  #settle(reply: ChildReply<unknown>): void {
    const resolve = this.#pending;
    this.#pending = undefined;
    resolve?.(reply);
  }

  async #watchMemory(): Promise<void> {
    const bytes = await residentBytes(this.#process.pid);
    if (bytes > this.#limits.residentBytes)
      this.kill('memory', `held ${Math.round(bytes / 2 ** 20)} MiB of memory, more than its limit`);
  }
}

function spawnLimited(worker: URL, limits: ChildLimits): ChildProcess {
  const node = [process.execPath, '--max-old-space-size=256', server, worker.href];
  const kibibytes = String(Math.floor(limits.addressSpaceBytes / 1024));
  const command =
    process.platform === 'linux'
      ? ['/bin/sh', '-c', 'ulimit -c 0 && ulimit -v "$0" && exec "$@"', kibibytes, ...node]
      : node;
  return spawn(command[0] ?? process.execPath, command.slice(1), {
    env: { TZ: 'UTC' },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  });
}

/** Resident memory of a process in bytes; 0 when it is gone or the platform does not tell. */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (pid === undefined || process.platform === 'win32') return 0;
  try {
    const kibibytes =
      process.platform === 'linux'
        ? /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
        : await new Promise<string>((resolve) => {
            execFile('ps', ['-o', 'rss=', '-p', String(pid)], (_error, output) => resolve(output));
          });
    return Number(kibibytes ?? 0) * 1024 || 0;
  } catch {
    return 0;
  }
}
