import type { Json } from '@hansa/kernel';

/** A member that JSON-LD lets be one value or a list of values, always as a list. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value as Json];
}

/** The texts among such values. */
export function textList(value: Json | undefined): readonly string[] {
  return listOf(value).filter((entry) => typeof entry === 'string');
}
