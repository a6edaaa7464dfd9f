import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import { frame, idle, parseComplete, simpleQuery, splitFrames, statementName } from './pglite-wire.js';

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
    const [first, ...others] = frames;
    const name = first?.[0] === frame.parse ? statementName(first) : '';
    if (!this.#prepared.has(name)) return this.#route(await this.#execute(frames), client, name);
    return Buffer.concat([parseComplete, this.#route(await this.#execute(others), client, '')]);
  }

  async #execute(frames: readonly Buffer[]): Promise<Buffer> {
    return Buffer.from(await this.#database.execProtocolRaw(Buffer.concat(frames)));
  }

  #next(): Batch | undefined {
    if (!this.#owner) return this.#queue.shift();
    const at = this.#queue.findIndex((batch) => batch.client === this.#owner);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Notifications go to every client; the status byte of ReadyForQuery says whether a transaction is open. */
  #route(answer: Buffer, client: GateClient, preparing: string): Buffer {
    const own: Buffer[] = [];
    let status = idle;
    for (const part of splitFrames(answer).frames) {
      if (part[0] === frame.notification) this.emit('notification', part);
      else own.push(part);
      if (part[0] === frame.parseComplete && preparing !== '') this.#prepared.add(preparing);
      if (part[0] === frame.readyForQuery) status = part[5] ?? idle;
    }
    this.#owner = status === idle ? null : client;
    return Buffer.concat(own);
  }
}
