import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type ConfigProblem, loadConfig } from '@hansa/platform';
import { configSchema, environmentMapping, type Settings } from './config.schema.js';

/** The configuration of a node, with every default filled in. */
export interface NodeConfig extends Settings {
  readonly publicUrl: string;
  readonly dataDirectory: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultFile = 'hansa.yaml';

/** What {@link readConfig} reads, without a word of what stands there. */
export interface ConfigSources {
  /** The full path of the file; null: there is none, and none is named. */
  readonly file: string | null;
  /** The variables that are set. */
  readonly variables: readonly string[];
}

/** Names what {@link readConfig} reads in this environment. */
export function configSources(env: Environment): ConfigSources {
  const file = resolve(env.HANSA_CONFIG ?? defaultFile);
  const settings = Object.entries(environmentMapping).filter(([name, key]) => key !== null && env[name]);
  return {
    file: env.HANSA_CONFIG !== undefined || existsSync(file) ? file : null,
    variables: settings.map(([name]) => name),
  };
}

/**
 * Reads `hansa.yaml` (or the file that HANSA_CONFIG names) and the environment, which wins, and checks that the parts
 * fit together.
 */
export async function readConfig(
  env: Environment,
): Promise<Result<NodeConfig, ConfigProblem | Problem<'config.conflict'>>> {
  const named = env.HANSA_CONFIG;
  const file = { path: named ?? defaultFile, optional: named === undefined };
  const loaded = await loadConfig(configSchema, { file, env, mapping: environmentMapping, prefix: 'HANSA_' });
  return loaded.ok ? complete(loaded.value) : loaded;
}

/** Fills in what follows from other settings, and refuses what contradicts itself. */
function complete(settings: Settings): Result<NodeConfig, Problem<'config.conflict'>> {
  const { listen, city } = settings;
  if (settings.publicUrl === undefined && listen.port === 0)
    return refuse(
      'config.conflict',
      'With listen.port 0 the address is not known before the start: set publicUrl or a port.',
    );
  const publicUrl = (settings.publicUrl ?? `http://localhost:${listen.port}`).replace(/\/+$/, '');
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && hostname !== 'localhost' && !hostname.endsWith('.localhost'))
    return refuse(
      'config.conflict',
      'publicUrl must begin with https:// unless the host is localhost: it is the identity that others trust.',
    );
  return ok({ ...settings, publicUrl, dataDirectory: resolve(settings.dataDirectory ?? `data/${city}`) });
}
