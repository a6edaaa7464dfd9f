import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { sleep } from '../../e2e/support/wait.js';
import type { KnownPids } from './kit-messages.js';
import type { Complain } from './official-schemas.js';

/** Milliseconds. */
const patience = 2000;

interface Body {
  readonly [name: string]: unknown;
}

/** The endpoints of the kit, by the end of their path, in the words of its scenarios. */
const endpoints: readonly (readonly [RegExp, string])[] = [
  [/^\/negotiations\/request$/, 'request'],
  [/^\/negotiations\/([^/]+)\/request$/, 'counter-request'],
  [/^\/negotiations\/([^/]+)\/offers$/, 'offers'],
  [/^\/negotiations\/([^/]+)\/agreement$/, 'agreement'],
  [/^\/negotiations\/([^/]+)\/agreement\/verification$/, 'verification'],
  [/^\/negotiations\/([^/]+)\/events$/, 'events'],
  [/^\/transfers\/request$/, 'transfer request'],
  [/^\/transfers\/([^/]+)\/(start|completion|suspension)$/, ''],
  [/^\/(?:negotiations|transfers)\/([^/]+)\/termination$/, 'termination'],
];

/** The state that a message leads to, on the side that sends it and on the side that takes it. */
const stateAfter: Readonly<Record<string, string>> = {
  ContractRequestMessage: 'REQUESTED',
  ContractOfferMessage: 'OFFERED',
  ContractAgreementMessage: 'AGREED',
  ContractAgreementVerificationMessage: 'VERIFIED',
  'ContractNegotiationEventMessage ACCEPTED': 'ACCEPTED',
  'ContractNegotiationEventMessage FINALIZED': 'FINALIZED',
  ContractNegotiationTerminationMessage: 'TERMINATED',
  TransferRequestMessage: 'REQUESTED',
  TransferStartMessage: 'STARTED',
  TransferSuspensionMessage: 'SUSPENDED',
  TransferCompletionMessage: 'COMPLETED',
  TransferTerminationMessage: 'TERMINATED',
};

/** One process as the kit sees it. */
export interface KitProcess {
  state: string;
  readonly role: 'consumer' | 'provider';
  pids: KnownPids;
  /** Where the other side takes messages, known from its opening message or from the configuration. */
  address: string;
  /** What came from the other side: its type, and for an event which. */
  readonly received: string[];
  /** What came and should not have: to no open endpoint, about another process, or against the schema. */
  readonly complaints: string[];
  /** The offer that the other side has asked for. */
  offerId: string | null;
}

/**
 * The kit's side of the wire: an endpoint answers once for each time that it is opened, and otherwise 404. Plays one
 * process at a time.
 */
export class KitPeer {
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      ([status, body]) => void response.writeHead(status).end(body === null ? undefined : JSON.stringify(body)),
      (error) => void response.writeHead(500).end(String(error)),
    );
  });
  readonly #open: string[] = [];
  #process: KitProcess | null = null;

  constructor(private readonly complain: Complain) {}

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  begin(role: KitProcess['role'], address: string): KitProcess {
    this.#open.length = 0;
    const own = randomUUID();
    const pids = role === 'consumer' ? { consumerPid: own } : { providerPid: own };
    const empty = { state: 'INITIALIZED', received: [], complaints: [], offerId: null };
    this.#process = { ...empty, role, pids, address };
    return this.#process;
  }

  open(endpoint: string): void {
    this.#open.push(endpoint);
  }

  async #answer(request: IncomingMessage): Promise<readonly [status: number, body: object | null]> {
    const body = await bodyOf(request);
    const path = decodeURIComponent(request.url ?? '');
    const what = nameOf(body);
    const process = this.#process;
    process?.received.push(what);
    const [endpoint, pid] = endpointOf(path);
    const own = process?.role === 'consumer' ? process.pids.consumerPid : process?.pids.providerPid;
    const known = process !== null && (pid === undefined || pid === own);
    if (!known || !(await this.#take(endpoint, process))) {
      process?.complaints.push(`${what} came to ${path}, which is not open`);
      return [404, null];
    }
    const fault = this.complain(body);
    if (fault !== null) process.complaints.push(fault);
    process.state = stateAfter[what] ?? process.state;
    return [200, pid === undefined ? this.#admit(process, body) : acknowledgement(what, process)];
  }

  /**
   * Uses an opening of an endpoint up. A message may be a little early: unlike the kit, a busy test machine is not a
   * judge of how long the node has to wait.
   */
  async #take(endpoint: string, process: KitProcess): Promise<boolean> {
    for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(10)) {
      const at = process === this.#process ? this.#open.indexOf(endpoint) : -1;
      if (at >= 0) return this.#open.splice(at, 1).length === 1;
    }
    return false;
  }

  /** An opening message: it says by which pid and where the other side is reached. */
  #admit(process: KitProcess, body: Body): object {
    process.pids = { ...process.pids, consumerPid: String(body.consumerPid) };
    process.address = String(body.callbackAddress);
    const offer = body.offer as { '@id'?: string } | undefined;
    process.offerId = offer?.['@id'] ?? null;
    const type = offer ? 'ContractNegotiation' : 'TransferProcess';
    return { '@context': body['@context'], '@id': randomUUID(), '@type': type, ...process.pids, state: 'REQUESTED' };
  }
}

export function ownStateAfter(process: KitProcess, what: string): void {
  process.state = stateAfter[what] ?? process.state;
}

/** As the kit answers: mostly nothing, and to the end of a negotiation the process with its pids the wrong way round. */
function acknowledgement(what: string, { pids: { consumerPid, providerPid }, state }: KitProcess): object | null {
  const swapped = { '@type': 'ContractNegotiation', consumerPid: providerPid, providerPid: consumerPid, state };
  return what === 'ContractNegotiationTerminationMessage'
    ? { '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'], '@id': randomUUID(), ...swapped }
    : null;
}

function endpointOf(path: string): readonly [endpoint: string, pid: string | undefined] {
  for (const [pattern, name] of endpoints) {
    const [, pid, last = ''] = pattern.exec(path) ?? [undefined, undefined];
    if (pattern.test(path)) return [name || last, pid];
  }
  return [path, undefined];
}

function nameOf(body: Body): string {
  const { '@type': type, eventType } = body;
  return eventType === undefined ? String(type) : `${type} ${eventType}`;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
}
