import { isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import type { LedgerEvent } from '../ledger/index.js';
import type { HansaMetrics } from './hansa-metrics.js';

/** Counts what an entry of the ledger records; to be called when it is committed, so that nothing else is counted. */
export function countEntry(
  metrics: Pick<HansaMetrics, 'negotiations' | 'transfers' | 'dataReleased' | 'audits'>,
  { kind, data }: LedgerEvent,
): void {
  const facts = isJsonObject(data) ? data : {};
  const [feature] = kind.split('.');
  const reached = feature === 'negotiation' || feature === 'transfer' ? stateOf(kind, facts) : null;
  if (reached && feature === 'negotiation') metrics.negotiations.add(reached);
  if (reached && feature === 'transfer') metrics.transfers.add(reached);
  if (kind === 'data.released') metrics.dataReleased.add({ format: text(facts.format) }, releasedBytes(facts));
  if (kind === 'audit.issued') metrics.audits.add({ verdict: text(facts.verdict) });
  if (kind === 'audit.failed') metrics.audits.add({ verdict: 'none' });
}

const openings: ReadonlyMap<string, { readonly opener: string; readonly state: string }> = new Map([
  ['requested', { opener: 'consumer', state: 'REQUESTED' }],
  ['offered', { opener: 'provider', state: 'OFFERED' }],
]);

/** The state that a process reached; null for an entry about a message that the peer refused. */
function stateOf(kind: string, { role, state }: JsonObject): { role: string; state: string } | null {
  if (typeof state === 'string') return { role: text(role), state };
  // The entry about the opening has no state: nobody but its opener knows the process before.
  const opened = openings.get(kind.slice(kind.indexOf('.') + 1));
  return opened ? { role: text(role), state: role === opened.opener ? 'INITIAL' : opened.state } : null;
}

function releasedBytes({ bytes, range }: JsonObject): number {
  if (Array.isArray(range)) {
    const [first, last] = range.map(Number);
    if (first !== undefined && last !== undefined) return last - first + 1;
  }
  return typeof bytes === 'number' ? bytes : 0;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
