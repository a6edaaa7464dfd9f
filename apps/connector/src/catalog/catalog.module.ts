import { join } from 'node:path';
import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NodeConfig } from '../config/index.js';
import { AUTHORIZE, type Authorize, DidResolver } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { PolicyTemplates } from '../policy/index.js';
import { CLOCK, CONFIG, DATABASE, HTTP, IDS } from '../server/index.js';
import { Datasets } from './datasets.js';
import { DspCatalogController, DspVersionController } from './dsp-catalog.controller.js';
import { HOSTED_MODELS, type HostedModels } from './hosted-models.js';
import { ManagementCatalogController } from './management-catalog.controller.js';
import { PeerCatalog } from './peer-catalog.js';
import { Publish } from './publish.js';
import { SourceFiles } from './source-files.js';

@Global()
@Module({
  controllers: [DspVersionController, DspCatalogController, ManagementCatalogController],
  providers: [
    { provide: TableEngine, useFactory: () => new TableEngine() },
    {
      provide: Datasets,
      inject: [DATABASE],
      useFactory: (database: Database) => new Datasets(database.dataSource),
    },
    {
      provide: SourceFiles,
      inject: [CONFIG, HTTP],
      useFactory: (config: NodeConfig, client: GuardedClient) =>
        new SourceFiles(join(config.dataDirectory, 'sources'), client),
    },
    {
      provide: PeerCatalog,
      inject: [DidResolver, AUTHORIZE, HTTP, IDS],
      useFactory: (dids: DidResolver, authorize: Authorize, client: GuardedClient, ids: Ids) =>
        new PeerCatalog(dids, authorize, client, ids),
    },
    {
      provide: Publish,
      inject: [UnitOfWork, Datasets, SourceFiles, TableEngine, PolicyTemplates, HOSTED_MODELS, Ledger, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        datasets: Datasets,
        sources: SourceFiles,
        tables: TableEngine,
        templates: PolicyTemplates,
        models: HostedModels,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
      ) => new Publish(unitOfWork, datasets, sources, tables, templates, models, ledger, clock, ids),
    },
  ],
  exports: [TableEngine, Datasets, SourceFiles, PeerCatalog],
})
export class CatalogModule implements OnApplicationShutdown {
  constructor(private readonly tables: TableEngine) {}

  onApplicationShutdown(): Promise<void> {
    return this.tables.close();
  }
}
