import type { Readable } from 'node:stream';

/** The downloads under way in this process, so that they break off when their agreement ends. */
export class OpenStreams {
  readonly #streams = new Map<string, Set<Readable>>();

  /** Follows a stream until it closes, and gives it back. */
  follow(agreementId: string, stream: Readable): Readable {
    const streams = this.#streams.get(agreementId) ?? new Set();
    this.#streams.set(agreementId, streams.add(stream));
    stream.once('close', () => {
      streams.delete(stream);
      if (streams.size === 0 && this.#streams.get(agreementId) === streams) this.#streams.delete(agreementId);
    });
    return stream;
  }

  /** Breaks off every download under an agreement. */
  stop(agreementId: string): void {
    for (const stream of this.#streams.get(agreementId) ?? []) stream.destroy(new Error('the agreement has ended'));
  }
}
