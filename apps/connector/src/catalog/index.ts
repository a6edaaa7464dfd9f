export { Catalog1763856400000 } from './catalog.migration.js';
export { CatalogModule } from './catalog.module.js';
export { datasetSchema, offerSchema } from './catalog.schema.js';
export { CatalogIndex1763946000000 } from './catalog-index.migration.js';
export { type Dataset, formatsOf, goesOnChanging, pullFormat, pushFormat, type StoredOffer } from './dataset.js';
export { Datasets } from './datasets.js';
export { dspBasePath } from './dsp-catalog.controller.js';
export { HOSTED_MODELS } from './hosted-models.js';
export {
  arePlain,
  enforceable,
  type NegotiationRules,
  plainRules,
  RulesInput,
  readRules,
} from './negotiation-rules.js';
export { NonFinite1764002100000 } from './non-finite.migration.js';
export { OfferRules1763961000000 } from './offer-rules.migration.js';
export { PeerCatalog } from './peer-catalog.js';
export { SourceFiles } from './source-files.js';
