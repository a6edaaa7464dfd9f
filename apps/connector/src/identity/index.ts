export { CounterpartyGuard } from './counterparty.guard.js';
export { type Counterparty, CurrentCounterparty, counterpartyOf } from './counterparty.js';
export type { CounterpartyVerifier } from './counterparty-verifier.js';
export { DidResolver } from './did-resolver.js';
export { Identity1763856200000, Issuer1763856300000 } from './identity.migration.js';
export { IdentityModule } from './identity.module.js';
export { loadKeys } from './key-store.js';
export { didOf, NodeIdentity } from './node-identity.js';
export { Trust } from './trust.js';
