export { createTestDatabase, type DatabaseKind, databaseKinds, type TestDatabase, testServerUrl } from './databases.js';
