import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { type PgDriver, PreparingClient, PreparingPool, pgDriver } from './pg-driver.js';
import { type GateClient, PgliteGate } from './pglite-gate.js';
import { authenticationOk, frame, readyForQuery, splitFrames } from './pglite-wire.js';

/** What `pg` takes for a socket: start-up is answered here, everything else goes through the gate. */
class PgliteStream extends Duplex implements GateClient {
  session = 'SET search_path TO DEFAULT';
  readonly #gate: PgliteGate;
  #started = false;
  #unread: Buffer = Buffer.alloc(0);
  #batch: Buffer[] = [];
  readonly #notify = (notification: Buffer): void => {
    this.push(notification);
  };

  constructor(gate: PgliteGate) {
    super();
    this.#gate = gate;
  }

  connect(): this {
    this.#gate.on('notification', this.#notify);
    setImmediate(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed when the gate gives them.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    if (!this.#started) this.#startUp();
    if (this.#started) this.#collect();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gate.off('notification', this.#notify);
    void this.#gate.release(this).finally(() => done(error));
  }

  #startUp(): void {
    if (this.#unread.length < 4) return;
    const length = this.#unread.readInt32BE(0);
    if (this.#unread.length < length) return;
    const parameters = this.#unread.subarray(8, length).toString().split('\0').join(' ');
    const searchPath = /search_path=(\S+)/.exec(parameters)?.[1];
    if (searchPath) this.session = `SET search_path TO ${searchPath}`;
    this.#unread = this.#unread.subarray(length);
    this.#started = true;
    this.push(authenticationOk);
    this.push(readyForQuery);
  }

  #collect(): void {
    const { frames, rest } = splitFrames(this.#unread);
    this.#unread = rest;
    for (const part of frames) {
      if (part[0] === frame.terminate) {
        this.push(null);
        return;
      }
      this.#batch.push(part);
      if (part[0] === frame.query || part[0] === frame.sync) this.#submit();
    }
  }

  #submit(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#gate.submit(this, batch).then(
      (answer) => {
        if (!this.destroyed) this.push(answer);
      },
      (error: Error) => {
        this.destroy(error);
      },
    );
  }
}

/** The real `pg.Pool` and `pg.Client`, wired to a PGlite in this process in place of a socket. */
export function pgliteDriver(database: PGlite): PgDriver {
  const gate = new PgliteGate(database);
  const wired = (config: pg.ClientConfig = {}): pg.ClientConfig => ({
    ...config,
    host: 'pglite',
    ssl: false,
    stream: () => new PgliteStream(gate) as never,
  });
  class Pool extends PreparingPool {
    constructor(config?: pg.PoolConfig) {
      super(wired(config));
    }
  }
  class Client extends PreparingClient {
    constructor(config?: pg.ClientConfig) {
      super(wired(config));
    }
  }
  return { ...pgDriver, Pool, Client };
}
