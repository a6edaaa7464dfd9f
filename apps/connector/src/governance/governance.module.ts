import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SoftwareReference } from '@hansa/fair';
import { ModelHost } from '@hansa/inference';
import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type JobQueue, type Logger, UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import {
  type BeforeApplicationShutdown,
  Global,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Datasets, HOSTED_MODELS, SourceFiles } from '../catalog/index.js';
import { type NodeConfig, packageRoot } from '../config/index.js';
import { DidResolver, NodeIdentity, StatusLists } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { HANSA_METRICS, type HansaMetrics } from '../metrics/index.js';
import { AUDIT_FACTS } from '../policy/index.js';
import { CLOCK, CONFIG, DATABASE, HealthChecks, IDS, JOBS, LOGGER } from '../server/index.js';
import { AnswerFinding } from './audits/answer-finding.js';
import { AuditFindingsController } from './audits/audit-findings.controller.js';
import { AuditJobs, localAudits } from './audits/audit-jobs.js';
import { AuditResponses } from './audits/audit-responses.js';
import { AuditStatusList } from './audits/audit-status-list.js';
import { AuditStatusListController, AuditsController } from './audits/audits.controller.js';
import { Audits } from './audits/audits.js';
import { CountersignAudit } from './audits/countersign-audit.js';
import { ModelAuditFacts } from './audits/model-audit-facts.js';
import { PlanAudit } from './audits/plan-audit.js';
import { RerunAudit } from './audits/rerun-audit.js';
import { RevokeAudit } from './audits/revoke-audit.js';
import { RunAudit } from './audits/run-audit.js';
import { AnswerCounts } from './counts/answer-counts.js';
import { CountRows } from './counts/count-rows.js';
import { HandedCountsStore } from './counts/handed-counts-store.js';
import { ExplainCase } from './explanations/explain-case.js';
import { ExplanationService } from './explanations/explanation-service.js';
import { ExplanationsController } from './explanations/explanations.controller.js';
import { Explanations } from './explanations/explanations.js';
import { defaultRequestRows, type InferenceLimits, modelHostLimits } from './inference/inference-limits.js';
import { InferenceService } from './inference/inference-service.js';
import { LocalRows } from './inference/local-rows.js';
import { ScoreDataset } from './inference/score-dataset.js';
import { BLOBS, type Blobs } from './models/blobs.port.js';
import { FileBlobs } from './models/file-blobs.js';
import { ModelsController } from './models/models.controller.js';
import { Models } from './models/models.js';
import { RegisterModel } from './models/register-model.js';
import { AuditReports } from './register/audit-reports.js';
import { PublicRegister } from './register/public-register.js';
import { RegisterController } from './register/register.controller.js';
import { registerProviders } from './register/register.providers.js';

const LIMITS = Symbol('inference limits');
/** The {@link SoftwareReference} of this node. */
export const SOFTWARE = Symbol('software');

const modelProviders = [
  { provide: Models, inject: [DATABASE], useFactory: (db: Database) => new Models(db.dataSource) },
  { provide: HOSTED_MODELS, useExisting: Models },
  {
    provide: BLOBS,
    inject: [CONFIG],
    useFactory: (config: NodeConfig) => new FileBlobs(join(config.dataDirectory, 'blobs')),
  },
  {
    provide: RegisterModel,
    inject: [UnitOfWork, Models, BLOBS, ModelHost, Ledger, CLOCK, IDS],
    useFactory: (
      unitOfWork: UnitOfWork,
      models: Models,
      blobs: Blobs,
      host: ModelHost,
      ledger: Ledger,
      clock: Clock,
      ids: Ids,
    ) => new RegisterModel(unitOfWork, models, blobs, host, ledger, clock, ids),
  },
];

