import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type Logger, Outbox, UnitOfWork } from '@hansa/platform';
import { Global, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Datasets } from '../../catalog/index.js';
import { Ledger } from '../../ledger/index.js';
import { CLOCK, DATABASE, IDS, LOGGER } from '../../server/index.js';
import { AgreementDependants } from './agreement-dependants.js';
import { AgreementExpiry } from './agreement-expiry.js';
import { AgreementServiceController } from './agreement-service.controller.js';
import { Agreements } from './agreements.js';
import { EndAgreement } from './end-agreement.js';
import { ManagementAgreementController } from './management-agreement.controller.js';
import { TerminationDelivery } from './termination-delivery.js';

@Injectable()
class ExpiryLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly expiry: AgreementExpiry) {}

  onApplicationBootstrap(): void {
    this.expiry.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.expiry.stop();
  }
}

/** What was agreed: from its conclusion to its end. */
@Global()
@Module({
  controllers: [ManagementAgreementController, AgreementServiceController],
  providers: [
    {
      provide: Agreements,
      inject: [DATABASE, CLOCK],
      useFactory: (db: Database, clock: Clock) => new Agreements(db.dataSource, clock),
    },
    {
      provide: EndAgreement,
      inject: [UnitOfWork, Agreements, Outbox, Ledger, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        agreements: Agreements,
        outbox: Outbox,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
      ) => {
        outbox.handle(new TerminationDelivery(agreements, ledger));
        return new EndAgreement(unitOfWork, agreements, outbox, ledger, clock, ids);
      },
    },
    {
      provide: AgreementExpiry,
      inject: [Agreements, EndAgreement, CLOCK, LOGGER],
      useFactory: (agreements: Agreements, endings: EndAgreement, clock: Clock, log: Logger) =>
        new AgreementExpiry(agreements, endings, clock, log),
    },
    ExpiryLifecycle,
    {
      provide: AgreementDependants,
      inject: [DATABASE, Agreements, Datasets, Ledger],
      useFactory: (db: Database, agreements: Agreements, datasets: Datasets, ledger: Ledger) =>
        new AgreementDependants(db.dataSource, agreements, datasets, ledger),
    },
  ],
  exports: [Agreements, EndAgreement, AgreementDependants],
})
export class AgreementModule {}
