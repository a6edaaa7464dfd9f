import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Terminal } from './terminal.js';

/** The options by which every command finds its node. */
export interface NodeOptions {
  readonly url?: string;
  readonly token?: string;
  readonly data?: string;
}

export interface FoundToken {
  readonly token: string;
  /** Where it came from, in words for a person. */
  readonly source: string;
}

const defaultUrl = 'http://127.0.0.1:7001';
const tokenFile = 'admin-token';

/** The base address of the node: `--url`, else HANSA_URL, else the first node of this machine. */
export function findAddress({ url }: NodeOptions, { env }: Terminal): Result<string, Problem<'cli.address'>> {
  const given = url ?? (env.HANSA_URL || defaultUrl);
  const parsed = URL.canParse(given) ? new URL(given) : null;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    return refuse('cli.address', `"${given}" is not the address of a node. Write it as ${defaultUrl}.`);
  return ok(given.replace(/\/+$/, ''));
}

/** The data directory that `--data` or HANSA_DATA_DIRECTORY names, as an absolute path. */
export function namedDirectory({ data }: NodeOptions, { env, directory }: Terminal): string | null {
  const named = data ?? env.HANSA_DATA_DIRECTORY;
  return named ? resolve(directory, named) : null;
}

/**
 * The administrator token: `--token`, else HANSA_TOKEN, else the file in the node's data directory, else the file in
 * the only data directory below `./data`.
 */
export function findToken(options: NodeOptions, terminal: Terminal): Result<FoundToken, Problem<'cli.token'>> {
  const { env, directory } = terminal;
  if (options.token) return ok({ token: options.token, source: '--token' });
  if (env.HANSA_TOKEN) return ok({ token: env.HANSA_TOKEN, source: 'HANSA_TOKEN' });
  const named = namedDirectory(options, terminal);
  if (named) return readToken(join(named, tokenFile));
  const [only, ...more] = nodesBelow(join(directory, 'data'));
  if (only === undefined)
    return refuse(
      'cli.token',
      'There is no administrator token here: ./data holds no node. Name the data directory of the node with --data or HANSA_DATA_DIRECTORY, or its token with --token or HANSA_TOKEN.',
    );
  if (more.length > 0)
    return refuse(
      'cli.token',
      `Several nodes keep their data here: ${[only, ...more].join(', ')}. Choose one with --data data/${only}, and its address with --url.`,
    );
  return readToken(join(directory, 'data', only, tokenFile));
}

/** The names of the directories that hold a token, in order. */
function nodesBelow(parent: string): readonly string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(parent, entry.name, tokenFile)))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

function readToken(file: string): Result<FoundToken, Problem<'cli.token'>> {
  try {
    const token = readFileSync(file, 'utf8').trim();
    return token === ''
      ? refuse('cli.token', `${file} is empty. Restart the node to have it written anew.`)
      : ok({ token, source: file });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      return refuse(
        'cli.token',
        `${file} does not exist. Start the node once to have it made, or name another directory with --data.`,
      );
    return refuse('cli.token', `${file} cannot be read (${code}). Only the owner of the node's data may read it.`);
  }
}
