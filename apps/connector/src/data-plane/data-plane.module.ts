import { join } from 'node:path';
import type { Clock } from '@hansa/kernel';
import { UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import { Module } from '@nestjs/common';
import { Datasets } from '../catalog/index.js';
import type { NodeConfig } from '../config/index.js';
import { Ledger } from '../ledger/index.js';
import { Agreements } from '../negotiation/index.js';
import { UseCheck } from '../policy/index.js';
import { CLOCK, CONFIG } from '../server/index.js';
import { Transfers } from '../transfer/index.js';
import { Access } from './access.js';
import { DataPlaneController } from './data-plane.controller.js';
import { Representations } from './representations.js';

@Module({
  controllers: [DataPlaneController],
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
      provide: Representations,
      inject: [TableEngine, CONFIG],
      useFactory: (tables: TableEngine, config: NodeConfig) =>
        new Representations(tables, join(config.dataDirectory, 'representations')),
    },
  ],
})
export class DataPlaneModule {}
