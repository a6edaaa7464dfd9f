import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import { frame, idle, parseComplete, simpleQuery, splitFrames, statementName } from './pglite-wire.js';

/** The Parse frames of a batch: which were sent on, and before which statements others were left out. */
interface Parses {
  readonly frames: readonly Buffer[];
  /** The names that the sent ones make, in their order. */
  readonly sent: readonly string[];
  /** Counts Bind frames from 0. */
  readonly leftOut: ReadonlySet<number>;
}

/** One client of the gate: a connection with settings of its own. */
export interface GateClient {
  /** The statement that restores this connection's settings when the session changes hands. */
  readonly session: string;
}

interface Batch {
  readonly client: GateClient;
  readonly frames: readonly Buffer[];
  resolve(answer: Buffer): void;
  reject(error: unknown): void;
}

/**
 * PGlite has one session; `pg` clients expect one each. The gate runs their wire-protocol batches one after the other
 * and, while a client has a transaction open, lets nobody else in. Statements that one client has prepared are there for
 * all, so their names must mean the same to all. Emits `notification` frames (LISTEN/NOTIFY).
 */
export class PgliteGate extends EventEmitter {
  readonly #database: PGlite;
  readonly #queue: Batch[] = [];
  #pumping = false;
  #owner: GateClient | null = null;
  readonly #prepared = new Set<string>();
  #session = '';

  constructor(database: PGlite) {
    super();
    this.#database = database;
    this.setMaxListeners(0);
  }

  /** Runs a batch that ends in Query or Sync; the answer ends in ReadyForQuery. */
  submit(client: GateClient, frames: readonly Buffer[]): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ client, frames, resolve, reject });
      void this.#pump();
    });
  }

  /** A client has gone: what it left open is rolled back. */
  async release(client: GateClient): Promise<void> {
    if (this.#owner === client) await this.submit(client, [simpleQuery('ROLLBACK')]).catch(() => undefined);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let batch = this.#next(); batch; batch = this.#next()) {
        try {
          batch.resolve(await this.#run(batch));
        } catch (error) {
          batch.reject(error);
        }
      }
    } finally {
      this.#pumping = false;
    }
  }

  async #run({ client, frames }: Batch): Promise<Buffer> {
    if (this.#session !== client.session) {
      await this.#database.execProtocolRaw(simpleQuery(client.session));
      this.#session = client.session;
    }
    const parses = this.#leaveOutKnown(frames);
    const answer = Buffer.from(await this.#database.execProtocolRaw(Buffer.concat(parses.frames)));
    return this.#route(answer, client, parses);
  }

  /** What another client has prepared needs no Parse: the session would refuse a second one. */
  #leaveOutKnown(frames: readonly Buffer[]): Parses {
    const leftOut = new Set<number>();
    const sent: string[] = [];
    let binds = 0;
    const kept = frames.filter((part) => {
      if (part[0] === frame.bind) binds++;
      if (part[0] !== frame.parse) return true;
      const name = statementName(part);
      if (this.#prepared.has(name)) leftOut.add(binds);
      else sent.push(name);
      return !leftOut.has(binds);
    });
    return { frames: kept, sent, leftOut };
  }

  #next(): Batch | undefined {
    if (!this.#owner) return this.#queue.shift();
    const at = this.#queue.findIndex((batch) => batch.client === this.#owner);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Notifications go to every client; the status byte of ReadyForQuery says whether a transaction is open. */
  #route(answer: Buffer, client: GateClient, { sent, leftOut }: Parses): Buffer {
    const own: Buffer[] = [];
    let status = idle;
    let [binds, parsed] = [0, 0];
    for (const part of splitFrames(answer).frames) {
      if (part[0] === frame.notification) {
        this.emit('notification', part);
        continue;
      }
      // A client expects an answer to each Parse that it sent.
      if (part[0] === frame.bindComplete && leftOut.has(binds++)) own.push(parseComplete);
      if (part[0] === frame.parseComplete) this.#note(sent[parsed++]);
      if (part[0] === frame.readyForQuery) status = part[5] ?? idle;
      own.push(part);
    }
    this.#owner = status === idle ? null : client;
    return Buffer.concat(own);
  }

  #note(name: string | undefined): void {
    if (name) this.#prepared.add(name);
  }
}
