import type { SoftwareReference } from '@hansa/fair';
import type { Clock } from '@hansa/kernel';
import { type Database, type JobQueue, type Logger, UnitOfWork } from '@hansa/platform';
import { type BeforeApplicationShutdown, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditJobs, Audits, federatedAudits, PlanAudit, RunAudit, SOFTWARE } from '../governance/index.js';
import { DidResolver } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { Agreements } from '../negotiation/index.js';
import { CLOCK, DATABASE, HealthChecks, JOBS, LOGGER } from '../server/index.js';
import { Consume, TransferCommands, Transfers } from '../transfer/index.js';
import { AskCity } from './ask-city.js';
import { AuditCities } from './audit-cities.js';
import { FederatedAuditsController } from './federated-audits.controller.js';
import { PlanFederation } from './plan-federation.js';
import { RunFederation } from './run-federation.js';

const FEDERATION_JOBS = Symbol('jobs of federated audits');

/** Audits of several cities over the data space. */
@Module({
  controllers: [FederatedAuditsController],
  providers: [
    { provide: AuditCities, inject: [DATABASE], useFactory: (db: Database) => new AuditCities(db.dataSource) },
    {
      provide: AskCity,
      inject: [UnitOfWork, AuditCities, Transfers, TransferCommands, Consume, Ledger, DidResolver, CLOCK],
      useFactory: (
        unitOfWork: UnitOfWork,
        cities: AuditCities,
        transfers: Transfers,
        commands: TransferCommands,
        consume: Consume,
        ledger: Ledger,
        dids: DidResolver,
        clock: Clock,
      ) => new AskCity(unitOfWork, cities, transfers, commands, consume, ledger, dids.resolve, clock),
    },
    {
      provide: RunFederation,
      inject: [Audits, AuditCities, AskCity, RunAudit, DidResolver, CLOCK, SOFTWARE],
      useFactory: (
        audits: Audits,
        cities: AuditCities,
        askCity: AskCity,
        runAudit: RunAudit,
        dids: DidResolver,
        clock: Clock,
        software: SoftwareReference,
      ) => new RunFederation(audits, cities, askCity, runAudit, dids.resolve, clock, software),
    },
    {
      provide: FEDERATION_JOBS,
      inject: [JOBS, Audits, RunFederation, LOGGER],
      useFactory: (queue: JobQueue, audits: Audits, runner: RunFederation, log: Logger) =>
        new AuditJobs(queue, audits, runner, log, federatedAudits),
    },
    {
      provide: PlanFederation,
      inject: [Agreements, PlanAudit, AuditCities, FEDERATION_JOBS, CLOCK],
      useFactory: (agreements: Agreements, planAudit: PlanAudit, cities: AuditCities, jobs: AuditJobs, clock: Clock) =>
        new PlanFederation(agreements, planAudit, cities, jobs, clock),
    },
  ],
})
export class FederationModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(FEDERATION_JOBS) private readonly jobs: AuditJobs,
    health: HealthChecks,
  ) {
    health.register('federated audits', () => jobs.check());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.jobs.start();
  }

  /** What is under way goes on when the node is back. */
  beforeApplicationShutdown(): Promise<void> {
    return this.jobs.stop();
  }
}
