import { readFile } from 'node:fs/promises';
import { fail, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import { type ConfigIssue, explainIssues, unknownVariables } from './config-issues.js';
import { type ConfigFile, type KeyPath, parseConfigFile } from './config-source.js';
import { schemasAt } from './schema-keys.js';

/** Everything that is wrong at once; `detail` has one line for each issue. */
export interface ConfigInvalid extends Problem<'config.invalid'> {
  readonly issues: readonly ConfigIssue[];
}

export type ConfigProblem = Problem<'config.malformed' | 'config.unreadable'> | ConfigInvalid;

export interface EnvironmentSource {
  /** The process's environment, given by the caller. An empty variable counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which variable sets which key (`{ HANSA_PORT: 'port', DATABASE_URL: 'database.url' }`); null: known, but not ours. */
  readonly mapping: Readonly<Record<string, string | null>>;
  /** Variables that begin so and are not in the mapping are refused. @default nothing is refused */
  readonly prefix?: string;
}

/**
 * Builds a configuration from a YAML text and the environment, which wins. Pure.
 *
 * @param schema strict objects all the way down, so that unknown keys are refused with a hint
 * @example
 * const schema = z.strictObject({ port: z.int().min(1).max(65535).default(7001).describe('a TCP port') });
 * parseConfig(schema, { env: { HANSA_PORT: 'x' }, mapping: { HANSA_PORT: 'port' } });
 * // config.invalid: "HANSA_PORT (port): Invalid input: expected number, received string. Expected: a TCP port."
 */
export function parseConfig<S extends z.ZodObject>(
  schema: S,
  sources: EnvironmentSource & { readonly file?: { readonly name: string; readonly text: string } },
): Result<z.output<S>, ConfigProblem> {
  const parsed = sources.file ? parseConfigFile(sources.file.name, sources.file.text) : ok(null);
  if (!parsed.ok) return parsed;
  const file: ConfigFile | null = parsed.value;
  const variables = variablesOf(schema, sources);
  const raw = structuredClone(file?.value ?? {});
  for (const { path, value } of variables.values()) setIn(raw, path, value);
  const checked = schema.safeParse(raw);
  const issues = [
    ...unknownVariables(sources),
    ...(checked.success
      ? []
      : explainIssues(checked.error.issues, { schema, raw, file, mapping: sources.mapping, variables })),
  ];
  if (checked.success && issues.length === 0) return ok(checked.data);
  return fail({ kind: 'config.invalid' as const, detail: issues.map(({ text }) => text).join('\n'), issues });
}

/**
 * Reads the file, if one is named, and builds the configuration; see {@link parseConfig}.
 *
 * @param sources.file a path; a file that is not there is a problem unless it is `optional`
 */
export async function loadConfig<S extends z.ZodObject>(
  schema: S,
  sources: EnvironmentSource & { readonly file?: { readonly path: string; readonly optional: boolean } },
): Promise<Result<z.output<S>, ConfigProblem>> {
  const { file, ...environment } = sources;
  if (!file) return parseConfig(schema, environment);
  try {
    const text = await readFile(file.path, 'utf8');
    return parseConfig(schema, { ...environment, file: { name: file.path, text } });
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' && file.optional) return parseConfig(schema, environment);
    return refuse('config.unreadable', `${file.path} cannot be read (${code}). Check the path and its permissions.`);
  }
}

/** The code of an error of the operating system. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** The values of the environment by variable, in the form that the schema asks for. */
function variablesOf(schema: z.ZodObject, { env, mapping }: EnvironmentSource) {
  const found = new Map<string, { readonly path: KeyPath; readonly value: unknown }>();
  for (const [variable, key] of Object.entries(mapping)) {
    if (key === null) continue;
    const path = key.split('.');
    const targets = schemasAt(schema, path);
    if (targets.length === 0) throw new Error(`the mapping of ${variable} names "${key}", which the schema lacks`);
    const text = env[variable];
    if (text) found.set(variable, { path, value: fromText(text, targets) });
  }
  return found;
}

/** Text that does not fit stays text, so that the schema says what it expects. */
function fromText(text: string, targets: readonly z.core.$ZodType[]): unknown {
  const wants = (kind: typeof z.ZodNumber | typeof z.ZodBoolean | typeof z.ZodArray) =>
    targets.some((target) => target instanceof kind);
  if (wants(z.ZodNumber) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (wants(z.ZodBoolean) && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (wants(z.ZodArray)) return text.split(',').map((item) => item.trim());
  return text;
}

/** Sets a member, making objects on the way; a value of another kind in the way is left for the schema to refuse. */
function setIn(target: unknown, path: KeyPath, value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || !isRecord(target)) return;
  if (rest.length === 0) target[key] = value;
  else {
    target[key] ??= {};
    setIn(target[key], rest, value);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
