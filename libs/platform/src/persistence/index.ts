export { type Database, type DatabaseLocation, type DatabaseSchema, openDatabase } from './database.js';
export { DirectoryInUseError, lockDirectory } from './directory-lock.js';
export { ensureTemplate } from './embedded-template.js';
export { unprepared } from './pg-driver.js';
export type { RowOf } from './row.js';
export { type Stored, Table } from './table.js';
export { type Transaction, UnitOfWork } from './unit-of-work.js';
