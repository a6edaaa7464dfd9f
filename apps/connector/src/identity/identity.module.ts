import type { Clock, Ids } from '@hansa/kernel';
import { type Database, type GuardedClient, Outbox, UnitOfWork } from '@hansa/platform';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Ledger } from '../ledger/index.js';
import { CLOCK, DATABASE, HTTP, IDS } from '../server/index.js';
import { AUTHORIZE, type Authorize } from './authorize.js';
import { CounterpartyGuard } from './counterparty.guard.js';
import { COUNTERPARTY_VERIFIER, type CounterpartyVerifier } from './counterparty-verifier.js';
import { DidDocumentController } from './did-document.controller.js';
import { DidResolver } from './did-resolver.js';
import { CredentialServiceController } from './holder/credential-service.controller.js';
import { WalletController } from './holder/wallet.controller.js';
import { Wallet } from './holder/wallet.js';
import { issuanceDelivery } from './issuer/issuance-delivery.js';
import { IssuerController } from './issuer/issuer.controller.js';
import { Issuer } from './issuer/issuer.js';
import { MembersController } from './issuer/members.controller.js';
import { NodeController } from './node.controller.js';
import { NodeIdentity } from './node-identity.js';
import { SeenTokens } from './seen-tokens.js';
import { StatusLists } from './status-lists.js';
import { Trust, type TrustRules } from './trust.js';

export interface IdentityOptions {
  readonly identity: NodeIdentity;
  readonly rules: TrustRules;
  /** This node issues credentials to others. */
  readonly authority: boolean;
  readonly allowLoopback: boolean;
  /** Tells who sends protocol messages. @default credentials, by the Decentralized Claims Protocol */
  readonly verifier?: CounterpartyVerifier | undefined;
  /** Says who sends our own requests. @default self-issued tokens, by the Decentralized Claims Protocol */
  readonly authorize?: Authorize | undefined;
}

/** Who we are and whom we trust. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class IdentityModule {
  static with({ identity, rules, authority, allowLoopback, verifier, authorize }: IdentityOptions): DynamicModule {
    return {
      module: IdentityModule,
      controllers: [
        DidDocumentController,
        NodeController,
        CredentialServiceController,
        WalletController,
        ...(authority ? [IssuerController, MembersController] : []),
      ],
      providers: [
        { provide: NodeIdentity, useValue: identity },
        {
          provide: DidResolver,
          inject: [HTTP, CLOCK],
          useFactory: (client: GuardedClient, clock: Clock) =>
            new DidResolver(identity.document, client, clock, allowLoopback),
        },
        {
          provide: StatusLists,
          inject: [HTTP, CLOCK],
          useFactory: (client: GuardedClient, clock: Clock) => new StatusLists(client, clock),
        },
        {
          provide: Trust,
          inject: [DidResolver, DATABASE, StatusLists, HTTP, CLOCK, IDS],
          useFactory: (
            dids: DidResolver,
            database: Database,
            lists: StatusLists,
            client: GuardedClient,
            clock: Clock,
            ids: Ids,
          ) => {
            const seen = new SeenTokens(database.dataSource);
            return new Trust(identity, rules, dids.resolve, seen, lists, client, clock, ids);
          },
        },
        {
          provide: Wallet,
          inject: [DATABASE, UnitOfWork, DidResolver, HTTP, CLOCK, IDS],
          useFactory: (
            database: Database,
            unitOfWork: UnitOfWork,
            dids: DidResolver,
            client: GuardedClient,
            clock: Clock,
            ids: Ids,
          ) => new Wallet(database.dataSource, unitOfWork, identity, dids.resolve, client, clock, ids),
        },
        ...(authority ? [issuerProvider(identity)] : []),
        verifier
          ? { provide: COUNTERPARTY_VERIFIER, useValue: verifier }
          : { provide: COUNTERPARTY_VERIFIER, useExisting: Trust },
        { provide: AUTHORIZE, inject: [Trust], useFactory: (trust: Trust): Authorize => authorize ?? trust.authorize },
        CounterpartyGuard,
      ],
      exports: [NodeIdentity, DidResolver, StatusLists, Trust, COUNTERPARTY_VERIFIER, AUTHORIZE, CounterpartyGuard],
    };
  }
}

const issuerProvider = (identity: NodeIdentity) => ({
  provide: Issuer,
  inject: [DATABASE, UnitOfWork, Outbox, Ledger, DidResolver, CLOCK, IDS],
  useFactory: (
    database: Database,
    unitOfWork: UnitOfWork,
    outbox: Outbox,
    ledger: Ledger,
    dids: DidResolver,
    clock: Clock,
    ids: Ids,
  ): Issuer => {
    outbox.handle(issuanceDelivery);
    const { dataSource } = database;
    return new Issuer(dataSource, unitOfWork, outbox, ledger, identity, dids.resolve, clock, ids, Math.random);
  },
});
