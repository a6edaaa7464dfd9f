import { auditSchema, issuedReportSchema } from './audits/audit.entities.js';
import { explanationSchema } from './explanations/explanation.schema.js';
import { Governance1763856700000 } from './governance.migration.js';
import { modelSchema } from './models/model.schema.js';

/** The tables of models, audits and explanations. */
export const governanceEntities = [modelSchema, auditSchema, issuedReportSchema, explanationSchema];
export const governanceMigrations = [Governance1763856700000];
