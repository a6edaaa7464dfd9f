import type { Clock } from '@hansa/kernel';
import { type Database, UnitOfWork } from '@hansa/platform';
import { Global, Module } from '@nestjs/common';
import { Ledger } from '../../ledger/index.js';
import { CLOCK, DATABASE } from '../../server/index.js';
import { Agreements } from './agreements.js';
import { EndAgreement } from './end-agreement.js';
import { ManagementAgreementController } from './management-agreement.controller.js';

/** What was agreed: from its conclusion to its end. */
@Global()
@Module({
  controllers: [ManagementAgreementController],
  providers: [
    { provide: Agreements, inject: [DATABASE], useFactory: (db: Database) => new Agreements(db.dataSource) },
    {
      provide: EndAgreement,
      inject: [UnitOfWork, Agreements, Ledger, CLOCK],
      useFactory: (unitOfWork: UnitOfWork, agreements: Agreements, ledger: Ledger, clock: Clock) =>
        new EndAgreement(unitOfWork, agreements, ledger, clock),
    },
  ],
  exports: [Agreements, EndAgreement],
})
export class AgreementModule {}
