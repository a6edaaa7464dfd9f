export { AUDIT_FACTS, type AuditFacts } from './audit-facts.js';
export { Decisions } from './decisions.js';
export { PolicyModule } from './policy.module.js';
export { PolicyTemplates, sentencesOf } from './policy-templates.js';
export { UseCheck } from './use-check.js';
