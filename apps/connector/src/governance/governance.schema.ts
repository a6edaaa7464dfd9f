import { auditSchema, issuedReportSchema } from './audits/audit.entities.js';
import { AuditResponse1764120340000, auditResponseSchema } from './audits/audit-responses.js';
import { HandedCounts1764101500000 } from './counts/handed-counts.migration.js';
import { handedCountsSchema } from './counts/handed-counts.schema.js';
import { explanationSchema } from './explanations/explanation.schema.js';
import { Governance1763856700000 } from './governance.migration.js';
import { modelSchema } from './models/model.schema.js';
import { Register1764110000000 } from './register/register.migration.js';
import { registerEntrySchema, registerVersionSchema } from './register/register.schema.js';

/** The tables of models, audits, explanations, counts that were handed out, and the algorithm register. */
export const governanceEntities = [
  modelSchema,
  auditSchema,
  issuedReportSchema,
  auditResponseSchema,
  explanationSchema,
  handedCountsSchema,
  registerEntrySchema,
  registerVersionSchema,
];
export const governanceMigrations = [
  Governance1763856700000,
  HandedCounts1764101500000,
  Register1764110000000,
  AuditResponse1764120340000,
];
