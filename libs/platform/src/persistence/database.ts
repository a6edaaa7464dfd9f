import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { ensureCluster, startParams } from './embedded-template.js';
import { type PgDriver, PreparingPool, pgDriver } from './pg-driver.js';
import { pgliteDriver } from './pglite-driver.js';

/** Where a node keeps its state: a PostgreSQL server, or PostgreSQL in this process. */
export type DatabaseLocation =
  | { readonly kind: 'server'; readonly url: string; readonly poolSize?: number }
  | {
      readonly kind: 'embedded';
      /** The cluster's directory; made when it is not there. */
      readonly directory: string;
      /** An empty cluster to copy from; made when it is not there. */
      readonly template: string;
    };

export interface DatabaseSchema {
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export interface Database {
  readonly kind: DatabaseLocation['kind'];
  readonly dataSource: DataSource;
  /** A further pool on the same database, for libraries that bring their own SQL (the job queue). */
  pool(config?: pg.PoolConfig): pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens the database and brings its schema up to date. Both kinds speak the same dialect through the same `pg`
 * client, so everything above sees one database.
 *
 * The embedded kind survives the death of the process (measured by kill -9), but PGlite never calls fsync: a power cut
 * may lose the last commits. Production uses a server. Whoever opens it must hold its directory (`lockDirectory`).
 *
 * @param schema may come later: an embedded database starts meanwhile, and both take their time.
 * @example
 * const db = await openDatabase({ kind: 'server', url: process.env.DATABASE_URL }, { entities, migrations });
 */
export async function openDatabase(
  location: DatabaseLocation,
  schema: DatabaseSchema | Promise<DatabaseSchema>,
): Promise<Database> {
  if (location.kind === 'server') {
    const { url, poolSize = 10 } = location;
    const dataSource = await connect(await schema, { url, poolSize, driver: pgDriver });
    return {
      kind: 'server',
      dataSource,
      pool: (config) => new PreparingPool({ ...config, connectionString: url }),
      close: () => dataSource.destroy(),
    };
  }
  await ensureCluster(location.directory, location.template);
  const lite = await PGlite.create({ dataDir: location.directory, startParams });
  const driver = pgliteDriver(lite);
  const dataSource = await connect(await schema, { driver });
  return {
    kind: 'embedded',
    dataSource,
    pool: (config) => new driver.Pool(config),
    close: async () => {
      await dataSource.destroy();
      await lite.close();
    },
  };
}

async function connect(
  schema: DatabaseSchema,
  target: { driver: PgDriver; url?: string; poolSize?: number },
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    migrationsTransactionMode: 'each',
    ...target,
  });
  await dataSource.initialize();
  await migrate(dataSource);
  return dataSource;
}

/** One instance migrates at a time; others that start beside it wait for the lock and find nothing left to do. */
async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query("SELECT pg_advisory_lock(hashtext('hansa.migrations'))");
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query("SELECT pg_advisory_unlock(hashtext('hansa.migrations'))").catch(() => undefined);
    await runner.release();
  }
}
