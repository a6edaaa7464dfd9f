import type { Readable } from 'node:stream';
import type { Logger } from '@hansa/platform';
import type { Access, Grant } from './access.js';

/** Milliseconds between two looks whether what is under way is still granted. */
const lookEvery = 150;
/** Milliseconds without a look that succeeds, after which nothing counts as granted any more. */
const blindAtMost = 10_000;

/**
 * The downloads under way in this process. While there are any, one look after the other asks for all of them whether
 * they may go on: whichever instance of the node ends an agreement or suspends a transfer, the download breaks off.
 */
export class OpenStreams {
  readonly #open = new Map<Readable, Grant>();
  #timer: NodeJS.Timeout | undefined;
  #lastLook = 0;

  constructor(
    private readonly access: Pick<Access, 'stillGranted'>,
    private readonly log: Logger,
    private readonly blind = blindAtMost,
  ) {}

  /** Follows a stream until it closes, and gives it back. */
  follow(grant: Grant, stream: Readable): Readable {
    if (this.#open.size === 0) this.#lastLook = performance.now();
    this.#open.set(stream, grant);
    stream.once('close', () => this.#open.delete(stream));
    this.#timer ??= this.#lookSoon();
    return stream;
  }

  #lookSoon(): NodeJS.Timeout {
    return setTimeout(async () => {
      await this.#look();
      this.#timer = this.#open.size > 0 ? this.#lookSoon() : undefined;
    }, lookEvery).unref();
  }

  async #look(): Promise<void> {
    const asked = [...this.#open];
    if (asked.length === 0) return;
    try {
      const granted = await this.access.stillGranted(asked.map(([, grant]) => grant));
      this.#lastLook = performance.now();
      for (const [stream, grant] of asked) if (!granted.has(grant)) stream.destroy(new Error('the use has ended'));
    } catch (error) {
      this.log.warn('whether downloads may go on cannot be told', { error });
      if (performance.now() - this.#lastLook < this.blind) return;
      for (const [stream] of asked) stream.destroy(new Error('whether the use has ended cannot be told'));
    }
  }
}
