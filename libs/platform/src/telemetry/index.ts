export { createLogger, type Logger, type LogLevel, logLevels } from './logger.js';
export { createMetrics, type MetricLabels, type MetricOptions, type Metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { requestIdFrom } from './request-id.js';
