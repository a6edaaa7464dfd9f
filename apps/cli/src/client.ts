import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fail, isJsonObject, type Json, ok, type Problem, parseJson, type Result } from '@hansa/kernel';

/** A refusal by the node (RFC 9457), or why it could not be asked. */
export interface NodeProblem extends Problem {
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** What was answered, where it is JSON and no problem document: a health report, for instance. */
  readonly answer?: Json;
}

export type NodeResult<T> = Result<T, NodeProblem>;

/** The management interface of one node; paths begin below `/management/v1`, see {@link path}. */
export interface ManagementClient {
  /** The base address of the node, without a slash at its end. */
  readonly url: string;
  get<T>(path: string): Promise<NodeResult<T>>;
  /** The body as it was sent, for documents whose bytes are signed or digested. */
  getText(path: string): Promise<NodeResult<string>>;
  /** Writes the body into a file, whatever its size; a file that is there already is not touched. */
  getFile(path: string, file: string): Promise<NodeResult<null>>;
  post<T>(path: string, body?: object): Promise<NodeResult<T>>;
  put<T>(path: string, body?: object): Promise<NodeResult<T>>;
  delete<T>(path: string): Promise<NodeResult<T>>;
}

export interface ClientOptions {
  /** For instance `http://127.0.0.1:7001`. */
  readonly url: string;
  /** The administrator token of the node. */
  readonly token: string;
}

/**
 * A client of one node. Requests have no time limit once the node has accepted the connection: a pull takes as long as
 * its data.
 *
 * `T` is the shape that the interface documents (`api.ts`); the node is of the same release and is not checked again.
 *
 * @example
 * const berlin = createManagementClient({ url: 'http://127.0.0.1:7001', token });
 * const added = await berlin.post<Dataset>('/datasets', { title, source });
 * if (!added.ok) return added; // { kind: 'dataset.unreadable', detail: '…', status: 400 }
 */
export function createManagementClient({ url, token }: ClientOptions): ManagementClient {
  const base = url.replace(/\/+$/, '');
  const ask = (method: Method, path: string, body?: object) =>
    askNode({ method, url: `${base}/management/v1${path}`, token, ...(body === undefined ? {} : { body }) });
  const json = async <T>(method: Method, path: string, body?: object): Promise<NodeResult<T>> => {
    const answer = await ask(method, path, body);
    return answer.ok ? readJson<T>(answer.value, base) : answer;
  };
  return {
    url: base,
    get: (path) => json('GET', path),
    getText: (path) => ask('GET', path),
    getFile: (path, file) => saveAnswer(`${base}/management/v1${path}`, token, file),
    post: (path, body) => json('POST', path, body),
    put: (path, body) => json('PUT', path, body),
    delete: (path) => json('DELETE', path),
  };
}

/**
 * A path with its values percent-encoded, so that an id can hold any character.
 *
 * @example
 * path`/datasets/${'urn:uuid:1'}`; // '/datasets/urn%3Auuid%3A1'
 */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}

/** A query string of the values that are given: `?limit=20`, or nothing. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Ask {
  readonly method: Method;
  readonly url: string;
  readonly token?: string;
  readonly body?: object;
  /** Milliseconds for the whole request. @default none */
  readonly limit?: number;
}

/** Loaded by the first request: commands that ask no node should not wait for it. */
const http = () => import('./request.js');

/** One request to the operator's own node; the text of a good answer, or the problem in any other. */
async function askNode({ method, url, token, body, limit }: Ask): Promise<NodeResult<string>> {
  try {
    const { request } = await http();
    const answer = await request(url, {
      method,
      headers: {
        accept: 'application/json, */*;q=0.5',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(limit === undefined ? {} : { signal: AbortSignal.timeout(limit) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 200 && answer.statusCode <= 299) return ok(text);
    return fail(refusalOf(answer.statusCode, text, new URL(url).origin));
  } catch (error) {
    return fail(unreachable(error, new URL(url).origin));
  }
}

async function saveAnswer(url: string, token: string, file: string): Promise<NodeResult<null>> {
  const { origin } = new URL(url);
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { request } = await http();
    const { statusCode, body } = await request(url, { headers, headersTimeout: 0, bodyTimeout: 0 });
    if (statusCode !== 200) return fail(refusalOf(statusCode, await body.text(), origin));
    await pipeline(body, createWriteStream(file, { flags: 'wx' }));
    return ok(null);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') return fail({ kind: 'file.exists', detail: `There is a file ${file} already.` });
    if (['ENOENT', 'EACCES', 'EISDIR', 'ENOSPC'].includes(code))
      return fail({ kind: 'file.not-written', detail: `The file ${file} could not be written (${code}).` });
    return fail(unreachable(error, origin));
  }
}

/** Milliseconds for what a node serves to everybody: it is small and at hand. */
const publicLimit = 10_000;

/** What a node serves to everybody, without a token: health, its DID document, checkpoints, consistency proofs. */
export function getPublic(url: string, path: string): Promise<NodeResult<string>> {
  return askNode({ method: 'GET', url: `${url.replace(/\/+$/, '')}${path}`, limit: publicLimit });
}

/** {@link getPublic} for JSON. */
export async function getPublicJson<T>(url: string, path: string): Promise<NodeResult<T>> {
  const answer = await getPublic(url, path);
  return answer.ok ? readJson<T>(answer.value, url) : answer;
}

function readJson<T>(text: string, url: string): NodeResult<T> {
  if (text === '') return ok(undefined as T);
  const parsed = parseJson(text);
  return parsed.ok ? ok(parsed.value as T) : fail(notOurs(url, 'its answer is not JSON'));
}

function refusalOf(status: number, text: string, url: string): NodeProblem {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value))
    return { ...notOurs(url, `it answered with status ${status}`), status };
  const { type, title, detail, at } = parsed.value;
  if (typeof type !== 'string' || !type.startsWith(problemPrefix))
    return { ...fromStranger(detail ?? title, url), status, answer: parsed.value };
  return {
    kind: type.slice(problemPrefix.length),
    detail: typeof detail === 'string' ? detail : `The node refused the request with status ${status}.`,
    ...(typeof at === 'string' ? { at } : {}),
    status,
  };
}

const problemPrefix = 'urn:hansa:problem:';

function fromStranger(detail: Json | undefined, url: string): NodeProblem {
  return typeof detail === 'string'
    ? { kind: 'node.refused', detail }
    : notOurs(url, 'its refusal is no problem document');
}

function notOurs(url: string, why: string): NodeProblem {
  const detail = `What answers at ${url} does not look like a node: ${why}. Check the address (--url or HANSA_URL).`;
  return { kind: 'node.unexpected-answer', detail };
}

function unreachable(error: unknown, url: string): NodeProblem {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED')
    return {
      kind: 'node.unreachable',
      detail: `No node answers at ${url}. Start one with "hansa start", or name another address with --url or HANSA_URL.`,
    };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      kind: 'node.unreachable',
      detail: `The host of ${url} is not known. Check the address (--url or HANSA_URL).`,
    };
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
    return {
      kind: 'node.cut-off',
      detail: `The node at ${url} closed the connection before it answered. It may have stopped: look at its log, then try again.`,
    };
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { kind: 'node.timeout', detail: `The node at ${url} gave no answer within ${publicLimit / 1000} s.` };
  const why = code || (error instanceof Error ? error.message : String(error));
  return {
    kind: 'node.unreachable',
    detail: `The node at ${url} could not be asked (${why}). Check the address (--url or HANSA_URL).`,
  };
}
