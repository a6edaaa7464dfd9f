import { isJsonObject, type JsonObject } from '@hansa/kernel';
import { type DcpResult, refused } from './problem.js';

/** The JSON-LD context of every DCP message. */
export const dcpContext = 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld';

/** Most entries accepted in any list of a message. */
export const maxEntries = 50;

/** Puts `@context` and `type` in front of a message. */
export function message(type: string, members: JsonObject): JsonObject {
  return { '@context': [dcpContext], type, ...members };
}

/**
 * The body of a message of the expected type, read as plain JSON (DCP 1.0 lets the receiver choose). `@context` may be
 * text or a list and may name further contexts; EDC writes `@type` in some versions.
 */
export function parseMessage(value: unknown, type: string): DcpResult<JsonObject> {
  if (!isJsonObject(value)) return refused('message.malformed', `A ${type} is a JSON object.`);
  const context = value['@context'];
  if (context !== dcpContext && !(Array.isArray(context) && context.includes(dcpContext)))
    return refused('message.malformed', `The "@context" must contain ${dcpContext}.`, '/@context');
  if ((value.type ?? value['@type']) !== type)
    return refused('message.malformed', `The "type" must be "${type}".`, '/type');
  return { ok: true, value };
}

/** A required text member of at most 2,048 characters. */
export function textMember(body: JsonObject, name: string): DcpResult<string> {
  const value = body[name];
  return typeof value === 'string' && value !== '' && value.length <= 2048
    ? { ok: true, value }
    : refused('message.malformed', `The member "${name}" must be text.`, `/${name}`);
}

/** A required list of 1 to {@link maxEntries} objects. */
export function objectList(body: JsonObject, name: string): DcpResult<readonly JsonObject[]> {
  const value = body[name];
  return Array.isArray(value) && value.length > 0 && value.length <= maxEntries && value.every(isJsonObject)
    ? { ok: true, value }
    : refused('message.malformed', `The member "${name}" must list 1 to ${maxEntries} objects.`, `/${name}`);
}
