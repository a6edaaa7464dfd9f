export { EndAgreement } from './end-agreement.js';
export { Negotiation1763856500000 } from './negotiation.migration.js';
export { NegotiationModule } from './negotiation.module.js';
export { agreementSchema, negotiationSchema } from './negotiation.schema.js';
export { NegotiationCommands } from './negotiation-commands.js';
export type { AgreementRecord } from './negotiation-record.js';
export type { NegotiationStrategy } from './negotiation-strategy.js';
export { Agreements, Negotiations } from './negotiations.js';
