import { auditSchema, issuedReportSchema } from './audits/audit.entities.js';
import { HandedCounts1764101500000 } from './counts/handed-counts.migration.js';
import { handedCountsSchema } from './counts/handed-counts.schema.js';
import { explanationSchema } from './explanations/explanation.schema.js';
import { Governance1763856700000 } from './governance.migration.js';
import { modelSchema } from './models/model.schema.js';

/** The tables of models, audits and explanations. */
export const governanceEntities = [modelSchema, auditSchema, issuedReportSchema, explanationSchema, handedCountsSchema];
export const governanceMigrations = [Governance1763856700000, HandedCounts1764101500000];
