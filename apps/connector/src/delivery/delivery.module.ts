import type { Clock } from '@hansa/kernel';
import {
  type ClaimedMessage,
  type Database,
  type GuardedClient,
  Inbox,
  type Logger,
  Outages,
  Outbox,
  UnitOfWork,
} from '@hansa/platform';
import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { AUTHORIZE, type Authorize, DidResolver } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { frozenType, HANSA_METRICS, type HansaMetrics } from '../metrics/index.js';
import { CLOCK, DATABASE, HealthChecks, HTTP, LOGGER } from '../server/index.js';
import { DeliveriesController } from './deliveries.controller.js';
import { locateByDid } from './locate-service.js';
import { RecordRefusals } from './record-refusals.js';
import { RefusalAllowance } from './refusal-allowance.js';
import { type AttemptOutcome, Relay } from './relay.js';

/** Starts the relay when the node can be asked who it is, as every peer will ask, and lets it finish what is under way before the node stops. */
@Injectable()
class RelayLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly relay: Relay,
    private readonly outbox: Outbox,
    health: HealthChecks,
    @Inject(DATABASE) private readonly database: Database,
    private readonly server: HttpAdapterHost,
  ) {
    health.register('delivery', () => relay.check());
  }

  async onApplicationBootstrap(): Promise<void> {
    // Nobody else can hold a lease on an embedded database: what is leased belongs to a process that was killed.
    if (this.database.kind === 'embedded') await this.outbox.releaseAll();
    this.server.listen$.subscribe(() => this.relay.start());
  }

  onApplicationShutdown(): Promise<void> {
    return this.relay.stop();
  }
}

@Module({
  controllers: [DeliveriesController],
  providers: [
    {
      provide: Relay,
      inject: [Outbox, Outages, UnitOfWork, HTTP, AUTHORIZE, DidResolver, LOGGER, HANSA_METRICS],
      useFactory: (
        outbox: Outbox,
        outages: Outages,
        unitOfWork: UnitOfWork,
        client: GuardedClient,
        authorize: Authorize,
        dids: DidResolver,
        log: Logger,
        { deliveryAttempts }: HansaMetrics,
      ): Relay => {
        const attempted = ({ body }: ClaimedMessage, outcome: AttemptOutcome) =>
          deliveryAttempts.add({ type: frozenType(body), outcome });
        const peers = { authorize, locate: locateByDid(dids) };
        return new Relay({ outbox, outages, unitOfWork, client, ...peers, log, attempted });
      },
    },
    RelayLifecycle,
    {
      provide: APP_INTERCEPTOR,
      inject: [UnitOfWork, Inbox, Ledger, CLOCK, LOGGER],
      useFactory: (unitOfWork: UnitOfWork, inbox: Inbox, ledger: Ledger, clock: Clock, log: Logger) =>
        new RecordRefusals(unitOfWork, inbox, ledger, new RefusalAllowance(clock), log),
    },
  ],
  exports: [Relay],
})
export class DeliveryModule {}
