import type { Did } from '@hansa/kernel';
import { type DcpResult, refused } from './problem.js';

/** The parts of a `did:web` identifier. */
export interface DidWeb {
  readonly did: Did;
  /** Lower-case host name; never an IP address (did:web method specification, "Method-specific identifier"). */
  readonly host: string;
  readonly port?: number;
  /** Decoded path segments, empty for a DID that stands for a whole host. */
  readonly path: readonly string[];
}

const maxLength = 512;
const maxSegments = 16;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostAndPort = new RegExp(`^(${label}(?:\\.${label})*)(?:%3[Aa]([1-9][0-9]{0,4}))?$`);
/** WHATWG URL reads a host whose last label is a number as an IPv4 address, in decimal, octal or hexadecimal. */
const numericLabel = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const plainSegment = /^[A-Za-z0-9._~-]+$/;

/**
 * Parses a `did:web` identifier strictly: lower-case host name, port only behind `%3A`, path segments decoded once and
 * then limited to unreserved characters, so that no `/`, `\`, `@`, `?`, `#` or `..` can move the resulting URL.
 *
 * @example
 * parseDidWeb('did:web:localhost%3A7001'); // { host: 'localhost', port: 7001, path: [] }
 */
export function parseDidWeb(did: unknown): DcpResult<DidWeb> {
  if (typeof did !== 'string' || did.length > maxLength || !did.startsWith('did:web:'))
    return refused('did.malformed', `A did:web identifier of at most ${maxLength} characters is needed.`);
  const [authority = '', ...segments] = did.slice('did:web:'.length).split(':');
  const match = hostAndPort.exec(authority);
  const host = match?.[1];
  if (host === undefined || host.length > 253)
    return refused('did.malformed', 'The host of the did:web identifier is not a lower-case host name.');
  if (numericLabel.test(host.slice(host.lastIndexOf('.') + 1)))
    return refused('did.malformed', 'The host of a did:web identifier must be a name, not an IP address.');
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && port > 65_535)
    return refused('did.malformed', 'The port of the did:web identifier is not between 1 and 65535.');
  const path = segments.map(decodeSegment);
  if (path.length > maxSegments || path.includes(null))
    return refused(
      'did.malformed',
      'A path segment of the did:web identifier is empty or has characters that move it.',
    );
  const parts = { did: did as Did, host, path: path.filter((segment) => segment !== null) };
  return { ok: true, value: port === undefined ? parts : { ...parts, port } };
}

function decodeSegment(segment: string): string | null {
  const decoded = segment.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return plainSegment.test(decoded) && decoded !== '.' && decoded !== '..' ? decoded : null;
}

/**
 * The address of the DID document. HTTPS always, except where `insecure` says that this host may be asked over plain
 * HTTP (two nodes on one machine, conformance kits).
 *
 * @example
 * didDocumentUrl(parts, { insecure: false }); // 'https://city.example/.well-known/did.json'
 */
export function didDocumentUrl(parts: DidWeb, options: { readonly insecure: boolean }): string {
  const scheme = options.insecure ? 'http' : 'https';
  const authority = parts.port === undefined ? parts.host : `${parts.host}:${parts.port}`;
  const path = parts.path.length === 0 ? '.well-known' : parts.path.join('/');
  return `${scheme}://${authority}/${path}/did.json`;
}
