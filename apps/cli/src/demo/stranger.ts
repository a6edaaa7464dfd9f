import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  buildDidDocument,
  generateKeyPair,
  issueAccessToken,
  issueSelfIssuedToken,
  localSigner,
  presentationResponse,
  publicKeyOf,
} from '@hansa/dcp';
import { serialize } from '@hansa/dsp';
import type { Did } from '@hansa/kernel';
import { request } from 'undici';
import { didAt } from './node-process.js';

/** A participant with a DID and keys of its own, but without any credential. */
export interface Stranger {
  readonly did: Did;
  /** Asks a node for its catalogue; the status and the reason of the answer. */
  askCatalog(node: {
    readonly did: Did;
    readonly url: string;
  }): Promise<{ readonly status: number; readonly reason: string }>;
  leave(): Promise<void>;
}

/** Lets a stranger appear on this machine: it proves who it is, and has nothing to show. */
export async function inviteStranger(): Promise<Stranger> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const did = didAt(port);
  const keys = await generateKeyPair('participant', `${did}#participant-1`);
  const services = [
    { id: `${did}#cs`, type: 'CredentialService', serviceEndpoint: `http://localhost:${port}/credentials` },
  ];
  const document = JSON.stringify(buildDidDocument({ did, keys: [publicKeyOf(keys)], services }));
  const pages = new Map([
    ['/.well-known/did.json', document],
    ['/credentials/presentations/query', JSON.stringify(presentationResponse([]))],
  ]);
  server.on('request', (asked, answer) => {
    const page = pages.get(asked.url ?? '');
    answer.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(page ?? '{}');
  });
  const signer = localSigner(keys);
  return {
    did,
    askCatalog: async (node) => {
      const now = new Date();
      const grant = { signer, holder: did, verifier: node.did, scopes: [], now, jti: randomUUID() };
      const accessToken = await issueAccessToken(grant);
      const token = await issueSelfIssuedToken({
        signer,
        did,
        audience: node.did,
        accessToken,
        now,
        jti: randomUUID(),
      });
      const answer = await request(`${node.url}/dsp/2025-1/catalog/request`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(serialize({ type: 'CatalogRequestMessage', filter: [] }, `urn:uuid:${randomUUID()}`)),
      });
      const body = (await answer.body.json()) as { readonly reason?: readonly string[] };
      return { status: answer.statusCode, reason: body.reason?.join(' ') ?? '' };
    },
    leave: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
