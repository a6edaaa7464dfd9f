import { type Did, isDid, isJsonObject, type Json, type JsonObject, type Result } from '@hansa/kernel';
import type { KeyPurpose, PublicKey } from './keys.js';
import { listOf } from './lists.js';
import { type DcpResult, refused } from './problem.js';

/** Verification relationships (W3C DID Core §5.3) that DCP uses. */
export type Relationship = 'capabilityInvocation' | 'authentication' | 'assertionMethod';
const relationships: readonly Relationship[] = ['capabilityInvocation', 'authentication', 'assertionMethod'];

/** Whether a key must be listed under its relationship; `lenient` forgives documents that list no key at all. */
export type RelationshipPolicy = 'strict' | 'lenient';

export interface VerificationMethod {
  /** Absolute DID URL. */
  readonly id: string;
  readonly publicKeyJwk?: JsonObject;
  readonly publicKeyMultibase?: string;
}

export interface Service {
  readonly id: string;
  readonly type: string;
  readonly serviceEndpoint: string;
}

/** A DID document reduced to what DCP needs, with absolute method ids. */
export interface DidDocument {
  readonly id: Did;
  readonly methods: readonly VerificationMethod[];
  readonly relationships: Readonly<Record<Relationship, readonly string[]>>;
  readonly services: readonly Service[];
}

/**
 * Finds the document of a DID (port). `refresh` asks past any cache; a resolver may limit how often it obeys for one
 * DID. The document must be one that {@link parseDidDocument} returned for this very DID.
 */
export type ResolveDid = (did: Did, options: { readonly refresh: boolean }) => Promise<Result<DidDocument>>;

const publication: Readonly<Record<KeyPurpose, readonly Relationship[]>> = {
  participant: ['capabilityInvocation', 'authentication'],
  credential: ['assertionMethod'],
  report: ['assertionMethod'],
};

/**
 * The DID document of a node, in the form that EDC reads: `JsonWebKey2020` for every key that signs JWTs (EDC drops
 * `JsonWebKey` and `Multikey`), a `Multikey` entry for the key of Data Integrity proofs. Several keys of one purpose
 * may stand side by side while they are rotated.
 *
 * @example
 * buildDidDocument({ did, keys, services: [{ id: `${did}#cs`, type: 'CredentialService', serviceEndpoint }] });
 */
export function buildDidDocument(node: {
  readonly did: Did;
  readonly keys: readonly PublicKey[];
  readonly services: readonly Service[];
}): JsonObject {
  const listed = (relationship: Relationship): readonly string[] =>
    node.keys.filter((key) => publication[key.purpose].includes(relationship)).map((key) => key.id);
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld'],
    id: node.did,
    verificationMethod: node.keys.map((key) => publishedMethod(node.did, key)),
    capabilityInvocation: listed('capabilityInvocation'),
    authentication: listed('authentication'),
    assertionMethod: listed('assertionMethod'),
    service: node.services.map(({ id, type, serviceEndpoint }) => ({ id, type, serviceEndpoint })),
  };
}

function publishedMethod(did: Did, key: PublicKey): JsonObject {
  if (key.purpose === 'report' && key.publicKeyMultibase !== undefined)
    return { id: key.id, type: 'Multikey', controller: did, publicKeyMultibase: key.publicKeyMultibase };
  return { id: key.id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: { ...key.publicJwk } };
}

/**
 * Reads a DID document as plain JSON. Foreign documents carry contexts that can't be loaded and service ids that are
 * no DID URLs, so only what is used is checked: the `id`, and methods and services that can be used at all. Methods
 * under another DID or another controller are left out.
 * Problems: `did-document.malformed`.
 */
