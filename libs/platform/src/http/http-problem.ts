import { fail, type Problem, refuse } from '@hansa/kernel';
import { errors } from 'undici';
import { AddressRefused } from './guarded-lookup.js';

/** Why an outbound request brought nothing. The kind and the detail are for our own log and staff, see {@link peerText}. */
export type HttpProblem =
  | Problem<
      | 'http.address-refused'
      | 'http.redirect-refused'
      | 'http.encoding-refused'
      | 'http.too-large'
      | 'http.timeout'
      | 'http.unreachable'
      | 'http.cut-off'
      | 'http.aborted'
      | 'http.sink-failed'
    >
  | UnexpectedStatus;

/** The peer answered, but not with what was asked for. */
export interface UnexpectedStatus extends Problem<'http.unexpected-status'> {
  readonly status: number;
  /** The answer's body as text, empty beyond {@link answerLimit}: peers explain refusals there. */
  readonly answer: string;
}

/**
 * The only sentence about a failed outbound request that may be sent to whoever gave us its address. One text for all
 * reasons, so that a peer cannot use this node to find out which hosts and ports exist in our network.
 */
export const peerText = 'The address that was given could not be used.';

const timeouts: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Bytes of an answer with an unexpected status that are kept. */
export const answerLimit = 16 * 1024;

/** The file that takes a body could not be written. */
export class SinkFailed extends Error {
  constructor(override readonly cause: unknown) {
    super('the file could not be written');
  }
}

/** A callback of our own code threw: a defect here, not a fault of the peer. */
export class CallbackFailed extends Error {
  constructor(override readonly cause: unknown) {
    super('a callback failed');
  }
}

export function tooLarge(host: string, limit: number) {
  return refuse('http.too-large', `${host} sent more than the ${limit} bytes that are accepted.`);
}

/** A refusal for a status that the caller cannot use. */
export function unexpectedStatus(status: number, body: Uint8Array, host: string) {
  const answer = body.byteLength > answerLimit ? '' : new TextDecoder().decode(body);
  const problem: UnexpectedStatus = {
    kind: 'http.unexpected-status',
    detail: `${host} answered with status ${status}.`,
    status,
    answer,
  };
  return fail(problem);
}

/** Translates what the HTTP client throws. `started` tells whether the answer's head had arrived. */
export function problemOf(error: unknown, host: string, started: boolean) {
  if (error instanceof CallbackFailed) throw error.cause;
  if (error instanceof AddressRefused)
    return refuse('http.address-refused', `The address is refused: ${error.message}. Give a public https address.`);
  if (error instanceof SinkFailed)
    return refuse(
      'http.sink-failed',
      `The file could not be written (${codeOf(error.cause)}). Check space and rights.`,
    );
  const code = codeOf(error);
  if (timeouts.has(code) || isNamed(error, 'TimeoutError'))
    return refuse(
      'http.timeout',
      `${host} did not answer completely in time (${code || 'total time'}). Try again later.`,
    );
  if (isNamed(error, 'AbortError') || error instanceof errors.ClientDestroyedError)
    return refuse('http.aborted', `The request to ${host} was given up by this node.`);
  if (error instanceof errors.HeadersOverflowError)
    return refuse('http.too-large', `${host} sent more header fields than are accepted.`);
  const reason = code || 'the answer does not follow the protocol';
  return started
    ? refuse('http.cut-off', `The connection to ${host} broke before the answer was complete (${reason}). Try again.`)
    : refuse('http.unreachable', `${host} could not be reached (${reason}). Check the address, or try again later.`);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function isNamed(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}