const inferenceProviders = [
  {
    provide: LIMITS,
    inject: [CONFIG],
    useFactory: ({ limits }: NodeConfig): InferenceLimits => ({
      memoryMiB: limits.modelMemoryMiB,
      runMs: limits.modelSeconds * 1000,
      rows: defaultRequestRows,
    }),
  },
  {
    provide: ModelHost,
    inject: [LIMITS],
    useFactory: (limits: InferenceLimits) => new ModelHost(modelHostLimits(limits)),
  },
  {
    provide: InferenceService,
    inject: [Models, BLOBS, ModelHost, LIMITS, HANSA_METRICS],
    useFactory: (
      models: Models,
      blobs: Blobs,
      host: ModelHost,
      limits: InferenceLimits,
      { inference }: HansaMetrics,
    ): InferenceService =>
      new InferenceService(models, blobs, host, limits, (outcome, seconds) => inference.observe({ outcome }, seconds)),
  },
  {
    provide: LocalRows,
    inject: [Datasets, SourceFiles, TableEngine, CONFIG],
    useFactory: (datasets: Datasets, sources: SourceFiles, tables: TableEngine, config: NodeConfig) =>
      new LocalRows(datasets, sources, tables, join(config.dataDirectory, 'scratch')),
  },
  {
    provide: ScoreDataset,
    inject: [InferenceService, ModelHost, LocalRows],
    useFactory: (inference: InferenceService, host: ModelHost, rows: LocalRows) =>
      new ScoreDataset(inference, host, rows),
  },
];

