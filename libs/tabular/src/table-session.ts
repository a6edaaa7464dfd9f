import { ok, type Result, refuse } from '@hansa/kernel';
import { type ChildReply, KillableChild } from '@hansa/sandbox';
import type { Lease } from './process-pool.js';
import type { SqlValue, Statement } from './sql.js';
import type { TableProblem } from './table.js';

/** What one operation on a file may cost. */
export interface TableLimits {
  /** Milliseconds for each step of an operation, after which its process is killed. @default 60_000 */
  readonly deadline: number;
  /** Bytes of working memory of the query engine. @default 256 MB */
  readonly memoryBytes: number;
  /** Threads of the query engine. @default 2 */
  readonly threads: number;
  /** Processes at a time; more operations wait. @default 2 */
  readonly processes: number;
  /** Milliseconds that an idle process is kept. @default 10_000 */
  readonly idle: number;
}

export const defaultTableLimits: TableLimits = {
  deadline: 60_000,
  memoryBytes: 256e6,
  threads: 2,
  processes: 2,
  idle: 10_000,
};

/** Typed columns of one batch as the worker sends them; `src/child/vectors.mjs` says how missing values look. */
export type WireVector =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] };

export interface WireBatch {
  readonly rows: number;
  readonly vectors: readonly WireVector[];
}

/** A cell of a small result, as JSON. */
export type Cell = string | number | boolean | null;

const worker = new URL('./child/table-worker.mjs', import.meta.url);

/** The query engine in its process, locked to the files of one operation. */
export class TableSession {
  readonly #lease: Lease;
  readonly #limits: TableLimits;

  constructor(lease: Lease, limits: TableLimits) {
    this.#lease = lease;
    this.#limits = limits;
  }

  /** Starts a process. Twice the engine's memory and 256 MiB for everything else may be resident. */
  static start(limits: TableLimits): KillableChild {
    const residentBytes = limits.memoryBytes * 2 + 256 * 2 ** 20;
    return new KillableChild(worker, { residentBytes, addressSpaceBytes: residentBytes + 3 * 2 ** 30 });
  }

  open(paths: readonly string[]): Promise<Result<void, TableProblem>> {
    return this.#ask({ op: 'open', paths, memoryBytes: this.#limits.memoryBytes, threads: this.#limits.threads });
  }

  /** Runs a statement whose result is small (at most 10,000 rows). Large integers come as text. */
  run(sql: string, values: readonly SqlValue[] = []): Promise<Result<readonly (readonly Cell[])[], TableProblem>> {
    return this.#ask({ op: 'run', sql, values });
  }

  query(statement: Statement): Promise<Result<void, TableProblem>> {
    return this.#ask({ op: 'query', ...statement });
  }

  fetch(rows: number): Promise<Result<WireBatch, TableProblem>> {
    return this.#ask({ op: 'fetch', rows });
  }

  writeArrow(statement: Statement, file: string, batchRows: number): Promise<Result<number, TableProblem>> {
    return this.#ask({ op: 'writeArrow', ...statement, file, batchRows });
  }

  countArrow(file: string): Promise<Result<number, TableProblem>> {
    return this.#ask({ op: 'countArrow', file });
  }

  /** Closes the engine and gives its process back. */
  async release(): Promise<void> {
    await this.#ask({ op: 'close' });
    this.#lease.release();
  }

  async #ask<T>(request: object): Promise<Result<T, TableProblem>> {
    const reply = await this.#lease.child.ask<T>(request, this.#limits.deadline);
    return reply.kind === 'answer' ? ok(reply.value) : explain(reply);
  }
}

function explain(reply: Exclude<ChildReply<unknown>, { kind: 'answer' }>): Result<never, TableProblem> {
  if (reply.kind === 'refusal') return explainRefusal(reply.reason);
  switch (reply.end) {
    case 'deadline':
      return refuse(
        'tabular.deadline',
        `Reading the file ${reply.reason} and was stopped; a smaller file may succeed.`,
      );
    case 'memory':
      return refuse('tabular.out-of-memory', `Reading the file ${reply.reason}; it was stopped. Split the file.`);
    case 'crash':
      return refuse('tabular.crashed', `The process that read the file ${reply.reason}. The file may be damaged.`);
  }
}

/** Sorts the engine's messages by their class; its first line says what was wrong, the rest quotes the statement. */
function explainRefusal(reason: string): Result<never, TableProblem> {
  if (/Out of Memory|Array buffer allocation failed|Invalid (typed )?array length/i.test(reason))
    return refuse('tabular.out-of-memory', 'The file needs more memory than an operation may use. Split the file.');
  if (/^(IO|Permission) Error/.test(reason) && !/parquet|magic|No data/i.test(reason))
    return refuse('tabular.unreadable', `The file cannot be read: ${firstSentence(reason)}`);
  const line = /\b[Ll]ine:? (\d+)|record\/value (\d+)/.exec(reason);
  const at = line?.[1] ?? line?.[2];
  const detail = `The file is malformed${at ? ` at line ${at}` : ''}: ${firstSentence(reason)}`;
  return at ? refuse('tabular.malformed', detail, `line ${at}`) : refuse('tabular.malformed', detail);
}

/** What the engine says about a line of CSV, among much advice on its own options. */
const csvComplaint =
  /Expected Number of Columns: \d+ Found: \d+|Value with unterminated quote|Invalid unicode[^.\n]*|Maximum line size[^.\n]*|Error when sniffing file/;

function firstSentence(reason: string): string {
  const [line = ''] = reason.replace(/^[\w ]+ (Error|Exception): /, '').split('\n');
  const complaint = /expected records/.test(line)
    ? 'it is not a list of JSON objects'
    : (csvComplaint.exec(reason)?.[0] ?? line);
  // The engine names the file by its path on this machine, which is nobody's business.
  const anonymous = complaint.replaceAll(/["']?\/[^\s"']+["']?/g, 'the file');
  return `${anonymous.slice(0, 200).replace(/[.:\s]+$/, '')}.`;
}
