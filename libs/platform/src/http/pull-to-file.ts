import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, ok, type Result, type RetryPolicy } from '@hansa/kernel';
import type { Agent } from 'undici';
import { type Answer, announcedLength, exchange, type HttpHeaders, readBody } from './exchange.js';
import {
  answerLimit,
  CallbackFailed,
  type HttpProblem,
  problemOf,
  SinkFailed,
  tooLarge,
  unexpectedStatus,
} from './http-problem.js';
import type { UrlRules } from './url-guard.js';

/** A body to be pulled into a file. */
export interface PullRequest {
  readonly url: string;
  readonly headers?: HttpHeaders;
  /** The largest body accepted, in bytes. @default 10 GiB */
  readonly maxBytes?: number;
  /** Milliseconds for everything, retries included. @default one hour */
  readonly timeout?: number;
  /** Called after each part. `total` is null while the peer has not said it. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number | null }) => void;
  readonly signal?: AbortSignal;
}

/** What lies in the file now. */
export interface Pulled {
  readonly headers: HttpHeaders;
  readonly bytes: number;
  readonly digest: Digest;
  /** How often the pull was cut and continued. */
  readonly resumed: number;
}

interface Tools {
  readonly agent: Agent;
  readonly rules: UrlRules;
  readonly headersTimeout: number;
  readonly idleTimeout: number;
  readonly retry: RetryPolicy;
}

/** The part of the body that has arrived and what identifies the whole it belongs to. */
interface Progress {
  bytes: number;
  hash: Hash;
  /** A strong entity tag: the only validator here that allows parts to be joined (RFC 9110 §13.1.5). */
  etag: string | null;
  headers: HttpHeaders;
  resumed: number;
}

/** An attempt that brought at least this much counts as progress, so a long pull survives any number of cuts. */
const worthwhile = 64 * 1024;

/**
 * Pulls a body into `path`, by way of `path.part` and a rename, so that a file under the final name is complete. After a
 * cut it goes on with `Range` and `If-Range` (RFC 9110 §13.1.5, §14.2) if the peer gave a strong entity tag, otherwise
 * from the start. Every problem removes the part.
 */
export async function pullToFile(tools: Tools, asked: PullRequest, path: string): Promise<Result<Pulled, HttpProblem>> {
  const part = `${path}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(part, 'w').catch(sinkFailed);
    const pulled = await pull(tools, asked, file);
    if (!pulled.ok) return pulled;
    await file.truncate(pulled.value.bytes).catch(sinkFailed);
    await file.sync().catch(sinkFailed);
    await rename(part, path).catch(sinkFailed);
    return pulled;
  } catch (error) {
    if (error instanceof SinkFailed) return problemOf(error, '', false);
    throw error;
  } finally {
    await file?.close();
    await rm(part, { force: true });
  }
}

async function pull(tools: Tools, asked: PullRequest, file: FileHandle): Promise<Result<Pulled, HttpProblem>> {
  const { timeout = 3_600_000 } = asked;
  const started = performance.now();
  const progress: Progress = { bytes: 0, hash: createHash('sha256'), etag: null, headers: {}, resumed: 0 };
  let failures = 0;
  for (;;) {
    const before = progress.bytes;
    const outcome = await attempt(tools, asked, file, progress, timeout - (performance.now() - started));
    if (outcome.ok) {
      const { headers, bytes, hash, resumed } = progress;
      return ok({ headers, bytes, digest: `sha-256:${hash.digest('hex')}`, resumed });
    }
    const gained = progress.etag === null ? 0 : progress.bytes - before;
    failures = gained >= worthwhile ? 1 : failures + 1;
    const elapsed = performance.now() - started;
    const delay = isPassing(outcome.problem) ? tools.retry({ failures, elapsed }) : null;
    if (delay === null || elapsed + delay >= timeout) return outcome;
    // An abort during the pause is reported by the next attempt.
    await sleep(delay, undefined, { signal: asked.signal }).catch(() => undefined);
  }
}

/** One request for what is still missing. */
function attempt(tools: Tools, asked: PullRequest, file: FileHandle, progress: Progress, totalTimeout: number) {
  const { url, headers = {}, maxBytes = 10 * 2 ** 30, onProgress, signal } = asked;
  const { agent, rules, headersTimeout, idleTimeout } = tools;
  const rest: HttpHeaders =
    progress.bytes > 0 && progress.etag !== null
      ? { range: `bytes=${progress.bytes}-`, 'if-range': progress.etag }
      : {};
  const sent = { method: 'GET' as const, url, headers: { ...headers, ...rest }, body: null, signal };
  const times = { headersTimeout, idleTimeout, totalTimeout };
  return exchange(agent, rules, { ...sent, ...times }, async (answer): Promise<Result<null, HttpProblem>> => {
    const host = new URL(url).host;
    if (answer.status === 206 && continues(answer, progress)) progress.resumed++;
    else if (answer.status === 200) startOver(progress, answer);
    else return refusedBy(answer, host);
    const announced = announcedLength(answer);
    const total = Number.isNaN(announced) ? null : progress.bytes + announced;
    if (total !== null && total > maxBytes) return tooLarge(host, maxBytes);
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      if (progress.bytes + chunk.byteLength > maxBytes) return tooLarge(host, maxBytes);
      await writeAll(file, chunk, progress.bytes);
      progress.hash.update(chunk);
      progress.bytes += chunk.byteLength;
      tell(onProgress, progress.bytes, total);
    }
    return ok(null);
  });
}

/** Whether a 206 is exactly the rest that was asked for (RFC 9110 §14.4). */
function continues(answer: Answer, progress: Progress): boolean {
  const start = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers['content-range'] ?? '')?.[1];
  return progress.bytes > 0 && Number(start) === progress.bytes && answer.headers.etag === progress.etag;
}

/** A 200 carries the whole, also as the answer to `If-Range` when the resource has changed meanwhile. */
function startOver(progress: Progress, answer: Answer): void {
  const { etag = '' } = answer.headers;
  progress.bytes = 0;
  progress.hash = createHash('sha256');
  progress.etag = etag.startsWith('"') ? etag : null;
  progress.headers = answer.headers;
}

async function refusedBy(answer: Answer, host: string): Promise<Result<never, HttpProblem>> {
  const body = await readBody(answer, answerLimit, host);
  return unexpectedStatus(answer.status, body.ok ? body.value : new Uint8Array(), host);
}

/** Cuts, silences and overloads pass; everything else will be the same next time. */
function isPassing(problem: HttpProblem): boolean {
  if (problem.kind === 'http.unexpected-status') return [408, 429, 500, 502, 503, 504].includes(problem.status);
  return ['http.cut-off', 'http.unreachable', 'http.timeout'].includes(problem.kind);
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const left = chunk.byteLength - done;
    const { bytesWritten } = await file.write(chunk, done, left, position + done).catch(sinkFailed);
    done += bytesWritten;
  }
}

function tell(listener: PullRequest['onProgress'], bytes: number, total: number | null): void {
  try {
    listener?.({ bytes, total });
  } catch (cause) {
    throw new CallbackFailed(cause);
  }
}

function sinkFailed(cause: unknown): never {
  throw new SinkFailed(cause);
}
