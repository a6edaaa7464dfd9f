export {
  type ConfigProblem,
  type EnvironmentSource,
  loadConfig,
  parseConfig,
} from './load-config.js';
export { redactedConfig, Secret, secret } from './secret.js';
