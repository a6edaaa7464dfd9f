export { AccessModule } from './access.module.js';
export { AdminGuard } from './admin.guard.js';
export { loadAdminToken } from './admin-token.js';
