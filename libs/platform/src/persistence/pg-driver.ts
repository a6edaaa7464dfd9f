import pg from 'pg';
import { type Answer, Batch, type Columns, type Statement, wireValues } from './pg-batch.js';

/** A session keeps what it has prepared, so there must be an end to it. */
const maxStatements = 500;
const mark = '/* not prepared */ ';
const names = new Map<string, string>();

/** The name of a statement in every session of this process: one name, one text. */
function nameOf(text: string): string | undefined {
  if (text.startsWith(mark)) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= maxStatements) return known;
  const name = `hansa_${names.size}`;
  names.set(text, name);
  return name;
}

/**
 * Marks a statement whose text is made up from input, so that it is not prepared: others would choose what our sessions
 * keep, and leave no room for the statements of the node.
 *
 * @example
 * dataSource.query(unprepared(`SELECT id FROM dataset WHERE ${conditions}`), values);
 */
export const unprepared = (text: string): string => mark + text;

/** The type `text[]` (its OID). */
const textArray = 1009;

/** The elements of an array in which nothing is quoted: credentials, say. `pg` reads each character of them. */
function plainTexts(text: string): string[] | null {
  if (text === '{}') return [];
  return /^\{[^"{}]*\}$/.test(text) && !/\bNULL\b/i.test(text) ? text.slice(1, -1).split(',') : null;
}

/**
 * Prepares each statement that has parameters, once in a session. Parsing and planning cost three times what running
 * costs for the short statements of a node. Statements must name their columns: when a later version adds one, a
 * prepared `*` fails.
 *
 * Statements that are made before anybody waits for the answer to one of them go to the server together: a round trip
 * costs more than most of them do. That begins with `START TRANSACTION`, which is sent with what follows it.
 */
export class PreparingClient extends pg.Client {
  readonly #columns: Columns = new Map();
  #waiting: Statement[] = [];
  #flushing = false;

  /** Runs a statement, after those that were posted before it. */
  post(text: string, values: readonly unknown[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, answer?: Answer): void => (answer ? resolve(answer) : reject(error));
      this.#add(text, values, done);
      if (this.#flushing) return;
      this.#flushing = true;
      // After everything that can go on without an answer.
      queueMicrotask(() => process.nextTick(() => this.#flush()));
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: one implementation behind pg's thirteen overloads
  override query(query: any, values?: any, callback?: any): any {
    if (query === 'START TRANSACTION') {
      this.#add(query, [], () => {});
      return Promise.resolve({ command: 'START', rowCount: null, rows: [] });
    }
    const ending = query === 'COMMIT' || query === 'ROLLBACK';
    if (typeof query === 'string' && (ending || (Array.isArray(values) && values.length > 0))) {
      const answer = this.post(query, values ?? []);
      if (typeof callback !== 'function') return answer;
      return answer.then((result) => callback(null, result), callback);
    }
    this.#flush();
    return super.query(query, values, callback);
  }

  #add(text: string, values: readonly unknown[], done: Statement['done']): void {
    this.#waiting.push({ text, name: nameOf(text) ?? '', values: wireValues(values), done });
  }

  #parserOf(type: number): (text: string) => unknown {
    const parse = this.getTypeParser(type);
    return type === textArray ? (text) => plainTexts(text) ?? parse(text) : parse;
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#waiting.length === 0) return;
    const batch = new Batch(this.#waiting, this.#columns, (type) => this.#parserOf(type));
    this.#waiting = [];
    super.query(batch as never);
  }
}

/**
 * A pool of `pg` whose connections prepare what they run.
 *
 * @example
 * const pool = new PreparingPool({ connectionString: 'postgres://localhost/hansa' });
 */
export class PreparingPool extends pg.Pool {
  constructor(config?: pg.PoolConfig) {
    super({ ...config, Client: PreparingClient } as pg.PoolConfig);
  }
}

/** The parts of the `pg` module that TypeORM uses. */
export interface PgDriver {
  readonly Pool: new (config?: pg.PoolConfig) => pg.Pool;
  readonly Client: new (config?: pg.ClientConfig) => pg.Client;
  readonly types: typeof pg.types;
  readonly defaults: typeof pg.defaults;
}

/** `pg`, preparing. */
export const pgDriver: PgDriver = {
  Pool: PreparingPool,
  Client: PreparingClient,
  types: pg.types,
  defaults: pg.defaults,
};
