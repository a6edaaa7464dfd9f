import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Small buffers: an embedded node has a small database, and the memory is taken at once. */
export const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Creating a PostgreSQL cluster takes seconds and most of a gigabyte of memory, copying one takes neither. The template
 * is an empty cluster, made once (`npm run build` does) and copied for each new database.
 *
 * @returns true when the template had to be made.
 */
export async function ensureTemplate(template: string): Promise<boolean> {
  if (await exists(template)) return false;
  const part = `${template}.${process.pid}`;
  await mkdir(dirname(template), { recursive: true });
  const cluster = await PGlite.create({ dataDir: part, startParams });
  await cluster.close();
  await rename(part, template).catch(async (error: NodeJS.ErrnoException) => {
    await rm(part, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return true;
}

/**
 * Puts a copy of the template at `directory` unless a cluster is there. The copy is made beside it and renamed, so a
 * process killed in the middle leaves no half cluster behind.
 */
export async function ensureCluster(directory: string, template: string): Promise<void> {
  if (await exists(`${directory}/PG_VERSION`)) return;
  await ensureTemplate(template);
  const part = `${directory}.new`;
  await rm(part, { recursive: true, force: true });
  await cp(template, part, { recursive: true });
  await rename(part, directory);
}
