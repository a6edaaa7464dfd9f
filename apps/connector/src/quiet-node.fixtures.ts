import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admitNegotiation, type ConsumerPid, type MessageOffer } from '@hansa/dsp';
import { type Did, type Json, type JsonObject, must, uuids } from '@hansa/kernel';
import {
  type ClaimedMessage,
  createGuardedClient,
  createLogger,
  jobPoolConfig,
  Outbox,
  openPostgresJobQueue,
  type Transaction,
  UnitOfWork,
} from '@hansa/platform';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '@hansa/platform/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { readConfig } from './config/index.js';
import { didOf, loadKeys, NodeIdentity } from './identity/index.js';
import { type AgreementRecord, Agreements, concludedAgreement, Negotiations } from './negotiation/index.js';
import { openNodeDatabase } from './open-node-database.js';

/** The participant on the other side of everything that a quiet node does; played by the test. */
export const peer: Did = 'did:web:peer.example';

/**
 * A whole node without a server, so its relay sends nothing: what it has to say stays in the outbox until the test
 * settles it, as the relay would after the peer's answer.
 */
export class QuietNode {
  #running: { readonly app: INestApplicationContext; readonly stop: () => Promise<void> } | undefined;

  /** Taken from the outbox, and not asked for yet. */
  #claimed: readonly ClaimedMessage[] = [];

