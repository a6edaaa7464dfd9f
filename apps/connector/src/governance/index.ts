export type { Audit, DoneAudit } from './audits/audit.js';
export { ExplanationService } from './explanations/explanation-service.js';
export type { StoredExplanation } from './explanations/stored-explanation.js';
export { GovernanceModule } from './governance.module.js';
export { governanceEntities, governanceMigrations } from './governance.schema.js';
export { InferenceService } from './inference/inference-service.js';
export type { HostedModel } from './models/hosted-model.js';
export { AuditReports, type PublishedAudit } from './register/audit-reports.js';
