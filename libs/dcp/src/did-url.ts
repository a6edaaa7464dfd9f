import { type Did, isDid } from '@hansa/kernel';
import { type DidDocument, serviceEndpoint } from './did-document.js';
import { type DcpResult, refused } from './problem.js';

/** A DID URL that names a service of a participant, and a place below its endpoint. */
export interface ServiceUrl {
  readonly did: Did;
  readonly service: string;
  /** Relative to the endpoint, each segment percent-encoded. */
  readonly path: string;
}

/**
 * The address of a place at a service that is looked up when it is needed: a DID URL with the parameters `service` and
 * `relativeRef` (W3C DID Core §3.2.1). Here a service is named by its type.
 *
 * @example
 * serviceUrl('did:web:b.example', 'CatalogService', ['datasets', 'urn:x:1']);
 * // 'did:web:b.example?service=CatalogService&relativeRef=datasets%2Furn%253Ax%253A1'
 */
export function serviceUrl(did: Did, service: string, segments: readonly string[]): string {
  const relativeRef = segments.map(encodeURIComponent).join('/');
  return `${did}?${new URLSearchParams({ service, relativeRef })}`;
}

/** Null for what is not such a URL. */
export function parseServiceUrl(url: string): ServiceUrl | null {
  const [did = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const [service, path] = [parameters.get('service'), parameters.get('relativeRef')];
  return isDid(did) && service && path !== null ? { did, service, path } : null;
}

/**
 * Where a service URL leads by the DID document of its DID.
 * Problems: `did-document.no-service`; `did-document.malformed` where the endpoint is no absolute URL, or the place would not
 * be below it.
 */
export function locateService({ service, path }: ServiceUrl, document: DidDocument): DcpResult<string> {
  const endpoint = serviceEndpoint(document, service);
  if (!endpoint.ok) return endpoint;
  const below = `${endpoint.value.replace(/\/+$/, '')}/`;
  const base = URL.canParse(below) ? new URL(below).href : null;
  // A dot segment cannot be escaped: no URL has such a place below the endpoint.
  return base !== null && new URL(path, base).href === base + path
    ? { ok: true, value: base + path }
    : refused('did-document.malformed', `The service "${service}" has no such place below its endpoint.`);
}
