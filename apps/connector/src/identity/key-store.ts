import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, importKeyPair, type KeyPair, type KeyPurpose } from '@hansa/dcp';
import { type Did, must } from '@hansa/kernel';

export type NodeKeys = Readonly<Record<KeyPurpose, KeyPair>>;

const purposes: readonly KeyPurpose[] = ['participant', 'credential', 'report'];

/**
 * The node's keys from its directory, one file a purpose and readable by its owner only; made at the first start.
 *
 * @throws Error when the keys belong to another DID: the public address of a node is its identity and cannot change
 *   under the feet of those who trust it.
 */
export async function loadKeys(directory: string, did: Did): Promise<NodeKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const keys = await Promise.all(purposes.map(async (purpose) => [purpose, await loadKey(directory, did, purpose)]));
  return Object.fromEntries(keys);
}

async function loadKey(directory: string, did: Did, purpose: KeyPurpose): Promise<KeyPair> {
  const file = join(directory, `${purpose}.json`);
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (stored === null) {
    const pair = await generateKeyPair(purpose, `${did}#${purpose}-1`);
    const part = `${file}.part`;
    await writeFile(part, `${JSON.stringify(pair)}\n`, { mode: 0o600 });
    await rename(part, file);
    return pair;
  }
  const pair = must(await importKeyPair(JSON.parse(stored)));
  if (!pair.id.startsWith(`${did}#`)) {
    throw new Error(
      `The keys in ${directory} belong to ${pair.id.split('#')[0]}, but the configured public URL makes this node ${did}. Restore the public URL, or use a new data directory for a new node.`,
    );
  }
  return pair;
}
