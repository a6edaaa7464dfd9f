import { negotiationTable, transferTable } from '@hansa/dsp';
import { isJsonObject, type Json, type JsonObject } from '@hansa/kernel';

/** An entry of a ledger, as an operator reads it. */
export interface Entry {
  readonly index: number;
  readonly entry: { readonly kind: string; readonly subjects: readonly string[]; readonly data: JsonObject };
}

const tables = { negotiation: negotiationTable, transfer: transferTable } as const;
type Feature = keyof typeof tables;

/** What a ledger tells twice: a state that cannot follow the one before it, or an agreement that was concluded before. */
export function toldTwice(entries: readonly Entry[]): readonly string[] {
  const states = new Map<string, string>();
  const concluded = new Set<string>();
  const twice: string[] = [];
  for (const { index, entry } of entries) {
    const { kind, subjects, data } = entry;
    const id = subjects[0] ?? '';
    const feature = featureOf(kind);
    if (kind === 'agreement.concluded') {
      if (concluded.has(id)) twice.push(`agreement ${id} at ${index}`);
      concluded.add(id);
    } else if (feature && typeof data.state === 'string') {
      const from = states.get(id) ?? (data.role === 'provider' ? 'REQUESTED' : 'INITIAL');
      if (!canFollow(feature, from, data.state)) twice.push(`${id} from ${from} to ${data.state} at ${index}`);
      states.set(id, data.state);
    }
  }
  return twice;
}

/** The processes by what both sides call them, each with its states in the order of the ledger. */
export function histories(entries: readonly Entry[]): readonly string[] {
  const names = new Map<string, string>();
  const told = new Map<string, string[]>();
  for (const { entry } of entries) {
    const { kind, subjects, data } = entry;
    const [id = '', agreementId = ''] = subjects;
    const feature = featureOf(kind);
    if (feature === null) continue;
    const pids = pidsOf(data.message);
    if (feature === 'transfer') names.set(id, `transfer under ${agreementId}`);
    else if (pids) names.set(id, `negotiation ${pids}`);
    // The consumer's first entry is of a process that the provider does not know yet.
    const { state, role } = data;
    const opening = state === undefined && role === 'provider' && kind.endsWith('.requested');
    if (typeof state === 'string' || opening)
      told.set(id, [...(told.get(id) ?? []), opening ? 'REQUESTED' : String(state)]);
  }
  return [...told].map(([id, states]) => `${names.get(id) ?? id}: ${states.join(' ')}`);
}

function featureOf(kind: string): Feature | null {
  const [feature] = kind.split('.');
  return feature === 'negotiation' || feature === 'transfer' ? feature : null;
}

/** Whether some message leads from one state of a process to the other. */
function canFollow(feature: Feature, from: string, to: string): boolean {
  const table: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = tables[feature];
  return Object.values(table[from] ?? {}).some(([, next]) => next === to);
}

function pidsOf(message: Json | undefined): string | null {
  if (!isJsonObject(message) || !message.consumerPid || !message.providerPid) return null;
  return `${message.consumerPid} ${message.providerPid}`;
}
