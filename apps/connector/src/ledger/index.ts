export { Ledger, type LedgerEvent } from './ledger.js';
export { Ledger1763856100000 } from './ledger.migration.js';
export { LedgerModule } from './ledger.module.js';
export { LedgerWaiting1764072100000 } from './ledger-waiting.migration.js';
