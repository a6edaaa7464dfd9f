import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The labels of a metric, each with all values it can have. A time series is kept for each combination for ever, so a
 * label is never an id, an address or a text; a value that is not listed is counted as `other`.
 */
export type MetricLabels = Readonly<Record<string, readonly string[]>>;

/** A value for each label. */
export type LabelValues<L extends MetricLabels> = { readonly [name in keyof L]: L[name][number] };

export interface MetricOptions<L extends MetricLabels> {
  /** Snake case with its unit at the end and `_total` for counters, as Prometheus names them. */
  readonly name: string;
  readonly help: string;
  readonly labels?: L;
}

export interface Metrics {
  counter<const L extends MetricLabels = Record<never, never>>(
    options: MetricOptions<L>,
  ): { add(labels: LabelValues<L>, count?: number): void };
  /**
   * A size that is read when somebody asks for the metrics. Where it cannot be read it is left out: a part that is down
   * must not hide the others.
   */
  gauge<const L extends MetricLabels = Record<never, never>>(
    options: MetricOptions<L> & {
      readonly read: () => Promise<readonly { readonly labels: LabelValues<L>; readonly value: number }[]>;
    },
  ): void;
  /** @param options.buckets upper bounds in the metric's unit, rising @default 5 ms to 10 s, in seconds */
  histogram<const L extends MetricLabels = Record<never, never>>(
    options: MetricOptions<L> & { readonly buckets?: readonly number[] },
  ): { observe(labels: LabelValues<L>, value: number): void };
  /** All metrics in Prometheus' text format, and its media type. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const combinationLimit = 1_000;

/**
 * A registry with the process's own metrics (CPU, memory, event loop, garbage collection).
 *
 * @example
 * const metrics = createMetrics();
 * const messages = metrics.counter({
 *   name: 'dsp_messages_total',
 *   help: 'DSP messages received',
 *   labels: { outcome: ['accepted', 'refused'] },
 * });
 * messages.add({ outcome: 'accepted' });
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    counter({ name, help, labels }) {
      const counter = new Counter({ name, help, labelNames: namesOf(name, labels), registers: [registry] });
      return { add: (values, count = 1) => counter.inc(bounded(labels, values), count) };
    },
    gauge({ name, help, labels, read }) {
      const shape = { name, help, labelNames: namesOf(name, labels), registers: [registry] };
      const gauge: Gauge = new Gauge({
        ...shape,
        collect: async () => {
          const sizes = await read().catch(() => []);
          gauge.reset();
          for (const size of sizes) gauge.set(bounded(labels, size.labels), size.value);
        },
      });
    },
    histogram({ name, help, labels, buckets }) {
      const times = buckets === undefined ? {} : { buckets: [...buckets] };
      const shape = { name, help, labelNames: namesOf(name, labels), registers: [registry], ...times };
      const histogram = new Histogram(shape);
      return { observe: (values, value) => histogram.observe(bounded(labels, values), value) };
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function namesOf(metric: string, labels: MetricLabels = {}): string[] {
  const combinations = Object.values(labels).reduce((product, values) => product * (values.length + 1), 1);
  if (combinations > combinationLimit)
    throw new Error(
      `metric "${metric}" would have ${combinations} time series; at most ${combinationLimit} are allowed`,
    );
  return Object.keys(labels);
}

function bounded(labels: MetricLabels = {}, values: Readonly<Record<string, string>>): Record<string, string> {
  const known = (name: string, value = '') => (labels[name]?.includes(value) ? value : 'other');
  return Object.fromEntries(Object.keys(labels).map((name) => [name, known(name, values[name])]));
}
