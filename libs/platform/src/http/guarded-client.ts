import { type Json, ok, type Problem, parseJson, type Result, type RetryPolicy } from '@hansa/kernel';
import { Agent } from 'undici';
import { cloudFabricNetworks } from './address.js';
import { exchange, type HttpHeaders, readBody } from './exchange.js';
import { guardedLookup, type ResolveName, resolveByOperatingSystem } from './guarded-lookup.js';
import { type HttpProblem, unexpectedStatus } from './http-problem.js';
import { type Pulled, type PullRequest, pullToFile } from './pull-to-file.js';
import { type Pushed, type PushRequest, pushFile } from './push-file.js';
import { checkUrl } from './url-guard.js';

/** Times in milliseconds, sizes in bytes. */
export interface GuardedClientOptions {
  /** Also reach 127.0.0.0/8, ::1 and localhost. @default false */
  readonly allowLoopback?: boolean;
  /** Also speak plain http. @default false */
  readonly allowInsecure?: boolean;
  /** Public networks (CIDR) to refuse. @default cloudFabricNetworks */
  readonly deny?: readonly string[];
  /** @default the operating system's resolver */
  readonly resolve?: ResolveName;
  /** @default 3_000 */
  readonly connectTimeout?: number;
  /** @default 5_000 */
  readonly headersTimeout?: number;
  /** For `request` and `getJson`, everything included. @default 10_000 */
  readonly totalTimeout?: number;
  /** For `stream` and `push`: the longest pause between two parts of a body. @default 30_000 */
  readonly idleTimeout?: number;
  /** When `stream` tries again after a cut. @default four times, after 0.2, 0.4, 0.8 and 1.6 seconds */
  readonly retry?: RetryPolicy;
}

export interface HttpRequest {
  /** @default 'GET' */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: HttpHeaders;
  readonly body?: string | Uint8Array;
  /** The largest body accepted. @default 1 MiB */
  readonly maxBytes?: number;
  /** Milliseconds for the whole exchange. @default the client's `totalTimeout` */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  /** Any status but a redirect; 4xx and 5xx are answers, too. */
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/**
 * The one way out of this node to addresses that others give us: callback addresses, DIDs, credential services, status
 * lists, data sources and sinks. Connections are kept open and reused for 10 s.
 *
 * Problems name hosts and reasons for our own log; the counterparty is told {@link peerText} and nothing else.
 */
export interface GuardedClient {
  /**
   * What can be said about an address before it is called: whether `request` would refuse it as it is written. Names are
   * not looked up, so an address that passes may still be refused when it is called.
   */
  check(url: string): Result<URL, Problem<'http.address-refused'>>;
  /** One request; the whole body in memory, up to `maxBytes`. */
  request(request: HttpRequest): Promise<Result<HttpResponse, HttpProblem>>;
  /** Fetches a JSON document: status 200, UTF-8, nesting and keys checked by the kernel's `parseJson`. */
  getJson(
    url: string,
    options?: Pick<HttpRequest, 'headers' | 'maxBytes' | 'timeout' | 'signal'>,
  ): Promise<Result<Json, HttpProblem | Problem<`json.${string}`>>>;
  /** Pulls a body of any size into a file; continues where it was cut. See {@link PullRequest}. */
  stream(request: PullRequest, path: string): Promise<Result<Pulled, HttpProblem>>;
  /** Sends a file as the body of one request; see {@link PushRequest}. */
  push(request: PushRequest, path: string): Promise<Result<Pushed, HttpProblem>>;
  /** Ends all connections; running requests end as `http.aborted`. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const fourTimes: RetryPolicy = ({ failures }) => (failures > 4 ? null : 100 * 2 ** failures);

/**
 * Opens the guarded client. Its own resolver hook, connection pool and limits apply to every request; environment
 * variables for proxies are not read.
 *
 * @example
 * const http = createGuardedClient();
 * const did = await http.getJson('https://city.example/.well-known/did.json');
 * if (!did.ok) log.warn(did.problem.detail, { kind: did.problem.kind });
 */
export function createGuardedClient(options: GuardedClientOptions = {}): GuardedClient {
  const { allowLoopback = false, allowInsecure = false, deny = cloudFabricNetworks } = options;
  const { resolve = resolveByOperatingSystem, connectTimeout = 3_000, headersTimeout = 5_000 } = options;
  const { totalTimeout = 10_000, idleTimeout = 30_000, retry = fourTimes } = options;
  const rules = { allowLoopback, allowInsecure, deny };
  const agent = new Agent({
    connect: { lookup: guardedLookup(rules, resolve), timeout: connectTimeout },
    connections: 32,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1024,
  });

  const request = (asked: HttpRequest) => {
    const { method = 'GET', url, headers = {}, body = null, maxBytes = mebibyte, timeout = totalTimeout } = asked;
    const ask = { method, url, headers, body, headersTimeout, totalTimeout: timeout, signal: asked.signal };
    return exchange<HttpResponse>(agent, rules, { ...ask, idleTimeout: timeout }, async (answer) => {
      const { status, headers } = answer;
      if (method === 'HEAD') return ok({ status, headers, body: new Uint8Array() });
      const read = await readBody(answer, maxBytes, new URL(url).host);
      return read.ok ? ok({ status, headers, body: read.value }) : read;
    });
  };

  return {
    check: (url) => checkUrl(url, rules),
    request,
    async getJson(url, asked = {}) {
      const got = await request({ headers: { accept: 'application/json' }, ...asked, url });
      if (!got.ok) return got;
      if (got.value.status !== 200) return unexpectedStatus(got.value.status, got.value.body, new URL(url).host);
      return parseJson(new TextDecoder().decode(got.value.body));
    },
    stream: (asked, path) => pullToFile({ agent, rules, headersTimeout, idleTimeout, retry }, asked, path),
    push: (asked, path) => pushFile({ agent, rules, idleTimeout }, asked, path),
    close: () => agent.destroy(),
  };
}
