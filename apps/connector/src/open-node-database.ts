import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, type DatabaseLocation, openDatabase } from '@hansa/platform';
import { type NodeConfig, packageRoot } from './config/index.js';

/** Opens the database of a node: the server that is configured, or the one in its data directory. */
export async function openNodeDatabase(config: NodeConfig): Promise<Database> {
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 });
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
