import { digestOfJson, isJsonObject, type JsonObject, parseJson } from '@hansa/kernel';
import type { ClaimedMessage } from '@hansa/platform';

/**
 * What tells a repeat from a new message: its `@id`, which we and others put on every message. Without one, equal
 * content may also be a new message that says the same, so it counts as a repeat only where it would be illegal.
 */
export function repeatKey(pid: string, wire: JsonObject): { readonly key: string; readonly certain: boolean } {
  const id = wire['@id'];
  return typeof id === 'string' && id !== ''
    ? { key: `${pid} ${id}`, certain: true }
    : { key: `${pid} ${digestOfJson(wire)}`, certain: false };
}

/** The `@id` in the frozen bytes of one of our messages. */
export function messageId(message: ClaimedMessage): string {
  const body = parseJson(message.body);
  const id = body.ok && isJsonObject(body.value) ? body.value['@id'] : undefined;
  if (typeof id !== 'string') throw new Error('a frozen message has lost its @id');
  return id;
}
