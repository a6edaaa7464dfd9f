import type { Clock, Did } from '@hansa/kernel';
import type { NoteSigner } from '@hansa/ledger';
import type { Database } from '@hansa/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, DATABASE } from '../server/index.js';
import { LedgerController } from './ledger.controller.js';
import { Ledger } from './ledger.js';

/** Whose ledger it is. */
export interface LedgerOwner {
  readonly did: Did;
  readonly signer: NoteSigner;
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class LedgerModule {
  /** The owner is given, and not looked for among the identities of the node: those write into the ledger themselves. */
  static with({ did, signer }: LedgerOwner): DynamicModule {
    return {
      module: LedgerModule,
      global: true,
      controllers: [LedgerController],
      providers: [
        {
          provide: Ledger,
          inject: [DATABASE, CLOCK],
          useFactory: (database: Database, clock: Clock) => new Ledger(database.dataSource, signer, did, clock),
        },
      ],
      exports: [Ledger],
    };
  }
}