export function parseDidDocument(value: unknown, did: Did): DcpResult<DidDocument> {
  if (!isJsonObject(value)) return refused('did-document.malformed', 'The DID document is not a JSON object.');
  if (value.id !== did)
    return refused('did-document.malformed', `The document served for ${did} is the document of another DID.`, '/id');
  const embedded = relationships.flatMap((name) => listOf(value[name]).filter(isJsonObject));
  const methods = [...listOf(value.verificationMethod), ...embedded].flatMap((method) => parseMethod(method, did));
  if (methods.length > 100 || new Set(methods.map((method) => method.id)).size !== methods.length)
    return refused('did-document.malformed', 'The DID document has too many keys, or two keys under one id.');
  const listed = (name: Relationship): readonly string[] =>
    listOf(value[name]).flatMap((entry) => {
      const id = absoluteKeyId(isJsonObject(entry) ? entry.id : entry, did);
      return id === null ? [] : [id];
    });
  return {
    ok: true,
    value: {
      id: did,
      methods,
      relationships: {
        capabilityInvocation: listed('capabilityInvocation'),
        authentication: listed('authentication'),
        assertionMethod: listed('assertionMethod'),
      },
      services: listOf(value.service).flatMap(parseService),
    },
  };
}

function parseMethod(value: Json, did: Did): readonly VerificationMethod[] {
  if (!isJsonObject(value) || (value.controller !== undefined && value.controller !== did)) return [];
  const id = absoluteKeyId(value.id, did);
  if (id === null) return [];
  if (isJsonObject(value.publicKeyJwk)) return [{ id, publicKeyJwk: value.publicKeyJwk }];
  if (typeof value.publicKeyMultibase === 'string') return [{ id, publicKeyMultibase: value.publicKeyMultibase }];
  return [];
}

function parseService(value: Json): readonly Service[] {
  if (!isJsonObject(value) || typeof value.serviceEndpoint !== 'string') return [];
  const { serviceEndpoint } = value;
  const id = typeof value.id === 'string' ? value.id : '';
  return listOf(value.type).flatMap((type) => (typeof type === 'string' ? [{ id, type, serviceEndpoint }] : []));
}

/** `#key-1` and `key-1` become `did#key-1`; an absolute id must belong to the DID; anything else is null. */
function absoluteKeyId(id: unknown, did: Did): string | null {
  if (typeof id !== 'string' || id.length > 1024) return null;
  const fragment = /^(?:[^#]*#)?([^#]+)$/.exec(id)?.[1];
  if (fragment === undefined) return null;
  const prefix = id.slice(0, -fragment.length);
  if (prefix === '' || prefix === '#') return isDid(id) ? null : `${did}#${fragment}`;
  return prefix === `${did}#` ? id : null;
}

/**
 * The key that `kid` names, if the document lists it under the relationship. Without `kid` the only key of the
 * document is meant (DCP 1.0 §4.3.3).
 * Problems: `jwt.foreign-key`, `key.unknown`, `key.ambiguous`, `key.wrong-relationship`.
 */
export function selectKey(
  document: DidDocument,
  kid: string | undefined,
  relationship: Relationship,
  policy: RelationshipPolicy = 'strict',
): DcpResult<VerificationMethod> {
  const id = kid === undefined ? onlyMethod(document)?.id : absoluteKeyId(kid, document.id);
  if (id === undefined)
    return refused('key.ambiguous', `Without "kid" the document of ${document.id} must have exactly one key.`, 'kid');
  if (id === null) return refused('jwt.foreign-key', `The "kid" does not name a key of ${document.id}.`, 'kid');
  const method = document.methods.find((candidate) => candidate.id === id);
  if (!method) return refused('key.unknown', `${document.id} publishes no key under this "kid".`, 'kid');
  const listsNone = relationships.every((name) => document.relationships[name].length === 0);
  if (!document.relationships[relationship].includes(id) && !(policy === 'lenient' && listsNone))
    return refused('key.wrong-relationship', `${id} is not listed under "${relationship}" in its DID document.`, 'kid');
  return { ok: true, value: method };
}

function onlyMethod(document: DidDocument): VerificationMethod | undefined {
  return document.methods.length === 1 ? document.methods[0] : undefined;
}

/**
 * The address of a service of the participant, for instance its `CredentialService`.
 * Problems: `did-document.no-service`.
 */
export function serviceEndpoint(document: DidDocument, type: string): DcpResult<string> {
  const service = document.services.find((candidate) => candidate.type === type);
  return service
    ? { ok: true, value: service.serviceEndpoint }
    : refused('did-document.no-service', `The DID document of ${document.id} has no service of type "${type}".`);
}
