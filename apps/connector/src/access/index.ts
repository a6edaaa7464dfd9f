export { AccessModule } from './access.module.js';
export { AdminGuard } from './admin.guard.js';
export { loadAdminToken } from './admin-token.js';
export { administrator, CurrentPerson, type Person } from './person.js';
export { PersonToken1763960900000 } from './person-token.migration.js';
export { PersonTokens } from './person-tokens.js';
