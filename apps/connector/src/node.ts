import { join } from 'node:path';
import {
  createGuardedClient,
  type Database,
  type JobQueue,
  jobPoolConfig,
  type Logger,
  openPostgresJobQueue,
  openRedisJobQueue,
} from '@hansa/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadAdminToken } from './access/index.js';
import { createApp } from './app.js';
import type { NodeAdapters } from './app.module.js';
import type { NodeConfig } from './config/index.js';
import { didOf, loadKeys, NodeIdentity } from './identity/index.js';
import { agreementServicePath, agreementServiceType } from './negotiation/index.js';

/** A node that is put together, with what has to be closed behind it. */
export interface RunningNode {
  readonly app: NestFastifyApplication;
  readonly identity: NodeIdentity;
  /** Finishes what is under way, then closes everything in the order of need. */
  stop(): Promise<void>;
}

/** Opens keys and queue, and builds the node on them and on the database. The first start makes what is missing. */
export async function buildNode(
  config: NodeConfig,
  log: Logger,
  opening: Promise<Database>,
  adapters: NodeAdapters = {},
): Promise<RunningNode> {
  const database = await opening;
  const { allowLoopback } = config.network;
  const client = createGuardedClient({ allowLoopback, allowInsecure: allowLoopback });
  try {
    const jobs = await openJobs(config, database, log);
    const identity = await loadIdentity(config);
    const adminToken = await loadAdminToken(config.dataDirectory, config.admin.token?.reveal());
    const platform = { config, database, client, jobs, log };
    const app = await createApp({ platform, identity, adminToken, adapters });
    const stop = async (): Promise<void> => {
      await app.close();
      await jobs.close();
      await client.close();
      await database.close();
    };
    return { app, identity, stop };
  } catch (error) {
    await client.close();
    await database.close();
    throw error;
  }
}

async function openJobs(config: NodeConfig, database: Database, log: Logger): Promise<JobQueue> {
  const onError = (error: Error, about: object): void =>
    log.warn('a job failed or its queue is in trouble', { error, ...about });
  const redis = config.redis.url?.reveal();
  return redis
    ? openRedisJobQueue(redis, { onError })
    : openPostgresJobQueue(database.pool(jobPoolConfig), { onError });
}

async function loadIdentity(config: NodeConfig): Promise<NodeIdentity> {
  const { publicUrl } = config;
  const keys = await loadKeys(join(config.dataDirectory, 'keys'), didOf(publicUrl));
  return new NodeIdentity(publicUrl, keys, [
    { type: 'CredentialService', serviceEndpoint: `${publicUrl}/dcp/credentials` },
    ...(config.authority ? [{ type: 'IssuerService', serviceEndpoint: `${publicUrl}/dcp/issuance` }] : []),
    { type: 'DataService', serviceEndpoint: `${publicUrl}/.well-known/dspace-version` },
    { type: agreementServiceType, serviceEndpoint: `${publicUrl}${agreementServicePath}` },
  ]);
}
