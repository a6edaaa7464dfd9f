import { type DynamicModule, Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { AccessModule } from './access/index.js';
import { CatalogModule } from './catalog/index.js';
import { DataPlaneModule } from './data-plane/index.js';
import { DeliveryModule } from './delivery/index.js';
import { FederationModule } from './federation/index.js';
import { GovernanceModule } from './governance/index.js';
import { type Authorize, type CounterpartyVerifier, IdentityModule, type NodeIdentity } from './identity/index.js';
import { LedgerModule } from './ledger/index.js';
import { MetricsModule } from './metrics/index.js';
import { NegotiationModule, type NegotiationStrategy } from './negotiation/index.js';
import { PeopleModule } from './people/index.js';
import { PolicyModule } from './policy/index.js';
import { type Platform, PlatformModule, schemaProblem } from './server/index.js';
import { TransferModule, type TransferStrategy } from './transfer/index.js';
import { WebModule } from './web/index.js';

/** What stands in the place of the product's own adapters; the product's composition replaces none. */
export interface NodeAdapters {
  readonly counterpartyVerifier?: CounterpartyVerifier;
  readonly authorize?: Authorize;
  readonly negotiationStrategy?: NegotiationStrategy;
  readonly transferStrategy?: TransferStrategy;
}

export interface NodeParts {
  readonly platform: Platform;
  readonly identity: NodeIdentity;
  readonly adminToken: string;
  readonly adapters?: NodeAdapters;
}

/** The features of one node. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class AppModule {
  static with({ platform, identity, adminToken, adapters = {} }: NodeParts): DynamicModule {
    const { config } = platform;
    const issuers = config.authority ? [identity.did, ...config.trust.issuers] : config.trust.issuers;
    const rules = {
      requiredCredentials: config.trust.requiredCredentials,
      trustedIssuers: issuers.map((did) => ({ did, types: config.trust.requiredCredentials })),
      presentationMaxAge: config.trust.presentationSeconds * 1000,
    };
    const { authority } = config;
    const { allowLoopback } = config.network;
    const { counterpartyVerifier: verifier, authorize } = adapters;
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(platform),
        AccessModule.with(adminToken),
        IdentityModule.with({ identity, rules, authority, allowLoopback, verifier, authorize }),
        LedgerModule.with({ did: identity.did, signer: identity.noteSigner() }),
        MetricsModule,
        PeopleModule,
        PolicyModule,
        CatalogModule,
        NegotiationModule.with(adapters.negotiationStrategy),
        TransferModule.with(adapters.transferStrategy),
        GovernanceModule,
        DataPlaneModule,
        FederationModule,
        WebModule,
        // Last: its relay starts when every handler is in place.
        DeliveryModule,
      ],
      providers: [
        {
          provide: APP_PIPE,
          useValue: new StandardSchemaValidationPipe({ exceptionFactory: schemaProblem }),
        },
      ],
    };
  }
}
