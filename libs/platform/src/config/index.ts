export type { ConfigIssue } from './config-issues.js';
export { didYouMean } from './did-you-mean.js';
export {
  type ConfigInvalid,
  type ConfigProblem,
  type EnvironmentSource,
  loadConfig,
  parseConfig,
} from './load-config.js';
export { redactedConfig, Secret, secret } from './secret.js';
