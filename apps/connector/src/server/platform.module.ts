import { type Clock, type Ids, systemClock, uuids } from '@hansa/kernel';
import {
  createMetrics,
  type Database,
  type GuardedClient,
  Inbox,
  type JobQueue,
  type Logger,
  Outages,
  Outbox,
  UnitOfWork,
} from '@hansa/platform';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { NodeConfig } from '../config/index.js';
import { HealthController } from './health.controller.js';
import { HealthChecks } from './health-checks.js';
import { CLOCK, CONFIG, DATABASE, HTTP, IDS, JOBS, LOGGER, METRICS } from './tokens.js';

/** What every feature may use: settings, time, ids, database, outgoing HTTP, jobs, log and measurements. */
export interface Platform {
  readonly config: NodeConfig;
  readonly database: Database;
  readonly client: GuardedClient;
  readonly jobs: JobQueue;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class PlatformModule {
  static with({ config, database, client, jobs, log, clock = systemClock, ids = uuids }: Platform): DynamicModule {
    const health = new HealthChecks();
    health.register('database', async () => {
      await database.dataSource.query('SELECT 1');
    });
    return {
      module: PlatformModule,
      controllers: [HealthController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: DATABASE, useValue: database },
        { provide: HTTP, useValue: client },
        { provide: JOBS, useValue: jobs },
        { provide: LOGGER, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: IDS, useValue: ids },
        { provide: METRICS, useFactory: createMetrics },
        { provide: HealthChecks, useValue: health },
        { provide: UnitOfWork, useValue: new UnitOfWork(database.dataSource) },
        { provide: Outbox, useValue: new Outbox(database.dataSource) },
        { provide: Outages, useValue: new Outages(database.dataSource) },
        { provide: Inbox, useValue: new Inbox() },
      ],
      exports: [
        CONFIG,
        DATABASE,
        HTTP,
        JOBS,
        LOGGER,
        CLOCK,
        IDS,
        METRICS,
        HealthChecks,
        UnitOfWork,
        Outbox,
        Outages,
        Inbox,
      ],
    };
  }
}
