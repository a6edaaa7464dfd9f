export { didYouMean } from './did-you-mean.js';
export {
  type ConfigProblem,
  type EnvironmentSource,
  loadConfig,
  parseConfig,
} from './load-config.js';
export { redactedConfig, Secret, secret } from './secret.js';
