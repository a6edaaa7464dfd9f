export type { AskedCity, Audit, DoneAudit, FederatedSubject } from './audits/audit.js';
export { AuditJobs, type AuditRunner, federatedAudits } from './audits/audit-jobs.js';
export { shownAudit } from './audits/audits.controller.js';
export { Audits } from './audits/audits.js';
export { checkCountable } from './audits/countable-plan.js';
export { PlanAudit } from './audits/plan-audit.js';
export { RunAudit } from './audits/run-audit.js';
export { AnswerCounts } from './counts/answer-counts.js';
export { verifyCounts } from './counts/counts-credential.js';
export { CountingInput, CountsRequest, definitionsOf } from './counts/counts-request.js';
export { ExplanationService } from './explanations/explanation-service.js';
export type { StoredExplanation } from './explanations/stored-explanation.js';
export { GovernanceModule, SOFTWARE } from './governance.module.js';
export { governanceEntities, governanceMigrations } from './governance.schema.js';
export { InferenceService } from './inference/inference-service.js';
export type { HostedModel } from './models/hosted-model.js';
export { AuditReports, type PublishedAudit } from './register/audit-reports.js';
export { FormatInput } from './register/format-input.js';
export {
  PublicRegister,
  type RegisteredSystem,
  type SystemFile,
  type VersionChanges,
} from './register/public-register.js';
