import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  buildDidDocument,
  buildPresentations,
  credentialRequestMessage,
  generateKeyPair,
  issueAccessToken,
  issueSelfIssuedToken,
  type KeyPair,
  localSigner,
  parseCredentialMessage,
  presentationResponse,
  publicKeyOf,
  type Signer,
} from '@hansa/dcp';
import { type Did, type Json, type JsonObject, must, uuids } from '@hansa/kernel';
import { path } from '../../../apps/cli/src/client.js';
import { didAt, type NodeProcess } from './node-process.js';
import { until } from './wait.js';

const dsp = '/dsp/2025-1';
const membership = { kind: 'type', value: 'MembershipCredential' } as const;

/** A request that somebody made to the participant. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: Json | undefined;
}

/** What it answers; without a body where the protocol leaves it open. */
export interface Spoken {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/**
 * A participant that a test plays itself, with the protocol libraries and a DID document on loopback: one without a
 * credential, or one that has a real credential and does with it what no node of ours would do.
 */
export class Participant {
  readonly received: Received[] = [];
  /** What it answers to protocol messages; by default it accepts them. */
  answer: (request: Received) => Spoken = () => ({ status: 200 });
  #credentials: readonly string[] = [];

  private constructor(
    readonly did: Did,
    readonly url: string,
    readonly keys: KeyPair,
    readonly signer: Signer,
    private readonly server: Server,
  ) {}

  static async appear(): Promise<Participant> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const did = didAt(port);
    const keys = await generateKeyPair('participant', `${did}#participant-1`);
    const self = new Participant(did, `http://localhost:${port}`, keys, localSigner(keys), server);
    server.on('request', (request, answer) => {
      self.#serve(request).then(
        ({ status, headers = {}, body = '' }) =>
          answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body),
        (error) => answer.writeHead(500).end(String(error)),
      );
    });
    return self;
  }

  /** Where its protocol endpoints are. */
  get callbackAddress(): string {
    return `${this.url}${dsp}`;
  }

  /** Gets a membership credential from an authority, over the issuance protocol. */
  async join(authority: NodeProcess): Promise<void> {
    must(
      await authority.manage.put(path`/issuer/members/${this.did}`, { claims: { city: 'Elsewhere', country: 'BE' } }),
    );
    const message = credentialRequestMessage({ holderPid: uuids.next(), credentials: [{ id: 'membership' }] });
    const asked = await this.post(authority, '/dcp/issuance/credentials', message);
    if (asked.status !== 201) throw new Error(`no credential: ${JSON.stringify(asked.body)}`);
    await until(async () => this.#credentials.length > 0);
  }

  /** A fresh token for one message, with a grant to ask for the credential. */
  async token(audience: Did, changes: { readonly now?: Date; readonly jti?: string } = {}): Promise<string> {
    const { did, signer } = this;
    const now = changes.now ?? new Date();
    const grant = { signer, holder: did, verifier: audience, scopes: [membership], now, jti: randomUUID() };
    const accessToken = await issueAccessToken(grant);
    return issueSelfIssuedToken({ signer, did, audience, accessToken, now, jti: changes.jti ?? randomUUID() });
  }

  async post(node: NodeProcess, path: string, body: object | string, token?: string): Promise<Reply> {
    const answer = await fetch(`${node.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token ?? (await this.token(node.did))}`,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return replyOf(answer);
  }

  async get(node: NodeProcess, path: string): Promise<Reply> {
    const authorization = `Bearer ${await this.token(node.did)}`;
    return replyOf(await fetch(`${node.url}${path}`, { headers: { authorization } }));
  }

  leave(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage): Promise<Spoken> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body: Json | undefined = text === '' ? undefined : JSON.parse(text);
    const asked = { method: request.method ?? '', path: request.url ?? '', body };
    switch (asked.path) {
      case '/.well-known/did.json':
        return { status: 200, body: JSON.stringify(this.#document()) };
      case '/credentials/presentations/query':
        return { status: 200, body: JSON.stringify(presentationResponse(await this.#present(request))) };
      case '/credentials/credentials': {
        const delivery = must(parseCredentialMessage(body));
        if (delivery.status === 'ISSUED') this.#credentials = delivery.credentials.map(({ payload }) => payload);
        return { status: 200 };
      }
      default:
        this.received.push(asked);
        return this.answer(asked);
    }
  }

  async #present(request: IncomingMessage): Promise<readonly string[]> {
    const { did: holder, signer } = this;
    const jwt = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const audience = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).iss as Did;
    const asked = { credentials: this.#credentials, holder, signer, audience, now: new Date(), ids: uuids };
    return must(await buildPresentations(asked));
  }

  #document(): JsonObject {
    const services = [
      { id: `${this.did}#cs`, type: 'CredentialService', serviceEndpoint: `${this.url}/credentials` },
      { id: `${this.did}#ds`, type: 'DataService', serviceEndpoint: `${this.url}/.well-known/dspace-version` },
    ];
    return buildDidDocument({ did: this.did, keys: [publicKeyOf(this.keys)], services });
  }
}

async function replyOf(answer: Response): Promise<Reply> {
  const text = await answer.text();
  const contentType = answer.headers.get('content-type') ?? '';
  const body = contentType.includes('json') && text !== '' ? JSON.parse(text) : { text };
  return { status: answer.status, contentType, headers: answer.headers, body };
}