const auditProviders = [
  {
    provide: SOFTWARE,
    useFactory: (): SoftwareReference => {
      const { name, version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
      return { name, version };
    },
  },
  { provide: Audits, inject: [DATABASE], useFactory: (db: Database) => new Audits(db.dataSource) },
  {
    provide: AuditStatusList,
    inject: [Audits, NodeIdentity, CLOCK],
    useFactory: (audits: Audits, identity: NodeIdentity, clock: Clock) => new AuditStatusList(audits, identity, clock),
  },
  {
    provide: RunAudit,
    inject: [UnitOfWork, Audits, InferenceService, ModelHost, LocalRows, NodeIdentity, Ledger, CLOCK, SOFTWARE],
    useFactory: (
      unitOfWork: UnitOfWork,
      audits: Audits,
      inference: InferenceService,
      host: ModelHost,
      rows: LocalRows,
      identity: NodeIdentity,
      ledger: Ledger,
      clock: Clock,
      software: SoftwareReference,
    ) => new RunAudit(unitOfWork, audits, inference, host, rows, identity, ledger, clock, software),
  },
  {
    provide: AuditJobs,
    inject: [JOBS, Audits, RunAudit, LOGGER],
    useFactory: (queue: JobQueue, audits: Audits, runAudit: RunAudit, log: Logger) =>
      new AuditJobs(queue, audits, runAudit, log, localAudits),
  },
  {
    provide: PlanAudit,
    inject: [UnitOfWork, Audits, Models, LocalRows, AuditJobs, Ledger, CLOCK, IDS],
    useFactory: (
      unitOfWork: UnitOfWork,
      audits: Audits,
      models: Models,
      rows: LocalRows,
      jobs: AuditJobs,
      ledger: Ledger,
      clock: Clock,
      ids: Ids,
    ) => new PlanAudit(unitOfWork, audits, models, rows, jobs, ledger, clock, ids, Math.random),
  },
  {
    provide: RevokeAudit,
    inject: [UnitOfWork, Audits, Ledger, CLOCK],
    useFactory: (unitOfWork: UnitOfWork, audits: Audits, ledger: Ledger, clock: Clock) =>
      new RevokeAudit(unitOfWork, audits, ledger, clock),
  },
  {
    provide: RerunAudit,
    inject: [UnitOfWork, Datasets, Models, RunAudit, Ledger],
    useFactory: (unitOfWork: UnitOfWork, datasets: Datasets, models: Models, runAudit: RunAudit, ledger: Ledger) =>
      new RerunAudit(unitOfWork, datasets, models, runAudit, ledger),
  },
  {
    provide: AuditResponses,
    inject: [DATABASE, CLOCK],
    useFactory: (db: Database, clock: Clock) => new AuditResponses(db.dataSource, clock),
  },
  {
    provide: AnswerFinding,
    inject: [UnitOfWork, Audits, AuditResponses, Ledger],
    useFactory: (unitOfWork: UnitOfWork, audits: Audits, responses: AuditResponses, ledger: Ledger) =>
      new AnswerFinding(unitOfWork, audits, responses, ledger),
  },
  {
    provide: CountersignAudit,
    inject: [
      UnitOfWork,
      Audits,
      AuditResponses,
      AuditStatusList,
      NodeIdentity,
      DidResolver,
      StatusLists,
      Ledger,
      CLOCK,
    ],
    useFactory: (
      unitOfWork: UnitOfWork,
      audits: Audits,
      responses: AuditResponses,
      statusList: AuditStatusList,
      identity: NodeIdentity,
      dids: DidResolver,
      lists: StatusLists,
      ledger: Ledger,
      clock: Clock,
    ) =>
      new CountersignAudit(
        unitOfWork,
        audits,
        responses,
        statusList,
        identity,
        { resolveDid: dids.resolve, fetchList: lists.fetch },
        ledger,
        clock,
      ),
  },
  {
    provide: AUDIT_FACTS,
    inject: [Datasets, Models, Audits, AuditStatusList, NodeIdentity, DidResolver, CLOCK],
    useFactory: (
      datasets: Datasets,
      models: Models,
      audits: Audits,
      statusList: AuditStatusList,
      identity: NodeIdentity,
      dids: DidResolver,
      clock: Clock,
    ) => new ModelAuditFacts(datasets, models, audits, statusList, identity, dids.resolve, clock),
  },
];

const federationProviders = [
  {
    provide: HandedCountsStore,
    inject: [DATABASE],
    useFactory: (db: Database) => new HandedCountsStore(db.dataSource),
  },
  {
    provide: CountRows,
    inject: [Models, InferenceService, ModelHost, LocalRows, NodeIdentity, CLOCK, SOFTWARE],
    useFactory: (
      models: Models,
      inference: InferenceService,
      host: ModelHost,
      rows: LocalRows,
      identity: NodeIdentity,
      clock: Clock,
      software: SoftwareReference,
    ) => new CountRows(models, inference, host, rows, identity.did, clock, software),
  },
  {
    provide: AnswerCounts,
    inject: [UnitOfWork, HandedCountsStore, CountRows, NodeIdentity, CLOCK, IDS, LOGGER, CONFIG],
    useFactory: (
      unitOfWork: UnitOfWork,
      store: HandedCountsStore,
      countRows: CountRows,
      identity: NodeIdentity,
      clock: Clock,
      ids: Ids,
      log: Logger,
      { audits }: NodeConfig,
    ) => new AnswerCounts(unitOfWork, store, countRows, identity, clock, ids, log, audits.minimumCell),
  },
];

const explanationProviders = [
  { provide: Explanations, inject: [DATABASE], useFactory: (db: Database) => new Explanations(db.dataSource) },
  {
    provide: ExplainCase,
    inject: [ModelHost, LocalRows],
    useFactory: (host: ModelHost, rows: LocalRows) => new ExplainCase(host, rows),
  },
  {
    provide: ExplanationService,
    inject: [InferenceService, ExplainCase, Explanations, UnitOfWork, Ledger, CLOCK, IDS],
    useFactory: (
      inference: InferenceService,
      explainCase: ExplainCase,
      explanations: Explanations,
      unitOfWork: UnitOfWork,
      ledger: Ledger,
      clock: Clock,
      ids: Ids,
    ) => new ExplanationService(inference, explainCase, explanations, unitOfWork, ledger, clock, ids),
  },
  {
    provide: AuditReports,
    inject: [Models, Audits, Explanations, AuditResponses],
    useFactory: (models: Models, audits: Audits, explanations: Explanations, responses: AuditResponses) =>
      new AuditReports(models, audits, explanations, responses),
  },
];

/** Models that this node hosts: run, audited, explained, and shown in the public register. */
@Global()
@Module({
  controllers: [
    ModelsController,
    AuditsController,
    AuditFindingsController,
    AuditStatusListController,
    ExplanationsController,
    RegisterController,
  ],
  providers: [
    ...modelProviders,
    ...inferenceProviders,
    ...auditProviders,
    ...federationProviders,
    ...explanationProviders,
    ...registerProviders,
  ],
  exports: [
    AnswerCounts,
    Audits,
    PlanAudit,
    RunAudit,
    SOFTWARE,
    InferenceService,
    ExplanationService,
    AUDIT_FACTS,
    HOSTED_MODELS,
    AuditReports,
    PublicRegister,
  ],
})
export class GovernanceModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly host: ModelHost,
    private readonly jobs: AuditJobs,
    private readonly rows: LocalRows,
    private readonly counts: AnswerCounts,
    health: HealthChecks,
    @Inject(BLOBS) blobs: Blobs,
  ) {
    health.register('models', () => blobs.check());
    health.register('audits', () => jobs.check());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.rows.clear();
    await this.jobs.start();
  }

  /** Before the others stop: a run that loses its tables or its model in the middle would look like a failed audit. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.jobs.stop(), this.counts.stop()]);
  }

  onApplicationShutdown(): Promise<void> {
    return this.host.close();
  }
}
