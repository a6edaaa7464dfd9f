export { AccessModule } from './access.module.js';
export { AdminGuard } from './admin.guard.js';
export { adminTokenFile, loadAdminToken } from './admin-token.js';
