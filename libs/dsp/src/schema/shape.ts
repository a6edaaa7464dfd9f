import type { JsonObject } from '@hansa/kernel';
import { dspContext } from '../vocabulary.js';

/**
 * Upper bounds that are ours, not the specification's: far above any message seen in practice, low enough that one
 * message cannot occupy a node. Lengths are in UTF-16 code units, `items` counts the entries of one array.
 */
export const limits = { text: 65_536, items: 10_000, context: 64, reasons: 1_000 } as const;

/** A JSON Schema (draft 2019-09) as data. */
export type Schema = JsonObject | boolean;

export const text: Schema = { type: 'string', maxLength: limits.text };

export function constant(value: string): Schema {
  return { const: value };
}

export function oneOfTexts(...values: readonly string[]): Schema {
  return { enum: values };
}

/** An array; with `atLeastOne` an empty one is refused, as DSP does for most arrays that may also be left out. */
export function listOf(
  items: Schema,
  atLeastOne: 'maybe-empty' | 'at-least-one',
  max: number = limits.items,
): JsonObject {
  return { type: 'array', items, minItems: atLeastOne === 'at-least-one' ? 1 : 0, maxItems: max };
}

/** An object with these members; any further member is allowed, as everywhere in DSP. */
export function objectOf(properties: { readonly [name: string]: Schema }, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required };
}

/** Of the named members exactly one is present. */
export function exactlyOne(...names: readonly string[]): JsonObject {
  return { oneOf: names.map((name) => ({ required: [name] })) };
}

/** Of the named members one or more are present. */
export function anyOf(...names: readonly string[]): JsonObject {
  return { anyOf: names.map((name) => ({ required: [name] })) };
}

/** The context must be an array of strings with the DSP context among them; a bare string is invalid. */
export const context: Schema = {
  ...listOf(text, 'maybe-empty', limits.context),
  contains: { const: dspContext },
};

/** A top-level message: `@context` and `@type` are required in every one. */
export function messageOf(
  type: string,
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
): JsonObject {
  return objectOf({ '@context': context, '@type': constant(type), ...properties }, ['@context', '@type', ...required]);
}
