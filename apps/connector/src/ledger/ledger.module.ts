import type { Clock } from '@hansa/kernel';
import type { Database } from '@hansa/platform';
import { Global, Module } from '@nestjs/common';
import { NodeIdentity } from '../identity/index.js';
import { CLOCK, DATABASE } from '../server/index.js';
import { LedgerController } from './ledger.controller.js';
import { Ledger } from './ledger.js';

@Global()
@Module({
  controllers: [LedgerController],
  providers: [
    {
      provide: Ledger,
      inject: [DATABASE, NodeIdentity, CLOCK],
      useFactory: (database: Database, identity: NodeIdentity, clock: Clock) =>
        new Ledger(database.dataSource, identity.noteSigner(), identity.did, clock),
    },
  ],
  exports: [Ledger],
})
export class LedgerModule {}
