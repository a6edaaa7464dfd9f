import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raised when another living process holds the directory. */
export class DirectoryInUseError extends Error {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(
      `The data directory ${directory} is in use by process ${pid}. Stop that process, or give this node a directory of its own (HANSA_DATA_DIRECTORY).`,
    );
    this.name = 'DirectoryInUseError';
  }
}

/** Clock ticks since boot at which a process began; tells a process from a later one with the same number (Linux). */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number, began: string | null): boolean {
  if (pid === process.pid) return began === startTime(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTime(pid);
  return now === null || began === null || now === began;
}

/**
 * Takes a directory for this process, and makes it when it is not there. PGlite itself lets two processes open one
 * cluster and lose each other's writes without an error, so the lock is what keeps the data safe.
 *
 * @returns a function that gives the directory back.
 * @throws DirectoryInUseError when a living process has it.
 * @example
 * const unlock = lockDirectory('./data/berlin');
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'node.lock');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const mine = JSON.stringify({ pid: process.pid, began: startTime(process.pid) });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(file);
      if (holder && isAlive(holder.pid, holder.began)) throw new DirectoryInUseError(directory, holder.pid);
      removeStale(file);
    }
  }
}

function readHolder(file: string): { pid: number; began: string | null } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** By rename, so that of two processes that find the same stale lock only one removes it. */
function removeStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
