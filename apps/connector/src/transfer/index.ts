export { tokenDigest } from './progress.js';
export { Transfer1763856600000 } from './transfer.migration.js';
export { TransferModule } from './transfer.module.js';
export { transferSchema } from './transfer.schema.js';
export { TransferCommands } from './transfer-commands.js';
export type { TransferRecord } from './transfer-record.js';
export type { TransferStrategy } from './transfer-strategy.js';
export { Transfers } from './transfers.js';
