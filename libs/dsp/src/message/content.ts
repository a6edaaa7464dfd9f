import type { JsonObject } from '@hansa/kernel';
import { limits } from '../schema/shape.js';
import { supersedesTerm } from '../vocabulary.js';
import { optionalObject, optionalText } from './wire.js';

interface Fault {
  readonly at: string;
  readonly says: string;
}

const xsdDateTime = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** What the text of DSP 2025-1 demands and its schemas miss; null when there is nothing to say. */
export function contentFault(wire: JsonObject): Fault | null {
  return unusablePid(wire) ?? unusableCallback(wire) ?? undatedAgreement(wire) ?? unnamedAgreement(wire);
}

/** An agreement to be superseded has a name. */
function unnamedAgreement(wire: JsonObject): Fault | null {
  const named = wire[supersedesTerm];
  const usable = named === undefined || (typeof named === 'string' && named !== '' && named.length <= limits.text);
  return usable ? null : { at: `/${supersedesTerm.replaceAll('/', '~1')}`, says: 'must be the id of an agreement' };
}

/** Pids identify a process and stand in URLs, so one that is empty or a dot segment identifies none. */
function unusablePid(wire: JsonObject): Fault | null {
  const name = ['consumerPid', 'providerPid'].find((pid) => ['', '.', '..'].includes(String(wire[pid] ?? 'absent')));
  return name === undefined ? null : { at: `/${name}`, says: 'must not be empty, "." or ".."' };
}

/** HTTPS binding: a callback address that the receiver does not understand is an unrecoverable error. */
function unusableCallback(wire: JsonObject): Fault | null {
  const address = optionalText(wire, 'callbackAddress');
  if (address === null) return null;
  const scheme = URL.canParse(address) ? new URL(address).protocol : '';
  return scheme === 'https:' || scheme === 'http:'
    ? null
    : { at: '/callbackAddress', says: 'must be an absolute https (or http) URL' };
}

/** Contract Negotiation Protocol: an agreement has the time of its conclusion; the schema makes it optional and its pattern is not anchored. */
function undatedAgreement(wire: JsonObject): Fault | null {
  const agreement = optionalObject(wire, 'agreement');
  if (agreement === null) return null;
  const timestamp = optionalText(agreement, 'timestamp');
  return timestamp !== null && xsdDateTime.test(timestamp)
    ? null
    : { at: '/agreement/timestamp', says: 'must be an xsd:dateTime such as 2026-01-31T12:00:00Z' };
}
