import {
  buildDidDocument,
  type DidDocument,
  localSigner,
  parseDidDocument,
  publicKeyOf,
  type Service,
  type Signer,
} from '@hansa/dcp';
import { type Did, isDid, type JsonObject, must } from '@hansa/kernel';
import type { NoteSigner } from '@hansa/ledger';
import type { NodeKeys } from './key-store.js';

/**
 * The `did:web` identifier of a public base URL (did:web method specification §3.1).
 *
 * @example
 * didOf('http://localhost:7001'); // 'did:web:localhost%3A7001'
 */
export function didOf(publicUrl: string): Did {
  const { host, pathname } = new URL(publicUrl);
  const path = pathname.split('/').filter((segment) => segment !== '');
  const did = `did:web:${[host.replace(':', '%3A'), ...path].join(':')}`;
  if (!isDid(did)) throw new Error(`The public URL ${publicUrl} cannot be written as a did:web identifier.`);
  return did;
}

/** Who this node is: its DID, its keys, and the document that others find it by. */
export class NodeIdentity {
  readonly did: Did;
  /** As published at `/.well-known/did.json`. */
  readonly publishedDocument: JsonObject;
  readonly document: DidDocument;
  readonly participant: Signer;
  readonly credential: Signer;
  readonly report: Signer;

  constructor(
    readonly publicUrl: string,
    private readonly keys: NodeKeys,
    services: readonly Omit<Service, 'id'>[],
  ) {
    this.did = didOf(publicUrl);
    this.publishedDocument = buildDidDocument({
      did: this.did,
      keys: Object.values(keys).map(publicKeyOf),
      services: services.map((service) => ({ ...service, id: `${this.did}#${service.type}` })),
    });
    this.document = must(parseDidDocument(this.publishedDocument, this.did));
    this.participant = localSigner(keys.participant);
    this.credential = localSigner(keys.credential);
    this.report = localSigner(keys.report);
  }

  /** The key pair of Data Integrity proofs, in the form that the proof library takes. */
  get reportKey(): NodeKeys['report'] {
    return this.keys.report;
  }

  /** Signs ledger checkpoints; the log's origin is the DID. */
  noteSigner(): NoteSigner {
    return {
      name: this.did,
      publicKey: Buffer.from(this.keys.report.publicJwk.x, 'base64url'),
      sign: (message) => this.report.sign(message),
    };
  }
}
