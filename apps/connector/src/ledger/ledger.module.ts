import type { Clock, Did } from '@hansa/kernel';
import type { NoteSigner } from '@hansa/ledger';
import { type Database, type Logger, UnitOfWork } from '@hansa/platform';
import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, DATABASE, LOGGER } from '../server/index.js';
import { LedgerController } from './ledger.controller.js';
import { Ledger } from './ledger.js';
import { Sequencer } from './sequencer.js';

/** Whose ledger it is. */
export interface LedgerOwner {
  readonly did: Did;
  readonly signer: NoteSigner;
}

@Injectable()
class SequencerLifecycle implements OnApplicationShutdown {
  constructor(private readonly sequencer: Sequencer) {}

  onApplicationShutdown(): Promise<void> {
    return this.sequencer.stop();
  }
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
          provide: Sequencer,
          inject: [UnitOfWork, LOGGER],
          useFactory: (unitOfWork: UnitOfWork, log: Logger) =>
            new Sequencer(unitOfWork, (error) => log.error('entries wait for their places in the ledger', { error })),
        },
        {
          provide: Ledger,
          inject: [DATABASE, CLOCK, Sequencer],
          useFactory: (database: Database, clock: Clock, sequencer: Sequencer) =>
            new Ledger(database.dataSource, signer, did, clock, sequencer),
        },
        SequencerLifecycle,
      ],
      exports: [Ledger],
    };
  }
}
