import { type Metrics, Outbox } from '@hansa/platform';
import { Global, Module } from '@nestjs/common';
import { Ledger } from '../ledger/index.js';
import { METRICS } from '../server/index.js';
import { countEntry } from './count-entry.js';
import { createHansaMetrics, type HansaMetrics } from './hansa-metrics.js';

/** Injection token of {@link HansaMetrics}. */
export const HANSA_METRICS = Symbol('hansa metrics');

/** What is measured of the node's own work. */
@Global()
@Module({
  providers: [
    {
      provide: HANSA_METRICS,
      inject: [METRICS, Outbox, Ledger],
      useFactory: (metrics: Metrics, outbox: Outbox, ledger: Ledger): HansaMetrics => {
        const ours = createHansaMetrics(metrics, outbox);
        ledger.onAppended((event) => countEntry(ours, event));
        return ours;
      },
    },
  ],
  exports: [HANSA_METRICS],
})
export class MetricsModule {}
