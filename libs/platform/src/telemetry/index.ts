export { createLogger, type Logger, type LoggerOptions, type LogLevel, logLevels } from './logger.js';
export { createMetrics, type LabelValues, type MetricLabels, type MetricOptions, type Metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { currentRequestId, requestIdFrom, runWithRequestId } from './request-context.js';
