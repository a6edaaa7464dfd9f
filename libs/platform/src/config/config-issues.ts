import { didYouMean } from '@hansa/kernel';
import type { z } from 'zod';
import type { ConfigFile, KeyPath } from './config-source.js';
import { descriptionAt, keysAt } from './schema-keys.js';

/** One thing that is wrong with the configuration. */
export interface ConfigIssue {
  /** Dotted key: `database.url`. For an unknown variable its name. */
  readonly key: string;
  /** Where the value came from: `hansa.yaml:4`, a variable's name, or null for a value that is missing. */
  readonly source: string | null;
  /** One line for people. Never quotes a value, which may be a secret. */
  readonly text: string;
}

interface Context {
  readonly schema: z.ZodObject;
  readonly raw: unknown;
  readonly file: ConfigFile | null;
  readonly mapping: Readonly<Record<string, string | null>>;
  readonly variables: ReadonlyMap<string, { readonly path: KeyPath }>;
}

/** Says of each finding of the schema which key, from where, what is wrong and what is expected. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], context: Context): readonly ConfigIssue[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, context));
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The alternative with the fewest findings is most likely the one that was meant.
      const [nearest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
      const inside = nearest.map((finding) => ({ ...finding, path: [...issue.path, ...finding.path] }));
      return explainIssues(inside, context);
    }
    return [wrongValue(path, issue.message, context)];
  });
}

/** Variables that begin like ours and mean nothing. */
export function unknownVariables(sources: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mapping: Readonly<Record<string, string | null>>;
  readonly prefix?: string;
}): readonly ConfigIssue[] {
  const { env, mapping, prefix } = sources;
  if (prefix === undefined) return [];
  const known = Object.keys(mapping);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !Object.hasOwn(mapping, name))
    .map((name) => ({ key: name, source: name, text: `${name}: unknown variable. ${hint(name, known)}` }));
}

function unknownKey(path: KeyPath, key: string, context: Context): ConfigIssue {
  const full = [...path, key];
  const source = sourceOf(full, context);
  const text = `${place(full, source)}: unknown key. ${hint(key, keysAt(context.schema, path))}`;
  return { key: full.join('.'), source, text };
}

function wrongValue(path: KeyPath, message: string, context: Context): ConfigIssue {
  const key = path.join('.');
  const description = descriptionAt(context.schema, path);
  const expected = description === undefined ? '' : ` Expected: ${description}.`;
  if (valueAt(context.raw, path) === undefined) {
    const variable = Object.entries(context.mapping).find(([, mapped]) => mapped === key)?.[0];
    const ways = [context.file ? `in ${context.file.name}` : null, variable ? `by ${variable}` : null].filter(Boolean);
    const how = ways.length > 0 ? ` Set it ${ways.join(' or ')}.` : '';
    return { key, source: null, text: `${key}: missing.${expected}${how}` };
  }
  const source = sourceOf(path, context);
  return { key, source, text: `${place(path, source)}: ${message.replace(/\.$/, '')}.${expected}` };
}

function place(path: KeyPath, source: string | null): string {
  const key = path.join('.');
  if (source === null || key === '') return source ?? key;
  return `${source} (${key})`;
}

/** The environment wins over the file, so it is asked first. */
function sourceOf(path: KeyPath, { file, variables }: Context): string | null {
  for (const [variable, set] of variables) if (set.path.every((key, i) => path[i] === key)) return variable;
  const line = file?.lineOf(path) ?? null;
  return file && line !== null ? `${file.name}:${line}` : (file?.name ?? null);
}

function hint(word: string, known: readonly string[]): string {
  const meant = didYouMean(word, known);
  if (meant !== null) return `Did you mean "${meant}"?`;
  return known.length > 0 ? `Known here: ${known.toSorted().join(', ')}.` : 'Remove it.';
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = Reflect.get(inner, key);
  }
  return inner;
}
