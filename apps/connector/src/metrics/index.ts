export { countRequest, frozenType } from './count-request.js';
export type { HansaMetrics } from './hansa-metrics.js';
export { HANSA_METRICS, MetricsModule } from './metrics.module.js';
