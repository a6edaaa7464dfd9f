export { auditCitySchema } from './audit-city.js';
export { Federation1764101600000 } from './federation.migration.js';
export { FederationModule } from './federation.module.js';
