import {
  type DidDocument,
  didDocumentUrl,
  type FetchStatusList,
  parseDidDocument,
  parseDidWeb,
  type ResolveDid,
} from '@hansa/dcp';
import { type Did, isDid, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';

/** The largest DID document and status list that are read, in bytes. */
const maxDocumentBytes = 65_536;
const maxListBytes = 1_048_576;

/** What verifying asks for: saved DID documents first, then the network unless it is left out. */
export interface SignerDocuments {
  readonly resolveDid: ResolveDid;
  readonly statusListsOf: (issuer: Did) => FetchStatusList;
  close(): Promise<void>;
}

/** Reads a saved DID document; it stands for the DID that it names. */
export function savedDocument(value: JsonObject): Result<DidDocument> {
  return isDid(value.id)
    ? parseDidDocument(value, value.id)
    : refuse('did-document.malformed', 'It names no DID as its "id".', '/id');
}

/**
 * Opens the ports of verification. DIDs and status lists are addresses that somebody else wrote into a file, so they are
 * fetched by the guarded client alone: plain http and this machine only where the DID itself is of localhost.
 */
export function openSignerDocuments(saved: readonly DidDocument[], offline: boolean): SignerDocuments {
  const documents = new Map<Did, Result<DidDocument>>(saved.map((document) => [document.id, ok(document)]));
  const clients = new Map<boolean, GuardedClient>();
  const clientFor = async (did: Did): Promise<GuardedClient> => {
    const isLocal = localDid.test(did);
    const open = clients.get(isLocal);
    if (open) return open;
    // Loaded only when something is fetched: offline checks start in a fraction of the time.
    const { createGuardedClient } = await import('./guarded-client.js');
    const client = createGuardedClient({ allowLoopback: isLocal, allowInsecure: isLocal });
    clients.set(isLocal, client);
    return client;
  };
  const resolveDid: ResolveDid = async (did) => {
    const known = documents.get(did);
    if (known) return known;
    if (offline) return refuse('did.unresolvable', 'offline, and no --did-document is given for it.');
    const fetched = await fetchDocument(did, clientFor);
    documents.set(did, fetched);
    return fetched;
  };
  return {
    resolveDid,
    statusListsOf: (issuer) => async (url) => fetchList(url, await clientFor(issuer)),
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

const localDid = /^did:web:localhost(%3A\d+)?(:|$)/i;

async function fetchDocument(did: Did, clientFor: (did: Did) => Promise<GuardedClient>): Promise<Result<DidDocument>> {
  const parts = parseDidWeb(did);
  if (!parts.ok) return parts;
  const client = await clientFor(did);
  const url = didDocumentUrl(parts.value, { insecure: localDid.test(did) });
  const fetched = await client.getJson(url, { maxBytes: maxDocumentBytes });
  return fetched.ok ? parseDidDocument(fetched.value, did) : fetched;
}

async function fetchList(url: string, client: GuardedClient): Promise<Result<string>> {
  const answer = await client.request({
    url,
    headers: { accept: 'application/vc+jwt, application/jwt, */*' },
    maxBytes: maxListBytes,
  });
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  return status === 200
    ? ok(new TextDecoder().decode(body).trim())
    : refuse('status.unavailable', `it answered with status ${status}.`);
}
