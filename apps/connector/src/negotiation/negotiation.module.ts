import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, Inbox, Outbox, UnitOfWork } from '@hansa/platform';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Datasets, dspBasePath, PeerCatalog } from '../catalog/index.js';
import { NodeIdentity } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { Decisions } from '../policy/index.js';
import { CLOCK, DATABASE, HTTP, IDS } from '../server/index.js';
import { AgreementModule } from './agreements/agreement.module.js';
import { Agreements } from './agreements/agreements.js';
import { EndAgreement } from './agreements/end-agreement.js';
import { AutomaticStrategy } from './automatic-strategy.js';
import { DspNegotiationController } from './dsp-negotiation.controller.js';
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
  controllers: [DspNegotiationController, ManagementNegotiationController],
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
      inject: [Datasets, Decisions],
      useFactory: (datasets: Datasets, decisions: Decisions) => new OfferTerms(datasets, decisions),
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
      inject: [UnitOfWork, Negotiations, Agreements, NegotiationProgress, PeerCatalog, NodeIdentity, CLOCK, IDS],
      useFactory: (
        unitOfWork: UnitOfWork,
        negotiations: Negotiations,
        agreements: Agreements,
        progress: NegotiationProgress,
        peers: PeerCatalog,
        identity: NodeIdentity,
        clock: Clock,
        ids: Ids,
      ) => {
        const callbackAddress = `${identity.publicUrl}${dspBasePath}`;
        return new NegotiationCommands(
          unitOfWork,
          negotiations,
          agreements,
          progress,
          peers,
          identity.did,
          callbackAddress,
          clock,
          ids,
        );
      },
    },
  ],
  exports: [Negotiations, NegotiationCommands],
})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class NegotiationModule {
  /** @param strategy takes the place of the automatic one. */
  static with(strategy?: NegotiationStrategy): DynamicModule {
    const providers = strategy ? [{ provide: NEGOTIATION_STRATEGY, useValue: strategy }] : [];
    return { module: NegotiationModule, providers };
  }
}
