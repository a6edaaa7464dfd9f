import { type Did, isDid, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { textList } from './lists.js';
import { message, objectList, parseMessage, textMember } from './message.js';
import { type DcpResult, refused } from './problem.js';

/** A holder asks for credentials by the ids that the issuer's metadata lists (DCP 1.0 §6.4). */
export interface CredentialRequest {
  readonly holderPid: string;
  readonly credentials: readonly { readonly id: string }[];
}

export interface CredentialContainer {
  readonly credentialType: string;
  readonly payload: string;
  /** A profile such as `vc20-bssl/jwt`; the examples of the specification write `jwt`. */
  readonly format: string;
}

/** What the issuer delivers, or why it does not (DCP 1.0 §6.5.2). */
export type CredentialDelivery =
  | {
      readonly status: 'ISSUED';
      readonly issuerPid: string;
      readonly holderPid: string;
      readonly credentials: readonly CredentialContainer[];
    }
  | {
      readonly status: 'REJECTED';
      readonly issuerPid: string;
      readonly holderPid: string;
      readonly rejectionReason?: string;
    };

/** The state of a request (DCP 1.0 §6.8). */
export interface CredentialRequestStatus {
  readonly issuerPid: string;
  readonly holderPid: string;
  readonly status: 'RECEIVED' | 'REJECTED' | 'ISSUED';
}

/** A credential that an issuer offers; offers may carry the `id` alone, to be looked up in the metadata. */
export interface CredentialObject {
  readonly id: string;
  readonly credentialType?: string;
  readonly profile?: string;
  readonly credentialSchema?: string;
  readonly offerReason?: string;
  readonly bindingMethods: readonly string[];
}

/** What an issuer issues (DCP 1.0 §6.7), or offers to one holder (§6.6). */
export interface CredentialCatalogue {
  readonly issuer: Did;
  readonly credentials: readonly CredentialObject[];
}

/** The body of `POST {IssuerService}/credentials`. */
export function credentialRequestMessage(request: CredentialRequest): JsonObject {
  return message('CredentialRequestMessage', {
    holderPid: request.holderPid,
    credentials: request.credentials.map(({ id }) => ({ id })),
  });
}

/** Reads a request that a holder sent. Problems: `message.malformed`. */
export function parseCredentialRequest(value: unknown): DcpResult<CredentialRequest> {
  const body = parseMessage(value, 'CredentialRequestMessage');
  if (!body.ok) return body;
  const holderPid = textMember(body.value, 'holderPid');
  if (!holderPid.ok) return holderPid;
  const entries = objectList(body.value, 'credentials');
  if (!entries.ok) return entries;
  const ids = entries.value.flatMap(({ id }) => (typeof id === 'string' && id !== '' ? [{ id }] : []));
  if (ids.length !== entries.value.length)
    return refused('message.malformed', 'Every requested credential needs an "id".', '/credentials');
  return { ok: true, value: { holderPid: holderPid.value, credentials: ids } };
}

/** The body of `POST {CredentialService}/credentials`. */
export function credentialMessage(delivery: CredentialDelivery): JsonObject {
  const { issuerPid, holderPid, status } = delivery;
  if (delivery.status === 'ISSUED')
    return message('CredentialMessage', {
      issuerPid,
      holderPid,
      status,
      credentials: delivery.credentials.map(container),
    });
  const { rejectionReason } = delivery;
  return message('CredentialMessage', {
    issuerPid,
    holderPid,
    status,
    ...(rejectionReason === undefined ? {} : { rejectionReason }),
  });
}

function container({ credentialType, payload, format }: CredentialContainer): JsonObject {
  return { credentialType, payload, format };
}

/**
 * Reads a delivery. `type` is checked here because the official schema forgets it, and `holderPid` is required because
 * nothing could be correlated without it (DCP kit, CredentialMessage tests).
 * Problems: `message.malformed`.
 */
export function parseCredentialMessage(value: unknown): DcpResult<CredentialDelivery> {
  const body = parseMessage(value, 'CredentialMessage');
  if (!body.ok) return body;
  const pids = parsePids(body.value);
  if (!pids.ok) return pids;
  const { status, rejectionReason } = body.value;
  if (status === 'REJECTED') {
    const reason = typeof rejectionReason === 'string' ? { rejectionReason } : {};
    return { ok: true, value: { ...pids.value, status, ...reason } };
  }
  if (status !== 'ISSUED') return refused('message.malformed', 'The "status" must be ISSUED or REJECTED.', '/status');
  const entries = objectList(body.value, 'credentials');
  if (!entries.ok) return entries;
  const credentials = entries.value.flatMap(({ credentialType, payload, format }) =>
    typeof credentialType === 'string' && typeof payload === 'string' && typeof format === 'string'
      ? [{ credentialType, payload, format }]
      : [],
  );
  if (credentials.length !== entries.value.length)
    return refused('message.malformed', 'A credential needs "credentialType", "payload" and "format" as text.');
  return { ok: true, value: { ...pids.value, status, credentials } };
}

/** The answer to `GET {IssuerService}/requests/<id>`. */
export function credentialStatusMessage(status: CredentialRequestStatus): JsonObject {
  return message('CredentialStatus', {
    issuerPid: status.issuerPid,
    holderPid: status.holderPid,
    status: status.status,
  });
}

/** Reads the state of a request. Problems: `message.malformed`. */
export function parseCredentialStatus(value: unknown): DcpResult<CredentialRequestStatus> {
  const body = parseMessage(value, 'CredentialStatus');
  if (!body.ok) return body;
  const pids = parsePids(body.value);
  if (!pids.ok) return pids;
  const { status } = body.value;
  if (status !== 'RECEIVED' && status !== 'REJECTED' && status !== 'ISSUED')
    return refused('message.malformed', 'The "status" must be RECEIVED, REJECTED or ISSUED.', '/status');
  return { ok: true, value: { ...pids.value, status } };
}

function parsePids(body: JsonObject): DcpResult<{ readonly issuerPid: string; readonly holderPid: string }> {
  const issuerPid = textMember(body, 'issuerPid');
  if (!issuerPid.ok) return issuerPid;
  const holderPid = textMember(body, 'holderPid');
  return holderPid.ok ? { ok: true, value: { issuerPid: issuerPid.value, holderPid: holderPid.value } } : holderPid;
}

/** The metadata of an issuer; every member that the official schema demands must be given. */
export function issuerMetadata(metadata: {
  readonly issuer: Did;
  readonly credentials: readonly Required<CredentialObject>[];
}): JsonObject {
  return message('IssuerMetadata', {
    issuer: metadata.issuer,
    credentialsSupported: metadata.credentials.map((credential) => ({ type: 'CredentialObject', ...credential })),
  });
}

/** Reads an issuer's metadata. Problems: `message.malformed`. */
export function parseIssuerMetadata(value: unknown): DcpResult<CredentialCatalogue> {
  return parseCatalogue(value, 'IssuerMetadata', 'credentialsSupported');
}

/** Reads an offer that an issuer sent. Problems: `message.malformed`. */
export function parseCredentialOffer(value: unknown): DcpResult<CredentialCatalogue> {
  return parseCatalogue(value, 'CredentialOfferMessage', 'credentials');
}

function parseCatalogue(value: unknown, type: string, list: string): DcpResult<CredentialCatalogue> {
  const body = parseMessage(value, type);
  if (!body.ok) return body;
  const { issuer } = body.value;
  if (!isDid(issuer)) return refused('message.malformed', 'The "issuer" must be a DID.', '/issuer');
  const entries = objectList(body.value, list);
  if (!entries.ok) return entries;
  const credentials = entries.value.flatMap(parseCredentialObject);
  if (credentials.length !== entries.value.length)
    return refused('message.malformed', 'Every credential needs an "id", and its other members as text.', `/${list}`);
  return { ok: true, value: { issuer, credentials } };
}

const textMembers = ['credentialType', 'profile', 'credentialSchema', 'offerReason'] as const;

function parseCredentialObject(value: Json): readonly CredentialObject[] {
  if (!isJsonObject(value) || typeof value.id !== 'string') return [];
  const given = textMembers.filter((name) => value[name] !== undefined && value[name] !== null);
  if (given.some((name) => typeof value[name] !== 'string')) return [];
  const texts = Object.fromEntries(given.map((name) => [name, value[name]]));
  return [{ id: value.id, ...texts, bindingMethods: textList(value.bindingMethods) }];
}
