import { z } from 'zod';
import type { KeyPath } from './config-source.js';

type Schema = z.core.$ZodType;

/** The schema inside one decoration (optional, default, nullable, secret and other transformations), if any. */
function inner(schema: Schema): Schema | undefined {
  if (schema instanceof z.ZodPipe) return schema.def.in;
  const decorated =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly;
  return decorated ? schema.def.innerType : undefined;
}

/** The undecorated schemas that a path leads to; several inside a union, none for an unknown key. */
export function schemasAt(schema: Schema | undefined, path: KeyPath): readonly Schema[] {
  if (!schema) return [];
  const bare = inner(schema);
  if (bare) return schemasAt(bare, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => schemasAt(option, path));
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  if (schema instanceof z.ZodObject) return schemasAt(schema.shape[key], rest);
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, rest);
  return schema instanceof z.ZodRecord ? schemasAt(schema.valueType, rest) : [];
}

/** The keys that may stand under a path. */
export function keysAt(schema: Schema, path: KeyPath): readonly string[] {
  return schemasAt(schema, path).flatMap((found) => (found instanceof z.ZodObject ? Object.keys(found.shape) : []));
}

/** What `.describe()` says of the schema at a path, on any of its decorations. */
export function descriptionAt(schema: Schema, path: KeyPath): string | undefined {
  const key = path.at(-1) ?? '';
  for (const parent of schemasAt(schema, path.slice(0, -1))) {
    let member: Schema | undefined = parent instanceof z.ZodObject ? parent.shape[key] : undefined;
    for (; member; member = inner(member)) {
      const description = z.globalRegistry.get(member)?.description;
      if (description !== undefined) return description;
    }
  }
  return undefined;
}
