import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyDataIntegrity } from '@hansa/dcp';
import type { AuditReport } from '@hansa/fair';
import { type Json, type JsonObject, must, ok } from '@hansa/kernel';
import {
  createGuardedClient,
  createLogger,
  type Database,
  type JobQueue,
  jobPoolConfig,
  openDatabase,
  openPostgresJobQueue,
} from '@hansa/platform';
import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessModule } from '../../apps/connector/src/access/index.js';
import { CatalogModule } from '../../apps/connector/src/catalog/index.js';
import { readConfig } from '../../apps/connector/src/config/index.js';
import { GovernanceModule } from '../../apps/connector/src/governance/index.js';
import { didOf, IdentityModule, loadKeys, NodeIdentity } from '../../apps/connector/src/identity/index.js';
import { LedgerModule } from '../../apps/connector/src/ledger/index.js';
import { MetricsModule } from '../../apps/connector/src/metrics/index.js';
import { PolicyModule } from '../../apps/connector/src/policy/index.js';
import { databaseSchema } from '../../apps/connector/src/schema.js';
import {
  installJsonParsers,
  PlatformModule,
  ProblemFilter,
  schemaProblem,
} from '../../apps/connector/src/server/index.js';

const token = 'a-token-for-tests-only';

const audits = '/management/v1/audits';

/** An audit as the management interface shows it, as far as tests read it. */
export interface ShownAudit {
  readonly id: string;
  readonly status: string;
  readonly verdict?: string;
  readonly detail?: string;
  readonly planDigest: string;
  readonly reportDigest?: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
}

/** The parts of a node that govern models, on an embedded database and real keys, spoken to over its interface. */
export class GovernanceNode {
  private constructor(
    readonly directory: string,
    readonly app: NestFastifyApplication,
    readonly identity: NodeIdentity,
    readonly database: Database,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(directory?: string): Promise<GovernanceNode> {
    const home = directory ?? (await mkdtemp(join(tmpdir(), 'hansa-governance-')));
    const location = {
      kind: 'embedded',
      directory: join(home, 'database'),
      template: resolve('dist/embedded-template'),
    } as const;
    const config = must(await readConfig({ HANSA_CITY: 'berlin', HANSA_DATA_DIRECTORY: home }));
    const database = await openDatabase(location, databaseSchema);
    const log = createLogger({ level: 'error', name: 'berlin' });
    const jobs = await openPostgresJobQueue(database.pool(jobPoolConfig), { onError: () => {} });
    const client = createGuardedClient({ allowLoopback: true, allowInsecure: true });
    const keys = await loadKeys(join(home, 'keys'), didOf(config.publicUrl));
    const identity = new NodeIdentity(config.publicUrl, keys, []);
    const app = await build({ config, database, client, jobs, log }, identity);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new GovernanceNode(home, app, identity, database, async () => {
      await app.close();
      await (jobs as JobQueue).close();
      await client.close();
      await database.close();
    });
  }

  /** Stops the node; its state stays. */
  stop(): Promise<void> {
    return this.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** The id of a dataset that is registered now. */
  async registerDataset(title: string, source: object): Promise<string> {
    const { body, status, text } = await this.post<{ id: string }>('/management/v1/datasets', { title, source });
    if (status !== 201) throw new Error(text);
    return body.id;
  }

  /** Plans an audit and waits for its end. */
  async audit(body: object): Promise<ShownAudit> {
    const planned = await this.post<ShownAudit>(audits, body);
    if (planned.status !== 202) throw new Error(planned.text);
    return this.ended(planned.body.id);
  }

  async ended(id: string): Promise<ShownAudit> {
    for (let look = 0; look < 400; look++) {
      const { body } = await this.get<ShownAudit>(`${audits}/${encodeURIComponent(id)}`);
      if (body.status === 'done' || body.status === 'failed') return body;
      await sleep(50);
    }
    throw new Error(`the audit ${id} does not end`);
  }

  report(id: string): Promise<Answer<AuditReport>> {
    return this.get(`${audits}/${encodeURIComponent(id)}/report`);
  }

  credential(id: string): Promise<Answer<JsonObject>> {
    return this.get(`${audits}/${encodeURIComponent(id)}/credential`);
  }

  /** Checks a credential as anybody would: with the node's DID document, and its list of revoked audits. */
  verify(credential: unknown) {
    return verifyDataIntegrity(credential, {
      now: new Date(),
      expectedIssuer: this.identity.did,
      resolveDid: async () => ok(this.identity.document),
      fetchStatusList: async (url) => {
        if (!url.startsWith(`${this.identity.publicUrl}/`)) throw new Error(`${url} is not of this node`);
        return ok((await this.get(url.slice(this.identity.publicUrl.length))).text);
      },
    });
  }

  async get<T>(path: string): Promise<Answer<T>> {
    return answer(await this.app.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${token}` } }));
  }

  post<T>(path: string, payload: object): Promise<Answer<T>> {
    return this.#send('POST', path, payload);
  }

  put<T>(path: string, payload: object): Promise<Answer<T>> {
    return this.#send('PUT', path, payload);
  }

  async #send<T>(method: 'POST' | 'PUT', url: string, payload: object): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return answer(await this.app.inject({ method, url, headers, payload: JSON.stringify(payload) }));
  }
}

function answer<T>({ statusCode, body }: { readonly statusCode: number; readonly body: string }): Answer<T> {
  const isJson = body.startsWith('{') || body.startsWith('[');
  return { status: statusCode, text: body, body: (isJson ? JSON.parse(body) : null) as T };
}

type Platform = Parameters<typeof PlatformModule.with>[0];

async function build(platform: Platform, identity: NodeIdentity): Promise<NestFastifyApplication> {
  @Module({
    imports: [
      PlatformModule.with(platform),
      AccessModule.with(token),
      IdentityModule.with({
        identity,
        rules: { requiredCredentials: [], trustedIssuers: [], presentationMaxAge: 0 },
        authority: false,
        allowLoopback: true,
      }),
      LedgerModule.with({ did: identity.did, signer: identity.noteSigner() }),
      MetricsModule,
      PolicyModule,
      CatalogModule,
      GovernanceModule,
    ],
    providers: [{ provide: APP_PIPE, useValue: new StandardSchemaValidationPipe({ exceptionFactory: schemaProblem }) }],
  })
  class Root {}
  const adapter = new FastifyAdapter({ routerOptions: { maxParamLength: 512 } });
  const app = await NestFactory.create<NestFastifyApplication>(Root, adapter, { logger: false, bodyParser: false });
  installJsonParsers(app.getHttpAdapter().getInstance());
  app.useGlobalFilters(new ProblemFilter(platform.log, []));
  return app;
}

/** A JSON answer, as tests look at it. */
export type Shown = { readonly [member: string]: Json };

/** Status and type of a problem answer. */
export function problemOf({ status, body }: Answer<Shown>): readonly [number, Json | undefined] {
  return [status, body.type];
}
