import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, Inbox, type Logger, Outbox, UnitOfWork } from '@hansa/platform';
import {
  type DynamicModule,
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Datasets, dspBasePath, PeerCatalog } from '../catalog/index.js';
import { NodeIdentity } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { Decisions } from '../policy/index.js';
import { CLOCK, DATABASE, HTTP, IDS, LOGGER } from '../server/index.js';
import { AgreementModule } from './agreements/agreement.module.js';
import { Agreements } from './agreements/agreements.js';
import { EndAgreement } from './agreements/end-agreement.js';
import { AutomaticStrategy } from './automatic-strategy.js';
import { Deadlines } from './deadlines.js';
import { DecideHeld } from './decide-held.js';
import { DspNegotiationController } from './dsp-negotiation.controller.js';
import { HeldNegotiationController } from './held-negotiation.controller.js';
import { ManagementNegotiationController } from './management-negotiation.controller.js';
import { NegotiationCommands } from './negotiation-commands.js';
import { NegotiationDelivery } from './negotiation-delivery.js';
import { NEGOTIATION_STRATEGY, type NegotiationStrategy } from './negotiation-strategy.js';
import { Negotiations } from './negotiations.js';
import { OfferTerms } from './offer-terms.js';
import { NegotiationProgress } from './progress.js';
import { ReceiveNegotiationMessage } from './receive-message.js';

@Global()
@Module({
  imports: [AgreementModule],
  controllers: [DspNegotiationController, ManagementNegotiationController, HeldNegotiationController],
  providers: [
    { provide: Negotiations, inject: [DATABASE], useFactory: (db: Database) => new Negotiations(db.dataSource) },
    {
      provide: NEGOTIATION_STRATEGY,
      inject: [NodeIdentity, IDS],
      useFactory: (identity: NodeIdentity, ids: Ids) => new AutomaticStrategy(identity.did, ids),
    },
    {
      provide: NegotiationProgress,
      inject: [Negotiations, Agreements, EndAgreement, Outbox, Ledger, NEGOTIATION_STRATEGY, CLOCK, IDS],
      useFactory: (
        negotiations: Negotiations,
        agreements: Agreements,
        endings: EndAgreement,
        outbox: Outbox,
        ledger: Ledger,
        strategy: NegotiationStrategy,
        clock: Clock,
        ids: Ids,
      ) => {
        const progress = new NegotiationProgress(
          negotiations,
          agreements,
          endings,
          outbox,
          ledger,
          strategy,
          clock,
          ids,
        );
        outbox.handle(new NegotiationDelivery(negotiations, progress));
        return progress;
      },
    },
    {
      provide: OfferTerms,
      inject: [Datasets, Decisions, NodeIdentity],
      useFactory: (datasets: Datasets, decisions: Decisions, identity: NodeIdentity) =>
        new OfferTerms(datasets, decisions, identity.did),
    },
    {
      provide: ReceiveNegotiationMessage,
      inject: [UnitOfWork, Inbox, Negotiations, Agreements, NegotiationProgress, OfferTerms, HTTP, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        inbox: Inbox,
        negotiations: Negotiations,
        agreements: Agreements,
        progress: NegotiationProgress,
        terms: OfferTerms,
        client: GuardedClient,
        clock: Clock,
        ids: Ids,
      ) =>
        new ReceiveNegotiationMessage(unitOfWork, inbox, negotiations, agreements, progress, terms, client, clock, ids),
    },
    {
      provide: NegotiationCommands,
      inject: [UnitOfWork, Agreements, NegotiationProgress, Datasets, PeerCatalog, NodeIdentity, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        agreements: Agreements,
        progress: NegotiationProgress,
        datasets: Datasets,
        peers: PeerCatalog,
        { publicUrl }: NodeIdentity,
        clock: Clock,
        ids: Ids,
      ) => {
        const callbackAddress = `${publicUrl}${dspBasePath}`;
        return new NegotiationCommands(unitOfWork, agreements, progress, datasets, peers, callbackAddress, clock, ids);
      },
    },
    {
      provide: DecideHeld,
      inject: [UnitOfWork, Negotiations, NegotiationProgress, NodeIdentity, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        negotiations: Negotiations,
        progress: NegotiationProgress,
        { did }: NodeIdentity,
        clock: Clock,
        ids: Ids,
      ) => new DecideHeld(unitOfWork, negotiations, progress, did, clock, ids),
    },
    {
      provide: Deadlines,
      inject: [Negotiations, DecideHeld, NegotiationProgress, CLOCK, LOGGER],
      useFactory: (
        negotiations: Negotiations,
        decide: DecideHeld,
        progress: NegotiationProgress,
        clock: Clock,
        log: Logger,
      ) => {
        const deadlines = new Deadlines(negotiations, decide, clock, log);
        progress.onHeld(() => deadlines.look());
        return deadlines;
      },
    },
  ],
  exports: [Negotiations, NegotiationCommands, DecideHeld],
})
export class NegotiationModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly deadlines: Deadlines) {}

  onApplicationBootstrap(): void {
    this.deadlines.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.deadlines.stop();
  }

  /** @param strategy takes the place of the automatic one. */
  static with(strategy?: NegotiationStrategy): DynamicModule {
    const providers = strategy ? [{ provide: NEGOTIATION_STRATEGY, useValue: strategy }] : [];
    return { module: NegotiationModule, providers };
  }
}
