import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Digest } from '@hansa/kernel';
import { badUsage } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** The digest of a file of any size. What cannot be read ends the command with exit code 2. */
export async function digestOfFile(file: string, { directory }: Terminal): Promise<Digest> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(resolve(directory, file))) hash.update(chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badUsage(`${file} cannot be read (${code === 'ENOENT' ? 'there is no such file' : code}). Check the path.`);
  }
  return `sha-256:${hash.digest('hex')}`;
}