  private constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly directory: string,
    private readonly home: TestDatabase | null,
    private readonly ownsHome: boolean,
  ) {}

  static async start(kind: DatabaseKind, city = 'quiet'): Promise<QuietNode> {
    const home = kind === 'server' ? await createTestDatabase('server') : null;
    return QuietNode.#create(city, home, home);
  }

  /** Another instance on the database of this node, which must be a server. */
  sibling(): Promise<QuietNode> {
    return QuietNode.#create(this.environment.HANSA_CITY ?? '', this.home, null);
  }

  static async #create(city: string, home: TestDatabase | null, own: TestDatabase | null): Promise<QuietNode> {
    const directory = await mkdtemp(join(tmpdir(), 'hansa-quiet-'));
    const environment = {
      HANSA_CITY: city,
      HANSA_PUBLIC_URL: `https://${city}.example`,
      HANSA_DATA_DIRECTORY: join(directory, 'data'),
      ...(home?.location.kind === 'server' ? { DATABASE_URL: home.location.url } : {}),
    };
    const node = new QuietNode(environment, directory, home, own !== null);
    await node.#begin();
    return node;
  }

  /** A new process on the same data. */
  async restart(): Promise<void> {
    await this.#running?.stop();
    this.#claimed = [];
    await this.#begin();
  }

  async remove(): Promise<void> {
    await this.#running?.stop();
    if (this.ownsHome) await this.home?.remove();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** A part of the node. */
  get<T>(part: abstract new (...args: never[]) => T): T {
    if (!this.#running) throw new Error('the node has not started');
    return this.#running.app.get<T>(part);
  }

  get did(): Did {
    return this.get(NodeIdentity).did;
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.get(UnitOfWork).run(work);
  }

  /** A concluded agreement that permits every use, unless there is a constraint. */
  agree(
    role: 'consumer' | 'provider',
    {
      id = uuids.next(),
      datasetId = uuids.next(),
      counterparty = peer,
      constraint = [],
    }: Partial<Pick<AgreementRecord, 'id' | 'datasetId' | 'counterparty'>> & {
      readonly constraint?: JsonObject[];
    } = {},
  ): Promise<AgreementRecord> {
    const negotiationId = uuids.next();
    const offer: MessageOffer = {
      '@type': 'Offer',
      '@id': uuids.next(),
      target: datasetId,
      permission: [{ action: 'use', constraint }],
    };
    const address = 'https://peer.example/dsp';
    const opening = {
      type: 'ContractRequestMessage',
      consumerPid: uuids.next() as ConsumerPid,
      callbackAddress: address,
      offer,
    } as const;
    const [now, parties] = [new Date(), { counterparty, address, datasetId, purpose: null, credentials: [] }];
    const [assigner, assignee] = role === 'provider' ? [this.did, counterparty] : [counterparty, this.did];
    const policy = {
      ...offer,
      '@type': 'Agreement',
      '@id': id,
      target: datasetId,
      assigner,
      assignee,
      timestamp: now.toISOString(),
    } as const;
    const { purpose, credentials } = parties;
    const agreed = { negotiationId, role, counterparty, address, purpose, credentials, supersedes: null };
    const agreement = concludedAgreement(policy, agreed);
    return this.transaction(async (tx) => {
      const negotiation = admitNegotiation(opening, negotiationId);
      const nothing = { decision: null, handling: null, awaiting: null, supersedes: null };
      const rest = { ...nothing, createdAt: now, updatedAt: now };
      await this.get(Negotiations).insert(tx, { id: negotiationId, ...parties, negotiation, ...rest });
      await this.get(Agreements).insert(tx, agreement);
      return agreement;
    });
  }

  /** The next message of a process, as the relay would take it when its time has come; null when there is nothing to say. */
  async next(processId: string): Promise<(ClaimedMessage & { readonly type: string }) | null> {
    await this.transaction(({ manager }) =>
      manager.query('UPDATE outbox SET due_at = now() WHERE process_id = $1 AND attempts = 0', [processId]),
    );
    this.#claimed = [...this.#claimed, ...(await this.get(Outbox).claim(1000))];
    const message = this.#claimed.find((one) => one.processId === processId);
    if (!message) return null;
    this.#claimed = this.#claimed.filter((one) => one !== message);
    return { ...message, type: JSON.parse(message.body)['@type'] };
  }

  /** The peer accepts a message. */
  acknowledge(message: ClaimedMessage, body?: Json): Promise<void> {
    return this.#settle(message, (tx) =>
      this.get(Outbox).handlerOf(message.topic).acknowledged(tx, message, { status: 200, body }),
    );
  }

  /** The peer refuses a message for good. */
  refuse(message: ClaimedMessage): Promise<void> {
    return this.#settle(message, (tx) => this.get(Outbox).handlerOf(message.topic).refused(tx, message, 'refused'));
  }

  /** The peer could not be reached for as long as the retry policy allows. */
  giveUp(message: ClaimedMessage): Promise<void> {
    return this.get(Outbox).bury(message, 'unreachable');
  }

  /** An operator takes a message back that was given up. */
  async withdraw(message: ClaimedMessage): Promise<void> {
    if (!(await this.transaction((tx) => this.get(Outbox).withdraw(tx, message.id, 'withdrawn'))))
      throw new Error('the message was not given up');
  }

  /** How many rows a table has. */
  async count(table: 'negotiation' | 'transfer' | 'outbox' | 'inbox' | 'ledger_entry'): Promise<number> {
    return this.transaction(async ({ manager }) => {
      const [row] = await manager.query(`SELECT count(*)::int AS rows FROM ${table}`);
      return row.rows;
    });
  }

  #settle(message: ClaimedMessage, tell: (tx: Transaction) => Promise<void>): Promise<void> {
    return this.transaction(async (tx) => {
      if (!(await this.get(Outbox).settle(tx, message))) throw new Error('the message was settled before');
      await tell(tx);
    });
  }

  async #begin(): Promise<void> {
    const config = must(await readConfig(this.environment));
    const log = createLogger({ level: 'error', name: 'quiet' });
    const database = await openNodeDatabase(config);
    // No peer exists, so none is there at a second look.
    const client = createGuardedClient({ retry: () => null });
    const jobs = await openPostgresJobQueue(database.pool(jobPoolConfig), { onError: () => {} });
    const keys = await loadKeys(join(config.dataDirectory, 'keys'), didOf(config.publicUrl));
    const identity = new NodeIdentity(config.publicUrl, keys, []);
    const parts = {
      platform: { config, database, client, jobs, log },
      identity,
      adminToken: 'not-used-without-a-server',
    };
    const app = await NestFactory.createApplicationContext(AppModule.with(parts), {
      logger: false,
      abortOnError: false,
    });
    const stop = async (): Promise<void> => {
      await app.close();
      await jobs.close();
      await client.close();
      await database.close();
    };
    this.#running = { app, stop };
  }
}
