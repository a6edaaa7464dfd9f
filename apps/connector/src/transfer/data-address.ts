import { type DataAddress, edcNamespace } from '@hansa/dsp';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';
import { mediaTypes, negotiateFormat, type TargetFormat } from '@hansa/tabular';

/** The DSP endpoint type of a data address over HTTP. */
const httpEndpoint = 'https://w3id.org/idsa/v4.1/HTTP';
/** The same, in other words of this and of other connectors; an IRI or its last part. */
const httpTypes = /(?:^|[/#:])(?:HTTP|HttpData)$/i;
/** What may stand in a header field, and a length that no credential needs. */
const fieldValue = /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/;
const schemes: Readonly<Record<string, string>> = { bearer: 'Bearer', basic: 'Basic' };

/** Where a provider brings data to, and how. */
export interface Sink {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  /** Holds the secret that opens the sink. */
  readonly headers: Readonly<Record<string, string>>;
  readonly format: TargetFormat;
}

/** What the consumer of a push asks for; the secret goes into the message and nowhere else. */
export interface SinkWish {
  readonly endpoint: string;
  readonly authorization: string | null;
  readonly authType: 'bearer' | 'basic';
  readonly method: 'POST' | 'PUT';
  readonly format: TargetFormat;
}

type Refused = Problem<'transfer.address-refused'>;

/** The address that a consumer pulls from. */
export function pullAddress(endpoint: string, token: string): DataAddress {
  const properties = [
    ...authorizedBy(token, 'bearer'),
    // Eclipse EDC looks for the endpoint among the properties alone, and from 0.16 on forgets what has no IRI for a name.
    { name: `${edcNamespace}endpoint`, value: endpoint },
    { name: `${edcNamespace}authorization`, value: token },
  ];
  return { endpointType: httpEndpoint, endpoint, properties };
}

/** The address that a provider pushes to; {@link readSink} reads it. */
export function pushAddress({ endpoint, authorization, authType, method, format }: SinkWish): DataAddress {
  const properties = [
    ...(authorization === null ? [] : authorizedBy(authorization, authType)),
    { name: 'method', value: method },
    { name: 'mediaType', value: mediaTypes[format] },
  ];
  return { endpointType: httpEndpoint, endpoint, properties };
}

function authorizedBy(secret: string, authType: string): DataAddress['properties'] {
  return [
    { name: 'authorization', value: secret },
    { name: 'authType', value: authType },
  ];
}

/**
 * Refuses a data address that this node would never call, before anything is stored: its type, its scheme, or a host
 * that is not public. Names are looked up when they are called, and judged again.
 *
 * @example
 * judgeAddress(client, pullAddress('http://10.0.0.1/', token)); // { ok: false, problem: { kind: 'transfer.address-refused', … } }
 */
export function judgeAddress(client: GuardedClient, address: DataAddress): Result<string, Refused> {
  if (!httpTypes.test(address.endpointType)) return refused(`Its endpointType is not "${httpEndpoint}".`);
  const url = address.endpoint ?? property(address, 'baseUrl');
  if (url === undefined) return refused('It has no endpoint.');
  const checked = client.check(url);
  return checked.ok ? ok(url) : refused(checked.problem.detail);
}

/**
 * Judges the address of a push and reads what its properties ask for: `authorization` with `authType` (bearer or basic),
 * `method` (POST or PUT), `mediaType`. Other properties are left alone.
 */
export function readSink(client: GuardedClient, address: DataAddress): Result<Sink, Refused> {
  const url = judgeAddress(client, address);
  if (!url.ok) return url;
  const method = property(address, 'method')?.toUpperCase() ?? 'POST';
  if (method !== 'POST' && method !== 'PUT') return refused('Its method must be POST or PUT.');
  const format = negotiateFormat(property(address, 'mediaType'), undefined);
  if (!format.ok) return refused(format.problem.detail);
  const secret = property(address, 'authorization');
  const type = property(address, 'authType')?.toLowerCase();
  if (secret === undefined) return ok({ method, url: url.value, headers: {}, format: format.value });
  const scheme = type === undefined ? '' : schemes[type];
  if (scheme === undefined) return refused('Its authType must be bearer or basic.');
  const authorization = scheme === '' || secret.startsWith(`${scheme} `) ? secret : `${scheme} ${secret}`;
  if (!fieldValue.test(authorization)) return refused('Its authorization cannot stand in a header field.');
  return ok({ method, url: url.value, headers: { authorization }, format: format.value });
}

/** What may be kept or shown of an address: neither its properties nor the query of its endpoint, which hold secrets. */
export function withoutSecrets(address: DataAddress): DataAddress {
  const { endpoint } = address;
  if (endpoint === null || !URL.canParse(endpoint)) return { ...address, endpoint: null, properties: [] };
  const { origin, pathname } = new URL(endpoint);
  return { ...address, endpoint: `${origin}${pathname}`, properties: [] };
}

function property(address: DataAddress, name: string): string | undefined {
  return address.properties.find((one) => one.name === name || one.name.endsWith(`/${name}`))?.value;
}

function refused(why: string): Result<never, Refused> {
  return refuse('transfer.address-refused', `The dataAddress cannot be used. ${why}`, '/dataAddress');
}
