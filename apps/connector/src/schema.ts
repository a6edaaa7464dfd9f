import {
  type DatabaseSchema,
  InboxRefusal1763960023000,
  Outage1763942400000,
  Outbox1763856000000,
} from '@hansa/platform';
import { PersonToken1763960900000 } from './access/index.js';
import {
  Catalog1763856400000,
  CatalogIndex1763946000000,
  datasetSchema,
  NonFinite1764002100000,
  OfferRules1763961000000,
  offerSchema,
} from './catalog/index.js';
import { auditCitySchema, Federation1764101600000 } from './federation/index.js';
import { governanceEntities, governanceMigrations } from './governance/index.js';
import { Identity1763856200000, Issuer1763856300000 } from './identity/index.js';
import { Ledger1763856100000, LedgerWaiting1764072100000 } from './ledger/index.js';
import {
  AgreementLife1763960000000,
  agreementSchema,
  HeldNegotiation1763962000000,
  Negotiation1763856500000,
  NegotiationGrowth1764072000000,
  negotiationSchema,
} from './negotiation/index.js';
import {
  Push1764002200000,
  pushSchema,
  receivedSchema,
  Transfer1763856600000,
  transferSchema,
} from './transfer/index.js';

/** Every table of a node, in the order in which the tables need each other. */
export const databaseSchema: DatabaseSchema = {
  entities: [
    datasetSchema,
    offerSchema,
    negotiationSchema,
    agreementSchema,
    transferSchema,
    pushSchema,
    receivedSchema,
    ...governanceEntities,
    auditCitySchema,
  ],
  migrations: [
    Outbox1763856000000,
    Ledger1763856100000,
    Identity1763856200000,
    Issuer1763856300000,
    Catalog1763856400000,
    Negotiation1763856500000,
    Transfer1763856600000,
    ...governanceMigrations,
    Outage1763942400000,
    CatalogIndex1763946000000,
    AgreementLife1763960000000,
    InboxRefusal1763960023000,
    PersonToken1763960900000,
    OfferRules1763961000000,
    HeldNegotiation1763962000000,
    NonFinite1764002100000,
    Push1764002200000,
    NegotiationGrowth1764072000000,
    LedgerWaiting1764072100000,
    Federation1764101600000,
  ],
};
