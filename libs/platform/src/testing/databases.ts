import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { DatabaseLocation } from '../persistence/index.js';

export interface TestDatabase {
  readonly location: DatabaseLocation;
  remove(): Promise<void>;
}

/** The kinds of database that tests can use here: PostgreSQL only where `HANSA_TEST_DATABASE_URL` names a server. */
export const databaseKinds = ['embedded', 'server'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

export const testServerUrl = process.env.HANSA_TEST_DATABASE_URL;

/** A new empty database, by itself, of the kind asked for. */
export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind === 'embedded') {
    const parent = await mkdtemp(join(tmpdir(), 'hansa-test-'));
    return {
      location: { kind, directory: join(parent, 'database'), template: resolve('dist/embedded-template') },
      remove: () => rm(parent, { recursive: true, force: true }),
    };
  }
  if (!testServerUrl) throw new Error('HANSA_TEST_DATABASE_URL is not set');
  const name = `hansa_test_${randomUUID().replaceAll('-', '')}`;
  await administer(testServerUrl, `CREATE DATABASE ${name}`);
  const url = new URL(testServerUrl);
  url.pathname = `/${name}`;
  return {
    location: { kind, url: url.href },
    remove: () => administer(testServerUrl ?? '', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
