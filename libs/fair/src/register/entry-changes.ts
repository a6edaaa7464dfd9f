import { canonicalJson, type Json } from '@hansa/kernel';
import { type AtsFieldName, atsFieldNames, atsFields } from './ats-fields.js';
import type { RegisterEntry } from './register-entry.js';

/** A field that differs between two versions of an entry; null where a version has none. */
export interface EntryChange {
  /** As it is written: `risks`, `nl.naam`, `models`. */
  readonly field: string;
  /** For readers. */
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What changed from one version of an entry to the next, field by field in the order of the standard.
 *
 * @example
 * entryChanges({ name: 'a' }, { name: 'b' }); // [{ field: 'name', label: 'Name', before: 'a', after: 'b' }]
 */
export function entryChanges(before: RegisterEntry, after: RegisterEntry): readonly EntryChange[] {
  const [was, is] = [flat(before), flat(after)];
  const others = [...new Set([...was.keys(), ...is.keys()])].filter((name) => !(name in atsFields)).sort();
  return [...atsFieldNames, ...others].flatMap((field) => {
    const [old, now] = [was.get(field) ?? null, is.get(field) ?? null];
    const label = field in atsFields ? atsFields[field as AtsFieldName].label : field;
    return old === now ? [] : [{ field, label, before: old, after: now }];
  });
}

function flat(entry: RegisterEntry): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (typeof value === 'string') found.set(name, value);
    else if (Array.isArray(value)) found.set(name, value.map((one) => asText(one)).join(', '));
    else if (typeof value === 'object' && value !== null)
      for (const [member, inner] of Object.entries(value)) visit(name === '' ? member : `${name}.${member}`, inner);
  };
  visit('', entry);
  return found;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value as Json);
}
