import { isJsonObject, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { validate } from '../schema/validate.js';
import { dspContext, dspVersion, versionPath } from '../vocabulary.js';

/** How requests are authorised here: DCP 1.0 with VC 2.0 credentials as JWT and bitstring status lists. */
const auth = { protocol: 'DCP', version: '1.0', profile: ['vc20-bssl/jwt'] } as const;

/**
 * The answer at `/.well-known/dspace-version`, which is public and unversioned.
 *
 * @param path from the connector's root to the endpoints, for instance `/dsp/2025-1`.
 * @param serviceId the same for every version of one service.
 */
export function versionDocument({
  path,
  serviceId,
}: {
  readonly path: string;
  readonly serviceId: string;
}): JsonObject {
  const version = { version: dspVersion, path, binding: 'HTTPS', serviceId, identifierType: 'did:web', auth };
  return { protocolVersions: [version] };
}

/**
 * The base URL of a peer's DSP 2025-1 endpoints, from its version document. Of several services the first that we can
 * authorise at is taken.
 *
 * @returns `dsp.schema`, or `dsp.no-common-version`: then a client must stop (DSP 2025-1, Exposure of Versions).
 * @example
 * baseOf('https://a.example', versionDocument({ path: '/dsp', serviceId: 'a' })); // ok 'https://a.example/dsp'
 */
export function baseOf(root: string, body: unknown): Result<string, Problem<'dsp.schema' | 'dsp.no-common-version'>> {
  const valid = validate('VersionDocument', body);
  if (!valid.ok) return valid;
  const listed = valid.value.protocolVersions as readonly JsonObject[];
  const match = listed.find((item) => item.version === dspVersion && mayAuthorise(item));
  if (match === undefined) {
    const others = listed.map((item) => String(item.version)).join(', ');
    return refuse('dsp.no-common-version', `The peer offers ${others}; this connector speaks ${dspVersion} with DCP.`);
  }
  return ok(`${root.replace(/\/+$/, '')}/${String(match.path).replace(/^\/+|\/+$/g, '')}`);
}

/** A version that names no authorisation leaves it open, so it is worth a try. */
function mayAuthorise(item: JsonObject): boolean {
  return !isJsonObject(item.auth) || item.auth.protocol === auth.protocol;
}

/**
 * The entry of a DID document's `service` by which others find the connector (DSP 2025-1, Common
 * Requirements). The official schema of the entry wrongly asks for `/catalog` here; the text and its example do not.
 *
 * @param id a DID URL, for instance `did:web:a.example#dsp`.
 * @param root the connector's root URL.
 */
export function didService({ id, root }: { readonly id: string; readonly root: string }): JsonObject {
  return {
    '@context': [dspContext, 'https://www.w3.org/ns/did/v1'],
    id,
    type: 'DataService',
    serviceEndpoint: `${root.replace(/\/+$/, '')}${versionPath}`,
  };
}
