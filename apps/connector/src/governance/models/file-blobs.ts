import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@hansa/kernel';
import type { Blobs } from './blobs.port.js';

/** Blobs as files of one directory. */
export class FileBlobs implements Blobs {
  constructor(private readonly directory: string) {}

  async put(digest: Digest, bytes: Uint8Array): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const part = join(this.directory, `${randomUUID()}.part`);
    try {
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, this.pathOf(digest));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    await syncDirectory(this.directory);
  }

  pathOf(digest: Digest): string {
    return join(this.directory, digest.slice('sha-256:'.length));
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.pathOf(digest), { force: true });
  }

  async check(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await access(this.directory, constants.R_OK | constants.W_OK);
  }
}

/** The new name is safe from a power cut only when its directory is. Windows has no such call and needs none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
