import { readFileSync } from 'node:fs';
import type { Json } from '@hansa/kernel';
import { createMetrics, type MetricLabels, type MetricOptions, type Metrics } from '@hansa/platform';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { countEntry } from './count-entry.js';
import { createHansaMetrics, type HansaMetrics } from './hansa-metrics.js';

const guide = new URL('../../../../docs/guides/operator.md', import.meta.url);

let scrape: () => Promise<readonly string[]>;
let metrics: HansaMetrics;
beforeEach(() => {
  const registry = createMetrics();
  metrics = createHansaMetrics(registry, { sizes: async () => ({ waiting: 2, dead: 1 }) });
  scrape = async () => (await registry.render()).body.split('\n');
});

/** The samples of our counters, without those that are not set. */
const samples = async () => (await scrape()).filter((line) => /^hansa_\w+_total\{/.test(line));
const count = (kind: string, data: Json) => countEntry(metrics, { kind, subjects: [], data });

describe('an entry of the ledger', () => {
  test('counts the state that a process reached, its opening included', async () => {
    count('negotiation.requested', { role: 'consumer', decision: null });
    count('negotiation.requested', { role: 'consumer', state: 'REQUESTED', message: {} });
    count('negotiation.requested', { role: 'provider', decision: { outcome: 'permit' } });
    count('negotiation.offered', { role: 'provider', decision: null });
    count('negotiation.offered', { role: 'consumer', decision: null });
    count('transfer.started', { role: 'provider', state: 'STARTED' });
    count('transfer.started', { role: 'provider', state: 'STARTED' });
    expect(await samples()).toEqual([
      'hansa_negotiations_total{role="consumer",state="INITIAL"} 1',
      'hansa_negotiations_total{role="consumer",state="REQUESTED"} 1',
      'hansa_negotiations_total{role="provider",state="REQUESTED"} 1',
      'hansa_negotiations_total{role="provider",state="INITIAL"} 1',
      'hansa_negotiations_total{role="consumer",state="OFFERED"} 1',
      'hansa_transfers_total{role="provider",state="STARTED"} 2',
    ]);
  });

  test('counts the bytes that were released, of a part only the part', async () => {
    count('data.released', { format: 'csv', bytes: 1000, range: null });
    count('data.released', { format: 'csv', bytes: 1000, range: [10, 19] });
    expect(await samples()).toEqual(['hansa_data_released_bytes_total{format="csv"} 1010']);
  });

  test('counts verdicts, and audits that came to none', async () => {
    count('audit.issued', { verdict: 'pass' });
    count('audit.failed', { kind: 'audit.data-changed', detail: 'x' });
    expect(await samples()).toEqual(['hansa_audits_total{verdict="pass"} 1', 'hansa_audits_total{verdict="none"} 1']);
  });

  test('of another sort, or without a state, counts nothing', async () => {
    count('negotiation.held', { role: 'provider', code: 'rule' });
    count('negotiation.refused', { role: 'consumer', refused: 'ContractRequestMessage' });
    count('agreement.concluded', { state: 'FINALIZED' });
    count('model.registered', null);
    expect(await samples()).toEqual([]);
  });
});

test('the outbox is measured at each scrape', async () => {
  expect(await scrape()).toEqual(
    expect.arrayContaining(['hansa_outbox_messages{state="waiting"} 2', 'hansa_outbox_messages{state="dead"} 1']),
  );
});

test('the guide for operators lists every metric as it is', () => {
  const rows: string[] = [];
  const note = ({ name, help, labels = {} }: MetricOptions<MetricLabels>) => {
    rows.push(`| \`${name}\` | ${Object.keys(labels).join(', ')} | ${help} |`);
    return { add: () => {}, observe: () => {} };
  };
  const nothing = async () => ({ contentType: '', body: '' });
  const recorder: Metrics = { counter: note, gauge: note, histogram: note, render: nothing };
  createHansaMetrics(recorder, { sizes: async () => ({ waiting: 0, dead: 0 }) });
  const listed = readFileSync(guide, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `hansa_'));
  expect(rows.length).toBeGreaterThan(8);
  expect(listed).toEqual(rows);
});
