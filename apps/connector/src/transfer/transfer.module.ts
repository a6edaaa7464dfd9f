import { join } from 'node:path';
import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, Inbox, Outbox, UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { dspBasePath } from '../catalog/index.js';
import type { NodeConfig } from '../config/index.js';
import { NodeIdentity } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { AgreementDependants, Agreements, EndAgreement } from '../negotiation/index.js';
import { UseCheck } from '../policy/index.js';
import { CLOCK, CONFIG, DATABASE, HTTP, IDS } from '../server/index.js';
import { Consume } from './consume.js';
import { dependentTransfers } from './dependent-transfers.js';
import { DspTransferController } from './dsp-transfer.controller.js';
import { ManagementTransferController } from './management-transfer.controller.js';
import { TransferProgress } from './progress.js';
import { ReceiveTransferMessage } from './receive-message.js';
import { TransferCommands } from './transfer-commands.js';
import { TransferDelivery } from './transfer-delivery.js';
import { automaticTransfers, TRANSFER_STRATEGY, type TransferStrategy } from './transfer-strategy.js';
import { Transfers } from './transfers.js';

@Global()
@Module({
  controllers: [DspTransferController, ManagementTransferController],
  providers: [
    { provide: Transfers, inject: [DATABASE], useFactory: (db: Database) => new Transfers(db.dataSource) },
    { provide: TRANSFER_STRATEGY, useValue: automaticTransfers },
    {
      provide: TransferProgress,
      inject: [Transfers, Agreements, Outbox, Ledger, TRANSFER_STRATEGY, NodeIdentity, CLOCK, IDS],
      useFactory: (
        transfers: Transfers,
        agreements: Agreements,
        outbox: Outbox,
        ledger: Ledger,
        strategy: TransferStrategy,
        identity: NodeIdentity,
        clock: Clock,
        ids: Ids,
      ) => {
        const progress = new TransferProgress(
          transfers,
          agreements,
          outbox,
          ledger,
          strategy,
          `${identity.publicUrl}/data`,
          clock,
          ids,
        );
        outbox.handle(new TransferDelivery(transfers, progress));
        return progress;
      },
    },
    {
      provide: ReceiveTransferMessage,
      inject: [UnitOfWork, Inbox, Transfers, Agreements, TransferProgress, UseCheck, HTTP, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        inbox: Inbox,
        transfers: Transfers,
        agreements: Agreements,
        progress: TransferProgress,
        uses: UseCheck,
        client: GuardedClient,
        clock: Clock,
        ids: Ids,
      ) => new ReceiveTransferMessage(unitOfWork, inbox, transfers, agreements, progress, uses, client, clock, ids),
    },
    {
      provide: TransferCommands,
      inject: [
        DATABASE,
        UnitOfWork,
        Transfers,
        Agreements,
        TransferProgress,
        EndAgreement,
        AgreementDependants,
        NodeIdentity,
        CLOCK,
        IDS,
      ],
      useFactory: (
        { dataSource }: Database,
        unitOfWork: UnitOfWork,
        transfers: Transfers,
        agreements: Agreements,
        progress: TransferProgress,
        endAgreement: EndAgreement,
        dependants: AgreementDependants,
        identity: NodeIdentity,
        clock: Clock,
        ids: Ids,
      ) => {
        const callback = `${identity.publicUrl}${dspBasePath}`;
        const commands = new TransferCommands(unitOfWork, transfers, agreements, progress, callback, clock, ids);
        dependants.findTransfersBy((agreementId) => dependentTransfers(dataSource, agreementId));
        endAgreement.alsoEnd((tx, agreement) => commands.endAll(tx, agreement.id));
        return commands;
      },
    },
    {
      provide: Consume,
      inject: [UnitOfWork, Transfers, Agreements, HTTP, TableEngine, Ledger, CONFIG, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        transfers: Transfers,
        agreements: Agreements,
        client: GuardedClient,
        tables: TableEngine,
        ledger: Ledger,
        config: NodeConfig,
        clock: Clock,
        ids: Ids,
      ) => {
        const directory = join(config.dataDirectory, 'received');
        return new Consume(unitOfWork, transfers, agreements, client, tables, ledger, directory, clock, ids);
      },
    },
  ],
  exports: [Transfers, TransferCommands],
})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class TransferModule {
  /** @param strategy takes the place of the automatic one. */
  static with(strategy?: TransferStrategy): DynamicModule {
    return { module: TransferModule, providers: strategy ? [{ provide: TRANSFER_STRATEGY, useValue: strategy }] : [] };
  }
}
