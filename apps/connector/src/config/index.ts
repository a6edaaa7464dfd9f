export { type ConfigSources, configSources, type NodeConfig, readConfig } from './config.js';
export { packageRoot } from './package-root.js';
