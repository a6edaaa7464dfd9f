import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ADMIN_TOKEN = Symbol('administrator token');

/** The token file in a data directory; only its owner can read it. */
export const adminTokenFile = (dataDirectory: string): string => join(dataDirectory, 'admin-token');

/** The configured token, or the one in the data directory, made at the first start. */
export async function loadAdminToken(dataDirectory: string, configured: string | undefined): Promise<string> {
  if (configured) return configured;
  const file = adminTokenFile(dataDirectory);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(file, 0o600);
  return token;
}
