import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { Agent } from 'undici';
import { exchange, type HttpHeaders } from './exchange.js';
import { CallbackFailed, type HttpProblem } from './http-problem.js';
import type { UrlRules } from './url-guard.js';

/** A file to be sent to an address that somebody else gave us. */
export interface PushRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: HttpHeaders;
  /**
   * Milliseconds for everything. @default a minute, and one more second for each 128 KiB: a receiver that takes less holds
   * this node for nothing
   */
  readonly timeout?: number;
  /** Called after each part that was handed to the connection. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** What the receiver answered. Its body is thrown away unread, however long it is. */
export interface Pushed {
  /** Any status but a redirect; 4xx and 5xx are answers, too. */
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The size of the file. */
  readonly bytes: number;
}

interface Tools {
  readonly agent: Agent;
  readonly rules: UrlRules;
  readonly idleTimeout: number;
}

const leastBytesPerSecond = 128 * 1024;

/**
 * Sends a file whole, once. A good status before the last byte was sent counts as a cut: the receiver cannot have it all.
 *
 * @throws when the file cannot be read: it is ours.
 */
export async function pushFile(
  { agent, rules, idleTimeout }: Tools,
  asked: PushRequest,
  path: string,
): Promise<Result<Pushed, HttpProblem>> {
  const { method, url, headers = {}, onProgress, signal } = asked;
  const { size: total } = await stat(path);
  const { timeout: totalTimeout = 60_000 + (total / leastBytesPerSecond) * 1000 } = asked;
  const file = createReadStream(path);
  let bytes = 0;
  async function* parts(): AsyncGenerator<Buffer> {
    for await (const part of file) {
      bytes += part.length;
      tell(onProgress, bytes, total);
      yield part;
    }
  }
  const body = Readable.from(parts(), { objectMode: false });
  body.on('error', () => undefined);
  const sent = { ...headers, 'content-length': String(total) };
  // A receiver that stops reading is noticed by the same timer as one that does not answer.
  const times = { headersTimeout: idleTimeout, idleTimeout, totalTimeout };
  try {
    return await exchange<Pushed>(
      agent,
      rules,
      { method, url, headers: sent, body, signal, ...times },
      async ({ status, headers: answered }) =>
        status < 300 && bytes < total
          ? refuse('http.cut-off', `${new URL(url).host} answered before it had everything. Try again.`)
          : ok({ status, headers: answered, bytes: total }),
    );
  } finally {
    body.destroy();
    file.destroy();
  }
}

function tell(listener: PushRequest['onProgress'], bytes: number, total: number): void {
  try {
    listener?.({ bytes, total });
  } catch (cause) {
    throw new CallbackFailed(cause);
  }
}
