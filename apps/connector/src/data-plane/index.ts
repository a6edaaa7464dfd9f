export { DataPlaneModule } from './data-plane.module.js';
