import { spawn } from 'node:child_process';
import { isJsonObject, type Json, parseJson } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { NodeInfo } from '../api.js';
import { getPublicJson, type NodeProblem, type NodeResult } from '../client.js';
import { connectorMain } from '../connector.js';
import { findToken } from '../find-node.js';
import type { Paint } from '../print/paint.js';
import { cell, printable } from '../print/text.js';
import type { Session } from '../session.js';

/** One thing that was looked at. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Milliseconds that the check of a set-up may take. */
const limit = 60_000;

/** `hansa doctor`: is everything there that a node needs, and does a running one feel well? */
export function addDoctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('check the set-up here, and the node at the address when one runs')
    .addHelpText(
      'after',
      `${examples('hansa doctor', 'hansa doctor --data data/bruges --url http://127.0.0.1:7002')}\nExit code: 0 when nothing is missing, 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session) => {
        session.progress('Checking the set-up …');
        const findings = [...(await checkSetUp(session)), ...(await checkNode(session))];
        session.settle();
        const isWell = findings.every((finding) => finding.ok);
        session.show({ ok: isWell, items: findings }, ({ items }) => findingsText(items, session.paint));
        if (!isWell) session.exitCode = 1;
      }),
    );
}

/** Lets the node itself say what it finds, in the environment and directory that it would be started in. */
async function checkSetUp({ terminal, dataDirectory }: Session): Promise<readonly Finding[]> {
  const main = connectorMain();
  if (!main.ok) return [{ check: 'build', ok: false, detail: 'The node is not built.', hint: 'Run "npm run build".' }];
  const env = { ...terminal.env, ...(dataDirectory ? { HANSA_DATA_DIRECTORY: dataDirectory } : {}) };
  const child = spawn(process.execPath, [main.value, '--check'], {
    cwd: terminal.directory,
    env,
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
  const findings = texts.out.split('\n').flatMap(findingFrom);
  if (findings.length > 0 && (code === 0 || findings.some((finding) => !finding.ok))) return findings;
  const said = printable(texts.err.trim().split('\n').at(-1) ?? '');
  const detail =
    code === null ? `The check did not end within ${limit / 1000} s.` : `The check ended with code ${code}.`;
  return [...findings, { check: 'set-up', ok: false, detail, ...(said === '' ? {} : { hint: said }) }];
}

/** Reads one line of the node's check; lines of any other sort are passed over. */
export function findingFrom(line: string): readonly Finding[] {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return [];
  const { check, ok, detail, hint } = parsed.value;
  if (typeof check !== 'string' || typeof ok !== 'boolean') return [];
  return [
    { check, ok, detail: typeof detail === 'string' ? detail : '', ...(typeof hint === 'string' ? { hint } : {}) },
  ];
}

async function checkNode(session: Session): Promise<readonly Finding[]> {
  const { url } = session;
  const readiness = readinessOf(url, await getPublicJson(url, '/health/ready'));
  return readiness.answered ? [readiness.finding, await checkAccess(session)] : [readiness.finding];
}

/** What the answer to `/health/ready` says; no node at the address is no fault of the set-up. */
export function readinessOf(
  url: string,
  health: NodeResult<unknown>,
): { readonly answered: boolean; readonly finding: Finding } {
  const check = 'running node';
  if (health.ok) return { answered: true, finding: { check, ok: true, detail: `The node at ${url} is ready.` } };
  const { kind, detail, status, answer } = health.problem;
  if (status === undefined) {
    const hint = 'Start one with "hansa start".';
    return kind === 'node.unreachable'
      ? { answered: false, finding: { check, ok: true, detail: `No node answers at ${url}.`, hint } }
      : { answered: false, finding: { check, ok: false, detail } };
  }
  const down = downParts(answer);
  const hint = down.length > 0 ? down.join('; ') : `Look at ${url}/health/ready and at the log of the node.`;
  return { answered: true, finding: { check, ok: false, detail: `The node at ${url} is not ready.`, hint } };
}

/** The parts of a health report that do not work, with their reasons. */
function downParts(answer: Json | undefined): readonly string[] {
  const parts = isJsonObject(answer) ? answer.parts : undefined;
  if (!isJsonObject(parts)) return [];
  return Object.entries(parts).flatMap(([name, part]) =>
    isJsonObject(part) && part.status !== 'up' ? [`${name} is down: ${cell(part.reason) || 'no reason is given'}`] : [],
  );
}

async function checkAccess(session: Session): Promise<Finding> {
  const token = findToken(session.options, session.terminal);
  if (!token.ok)
    return { check: 'access', ok: false, detail: 'The token of the node is not known.', hint: token.problem.detail };
  const info = await session.client.get<NodeInfo>('/node');
  return info.ok ? known(info.value) : { check: 'access', ok: false, ...refused(info.problem) };
}

function known({ city, did, version }: NodeInfo): Finding {
  return { check: 'access', ok: true, detail: `It is ${city} (${did}), version ${version}, and accepts the token.` };
}

function refused({ status, detail }: NodeProblem): Pick<Finding, 'detail' | 'hint'> {
  return status === 401
    ? { detail: 'The node does not accept the token.', hint: 'Name its data directory with --data.' }
    : { detail };
}

function findingsText(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, ok, detail, hint }) => {
    const mark = ok ? paint.good('ok     ') : paint.bad('missing');
    const advice = hint === undefined ? '' : `\n${' '.repeat(width + 11)}${hint}`;
    return `${mark}  ${check.padEnd(width)}  ${detail}${advice}\n`;
  });
  const missing = findings.filter(({ ok }) => !ok).length;
  return `${lines.join('')}\n${missing === 0 ? 'Nothing is missing.' : `${missing} of ${findings.length} checks need something.`}\n`;
}
