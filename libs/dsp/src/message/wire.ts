import { isJsonObject, type Json, type JsonObject } from '@hansa/kernel';

/** Readers of JSON that a schema has already passed: a surprise here is a defect of ours, so it throws. */
export function text(wire: JsonObject, name: string): string {
  const value = wire[name];
  if (typeof value !== 'string') throw new Error(`"${name}" passed the schema but is not a string`);
  return value;
}

export function optionalText(wire: JsonObject, name: string): string | null {
  return wire[name] === undefined ? null : text(wire, name);
}

export function optionalObject(wire: JsonObject, name: string): JsonObject | null {
  const value = wire[name];
  return isJsonObject(value) ? value : null;
}

export function jsonList(wire: JsonObject, name: string): readonly Json[] {
  const value = wire[name];
  return Array.isArray(value) ? value : [];
}

/** The pids that the message carries: both, or one in an opening message. */
export function pidsOf(wire: JsonObject): { readonly consumerPid?: string; readonly providerPid?: string } {
  const consumerPid = optionalText(wire, 'consumerPid');
  const providerPid = optionalText(wire, 'providerPid');
  return { ...(consumerPid === null ? {} : { consumerPid }), ...(providerPid === null ? {} : { providerPid }) };
}
