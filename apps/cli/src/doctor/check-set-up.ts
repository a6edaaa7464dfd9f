import { spawn } from 'node:child_process';
import { isJsonObject, type Json, type JsonObject, parseJson } from '@hansa/kernel';
import { connectorMain } from '../connector.js';
import { printable } from '../print/text.js';
import type { Session } from '../session.js';
import type { Finding } from './finding.js';

/** The node that would be started here, as its own check tells it. */
export interface ConfiguredNode {
  readonly city: string;
  readonly publicUrl: string;
  /** Where it listens, as an address for a client on this machine. */
  readonly address: string;
  readonly dataDirectory: string;
}

export interface SetUp {
  readonly findings: readonly Finding[];
  /** Null when the configuration cannot be used. */
  readonly configured: ConfiguredNode | null;
}

/** Milliseconds that the check of a set-up may take. */
const limit = 60_000;

/** Lets the node itself say what it finds, in the environment and directory that it would be started in. */
export async function checkSetUp({ terminal, dataDirectory }: Session): Promise<SetUp> {
  const main = connectorMain();
  if (!main.ok) return failed('build', 'The node is not built.', 'Run "npm run build".');
  const child = spawn(process.execPath, [main.value, '--check'], {
    cwd: terminal.directory,
    env: { ...terminal.env, ...(dataDirectory ? { HANSA_DATA_DIRECTORY: dataDirectory } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limit,
    killSignal: 'SIGKILL',
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    texts.out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    texts.err += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status));
  });
  const setUp = readCheck(texts.out);
  if (setUp.findings.length > 0 && (code === 0 || setUp.findings.some(({ status }) => status === 'fail'))) return setUp;
  const said = printable(texts.err.trim().split('\n').at(-1) ?? '');
  const detail =
    code === null ? `The check did not end within ${limit / 1000} s.` : `The check ended with code ${code}.`;
  const broken = failed('set-up', detail, said === '' ? undefined : said);
  return { ...setUp, findings: [...setUp.findings, ...broken.findings] };
}

const failed = (check: string, detail: string, hint: string | undefined): SetUp => ({
  findings: [{ check, status: 'fail', detail, ...(hint === undefined ? {} : { hint }) }],
  configured: null,
});

/** Reads what the node's check printed, one JSON object a line; lines of any other sort are passed over. */
export function readCheck(text: string): SetUp {
  const objects = text.split('\n').flatMap((line): readonly JsonObject[] => {
    const parsed = parseJson(line);
    return parsed.ok && isJsonObject(parsed.value) ? [parsed.value] : [];
  });
  const configured = objects.map(({ configured }) => configured).find(isConfigured) ?? null;
  return { findings: objects.flatMap(findingFrom), configured };
}

function findingFrom({ check, status, detail, hint }: JsonObject): readonly Finding[] {
  if (typeof check !== 'string' || (status !== 'ok' && status !== 'warn' && status !== 'fail')) return [];
  const said = typeof detail === 'string' ? detail : '';
  return [{ check, status, detail: said, ...(typeof hint === 'string' ? { hint } : {}) }];
}

function isConfigured(value: Json | undefined): value is JsonObject & ConfiguredNode {
  const members = ['city', 'publicUrl', 'address', 'dataDirectory'];
  return isJsonObject(value) && members.every((name) => typeof value[name] === 'string');
}
