import { join } from 'node:path';
import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, Inbox, type JobQueue, Outbox, UnitOfWork } from '@hansa/platform';
import { TableEngine } from '@hansa/tabular';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Datasets, dspBasePath, PeerCatalog } from '../catalog/index.js';
import type { NodeConfig } from '../config/index.js';
import { NodeIdentity } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { AgreementDependants, Agreements, EndAgreement } from '../negotiation/index.js';
import { UseCheck } from '../policy/index.js';
import { CLOCK, CONFIG, DATABASE, HTTP, IDS, JOBS } from '../server/index.js';
import { Consume } from './consume.js';
import { dependentTransfers } from './dependent-transfers.js';
import { DspTransferController } from './dsp-transfer.controller.js';
import { ManagementTransferController } from './management-transfer.controller.js';
import { TransferProgress } from './progress.js';
import { Pushes } from './pushes.js';
import { ReceiveTransferMessage } from './receive-message.js';
import { ReceivePush } from './receive-push.js';
import { ReceivedData } from './received-data.js';
import { ShowTransfer } from './show-transfer.js';
import { SinkController } from './sink.controller.js';
import { TransferCommands } from './transfer-commands.js';
import { TransferDelivery } from './transfer-delivery.js';
import { automaticTransfers, TRANSFER_STRATEGY, type TransferStrategy } from './transfer-strategy.js';
import { Transfers } from './transfers.js';

const receivedFiles = ({ dataDirectory }: NodeConfig): string => join(dataDirectory, 'received');

/** Where providers bring data to. */
export const sinkPath = '/data/received';

@Global()
@Module({
  controllers: [DspTransferController, ManagementTransferController, SinkController],
  providers: [
    { provide: Transfers, inject: [DATABASE], useFactory: (db: Database) => new Transfers(db.dataSource) },
    { provide: Pushes, inject: [DATABASE], useFactory: (db: Database) => new Pushes(db.dataSource) },
    { provide: TRANSFER_STRATEGY, useValue: automaticTransfers },
    {
      provide: TransferProgress,
      inject: [Transfers, Agreements, Outbox, Pushes, Ledger, TRANSFER_STRATEGY, NodeIdentity, CLOCK, IDS],
      useFactory: (
        transfers: Transfers,
        agreements: Agreements,
        outbox: Outbox,
        pushes: Pushes,
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
          pushes,
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
      inject: [UnitOfWork, Inbox, Transfers, Agreements, Datasets, TransferProgress, UseCheck, HTTP, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        inbox: Inbox,
        transfers: Transfers,
        agreements: Agreements,
        datasets: Datasets,
        progress: TransferProgress,
        uses: UseCheck,
        client: GuardedClient,
        clock: Clock,
        ids: Ids,
      ) =>
        new ReceiveTransferMessage(
          unitOfWork,
          inbox,
          transfers,
          agreements,
          datasets,
          progress,
          uses,
          client,
          clock,
          ids,
        ),
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
        dependants.findTransfersBy((agreementId) => dependentTransfers(dataSource, agreementId));
        const sinks = `${identity.publicUrl}${sinkPath}`;
        const commands = new TransferCommands(unitOfWork, transfers, agreements, progress, callback, sinks, clock, ids);
        endAgreement.alsoEnd((tx, agreement) => commands.endAll(tx, agreement.id));
        return commands;
      },
    },
    {
      provide: ReceivedData,
      inject: [DATABASE, Ledger, CLOCK, IDS],
      useFactory: (db: Database, ledger: Ledger, clock: Clock, ids: Ids) =>
        new ReceivedData(db.dataSource, ledger, clock, ids),
    },
    {
      provide: ReceivePush,
      inject: [UnitOfWork, Transfers, Agreements, ReceivedData, TableEngine, CONFIG, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        transfers: Transfers,
        agreements: Agreements,
        received: ReceivedData,
        tables: TableEngine,
        config: NodeConfig,
        clock: Clock,
        ids: Ids,
      ) => new ReceivePush(unitOfWork, transfers, agreements, received, tables, receivedFiles(config), clock, ids),
    },
    {
      provide: ShowTransfer,
      inject: [Pushes, JOBS],
      useFactory: (pushes: Pushes, queue: JobQueue) => new ShowTransfer(pushes, queue),
    },
    {
      provide: Consume,
      inject: [
        UnitOfWork,
        Transfers,
        Agreements,
        HTTP,
        TableEngine,
        ReceivedData,
        PeerCatalog,
        TransferCommands,
        CONFIG,
        CLOCK,
        IDS,
      ],
      useFactory: (
        unitOfWork: UnitOfWork,
        transfers: Transfers,
        agreements: Agreements,
        client: GuardedClient,
        tables: TableEngine,
        received: ReceivedData,
        peers: PeerCatalog,
        commands: TransferCommands,
        config: NodeConfig,
        clock: Clock,
        ids: Ids,
      ) => {
        const directory = receivedFiles(config);
        return new Consume(
          unitOfWork,
          transfers,
          agreements,
          client,
          tables,
          received,
          peers,
          commands,
          directory,
          clock,
          ids,
        );
      },
    },
  ],
  exports: [Consume, Transfers, TransferCommands, Pushes],
})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class TransferModule {
  /** @param strategy takes the place of the automatic one. */
  static with(strategy?: TransferStrategy): DynamicModule {
    return { module: TransferModule, providers: strategy ? [{ provide: TRANSFER_STRATEGY, useValue: strategy }] : [] };
  }
}
