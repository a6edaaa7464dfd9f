// A program that a test starts: it has a folder of its own, and nothing of it outlives whoever started it.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds. */
const startLimit = 60_000;
const stopLimit = 15_000;

/**
 * Starts a program and waits until it says that it is ready.
 *
 * @param {{ name: string, command: string, parameters: (directory: string) => string[],
 *   env: (directory: string) => Record<string, string>, ready: RegExp }} program
 *   `directory` is its own folder, which is gone when it has stopped; `ready` matches what it writes then
 * @returns {Promise<{ ready: RegExpExecArray, pid: number, directory: string, log: () => string,
 *   stop: () => Promise<number | string> }>} `stop` gives the exit code, or the signal that ended the program
 */
export async function startProcess({ name, command, parameters, env, ready }) {
  const directory = mkdtempSync(join(tmpdir(), `hansa-${name}-`));
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(command, parameters(directory), {
    cwd: directory,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, ...env(directory) },
  });
  closeSync(log);
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', (error) => resolve(error.message));
  });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  // Whoever started it may be stopped in the middle.
  const abandon = () => {
    child.kill('SIGKILL');
    remove();
  };
  process.once('exit', abandon);
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimit);
    const outcome = await ended;
    clearTimeout(late);
    process.off('exit', abandon);
    remove();
    return outcome;
  };
  const words = () => readFileSync(logFile, 'utf8');
  const found = await readiness({ child, name, ready, words }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { ready: found, pid: child.pid, directory, log: words, stop };
}

async function readiness({ child, name, ready, words }) {
  for (const deadline = Date.now() + startLimit; Date.now() < deadline; ) {
    const found = ready.exec(words());
    if (found) return found;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} did not start:\n${words().split('\n').slice(-15).join('\n')}`);
}
