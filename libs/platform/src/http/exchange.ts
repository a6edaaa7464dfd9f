import type { Readable } from 'node:stream';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { Agent, Dispatcher } from 'undici';
import { type HttpProblem, problemOf, tooLarge } from './http-problem.js';
import { checkUrl, type UrlRules } from './url-guard.js';

/** Response header fields by lower-case name; repeated fields are joined by `, `. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** What one request asks of the wire, all times in milliseconds. */
export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: HttpHeaders;
  readonly body: string | Uint8Array | Readable | null;
  readonly headersTimeout: number;
  /** The longest pause between two parts of the body. */
  readonly idleTimeout: number;
  /** From the first byte to the last, name resolution and connection included. */
  readonly totalTimeout: number;
  readonly signal: AbortSignal | undefined;
}

/** An answer whose head passed the guard and whose body has not been read. */
export interface Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Dispatcher.ResponseData['body'];
}

/**
 * Sends one request under the guard and hands the answer to `read` while the deadline runs. Whatever `read` leaves of the
 * body is thrown away with its connection.
 */
export async function exchange<T>(
  agent: Agent,
  rules: UrlRules,
  ask: Ask,
  read: (answer: Answer) => Promise<Result<T, HttpProblem>>,
): Promise<Result<T, HttpProblem>> {
  const checked = checkUrl(ask.url, rules);
  if (!checked.ok) return checked;
  const url = checked.value;
  const deadline = startDeadline(ask.totalTimeout, ask.signal);
  let answer: Answer | undefined;
  try {
    answer = await Promise.race([send(agent, url, ask, deadline.signal), deadline.passed]);
    return refusedHead(answer, url.host) ?? (await read(answer));
  } catch (error) {
    return problemOf(error, url.host, answer !== undefined);
  } finally {
    deadline.end();
    // Without a listener the abort of an unread body would be an uncaught error.
    if (answer && !answer.body.readableEnded) answer.body.on('error', () => undefined).destroy();
  }
}

async function send(agent: Agent, url: URL, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const response = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: ask.method,
    // Only plain bytes are accepted, so no small answer can unfold into a large one.
    headers: { ...ask.headers, 'accept-encoding': 'identity' },
    body: ask.body,
    headersTimeout: ask.headersTimeout,
    bodyTimeout: ask.idleTimeout,
    signal,
  });
  return { status: response.statusCode, headers: joined(response.headers), body: response.body };
}

/** Redirects and encodings are refused here; 304 is the answer to a conditional request, not a redirect. */
function refusedHead({ status, headers }: Answer, host: string) {
  if (status >= 300 && status < 400 && status !== 304)
    return refuse(
      'http.redirect-refused',
      `${host} answered ${status} and points elsewhere; redirects are not followed. Give the final address.`,
    );
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    return refuse(
      'http.encoding-refused',
      `${host} encoded its answer ("${encoding.slice(0, 40)}") although only plain bytes are accepted.`,
    );
  return null;
}

/** Reads a body of at most `limit` bytes; the length that the peer announced is not trusted, only used to stop early. */
export async function readBody(answer: Answer, limit: number, host: string): Promise<Result<Uint8Array, HttpProblem>> {
  if (announcedLength(answer) > limit) return tooLarge(host, limit);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > limit) return tooLarge(host, limit);
    parts.push(part);
  }
  return ok(new Uint8Array(Buffer.concat(parts)));
}

/** The `content-length` of an answer, or NaN. */
export function announcedLength(answer: Answer): number {
  return Number(answer.headers['content-length'] ?? Number.NaN);
}

function joined(headers: Dispatcher.ResponseData['headers']): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** A signal that fires after `milliseconds` or with `outer`, and a promise that rejects at the same moment. */
function startDeadline(milliseconds: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  const passed = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  // The race may be over already when it fires.
  passed.catch(() => undefined);
  const stop = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(new DOMException('deadline', 'TimeoutError')), milliseconds);
  if (outer?.aborted) stop();
  else outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    passed,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
