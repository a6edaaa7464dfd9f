import { join } from 'node:path';
import { type Database, type DatabaseLocation, lockDirectory, openDatabase } from '@hansa/platform';
import { type NodeConfig, packageRoot } from './config/index.js';

/**
 * Takes the data directory for this process and opens the database of the node: the server that is configured, or the
 * one in that directory. Closing the database gives the directory back.
 *
 * @throws DirectoryInUseError when another process has the data directory.
 */
export async function openNodeDatabase(config: NodeConfig): Promise<Database> {
  const unlock = lockDirectory(config.dataDirectory);
  try {
    const database = await open(config);
    return { ...database, close: () => database.close().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

function open(config: NodeConfig): Promise<Database> {
  // The tables are known when every feature is loaded, which takes about as long as the database takes to start.
  const schema = import('./schema.js').then(({ databaseSchema }) => databaseSchema);
  return openDatabase(databaseLocation(config), schema);
}

function databaseLocation(config: NodeConfig): DatabaseLocation {
  const url = config.database.url?.reveal();
  if (url) return { kind: 'server', url };
  const template = join(packageRoot(), 'dist', 'embedded-template');
  return { kind: 'embedded', directory: join(config.dataDirectory, 'database'), template };
}
