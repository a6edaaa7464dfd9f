import { join } from 'node:path';
import { backoff, type Clock } from '@hansa/kernel';
import { type Database, type GuardedClient, type JobQueue, type Logger, UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import { type BeforeApplicationShutdown, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Datasets, SourceFiles } from '../catalog/index.js';
import type { NodeConfig } from '../config/index.js';
import { Ledger } from '../ledger/index.js';
import { Agreements } from '../negotiation/index.js';
import { UseCheck } from '../policy/index.js';
import { CLOCK, CONFIG, DATABASE, HealthChecks, HTTP, JOBS, LOGGER } from '../server/index.js';
import { Pushes, TransferCommands, Transfers } from '../transfer/index.js';
import { Access } from './access.js';
import { CountsController } from './counts.controller.js';
import { DataPlaneController } from './data-plane.controller.js';
import { OpenStreams } from './open-streams.js';
import { PushData } from './push-data.js';
import { PushJobs } from './push-jobs.js';
import { Representations } from './representations.js';

/** A sink that fails for an hour has its transfer suspended. */
const pushRetry = backoff(Math.random, { base: 1000, cap: 60_000, giveUpAfter: 3_600_000 });

@Module({
  controllers: [DataPlaneController, CountsController],
  providers: [
    {
      provide: Access,
      inject: [Transfers, Agreements, Datasets, UseCheck, UnitOfWork, Ledger, CLOCK],
      useFactory: (
        transfers: Transfers,
        agreements: Agreements,
        datasets: Datasets,
        uses: UseCheck,
        unitOfWork: UnitOfWork,
        ledger: Ledger,
        clock: Clock,
      ) => new Access(transfers, agreements, datasets, uses, unitOfWork, ledger, clock),
    },
    {
      provide: OpenStreams,
      inject: [Access, LOGGER],
      useFactory: (access: Access, log: Logger) => new OpenStreams(access, log),
    },
    {
      provide: Representations,
      inject: [TableEngine, CONFIG],
      useFactory: (tables: TableEngine, config: NodeConfig) =>
        new Representations(tables, join(config.dataDirectory, 'representations')),
    },
    {
      provide: PushData,
      inject: [
        Transfers,
        Pushes,
        TransferCommands,
        Access,
        SourceFiles,
        Representations,
        HTTP,
        UnitOfWork,
        Ledger,
        CLOCK,
        LOGGER,
      ],
      useFactory: (
        transfers: Transfers,
        pushes: Pushes,
        commands: TransferCommands,
        access: Access,
        sources: SourceFiles,
        representations: Representations,
        client: GuardedClient,
        unitOfWork: UnitOfWork,
        ledger: Ledger,
        clock: Clock,
        log: Logger,
      ) => {
        const stores = { transfers, pushes, commands, unitOfWork, ledger };
        return new PushData({ ...stores, access, sources, representations, client, clock, log, retry: pushRetry });
      },
    },
    {
      provide: PushJobs,
      inject: [JOBS, Pushes, PushData, CLOCK, LOGGER],
      useFactory: (queue: JobQueue, pushes: Pushes, pushData: PushData, clock: Clock, log: Logger) =>
        new PushJobs(queue, pushes, pushData, clock, log),
    },
  ],
})
export class DataPlaneModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly jobs: PushJobs,
    @Inject(DATABASE) private readonly database: Database,
    health: HealthChecks,
  ) {
    health.register('pushes', () => jobs.check());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.jobs.start(this.database.kind === 'embedded');
  }

  /** Before the parts that a push works with stop. */
  beforeApplicationShutdown(): Promise<void> {
    return this.jobs.stop();
  }
}
