import { allowed, negotiationTable, other, type Role, serialize, transferTable, validate } from '@hansa/dsp';
import { digestOfJson, type JsonObject, must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { path } from '../../apps/cli/src/client.js';
import { publish } from './support/dataspace.js';
import { HandPeer, type Held } from './support/hand-peer.js';
import { type NodeProcess, startNode } from './support/node-process.js';
import { Participant, type Reply } from './support/participant.js';
import { bikeCounts } from './support/tables.js';

const terms = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
/** Milliseconds. Alone on two cores the slowest answer takes some tens of them. */
const slowest = 1_000;

let berlin: NodeProcess;
const took: { readonly what: string; readonly ms: number }[] = [];

/** A peer for each part, so that none is refused more often than the ledger records one by one. */
const peers = new Map<string, HandPeer>();
const peerOf = (part: string): HandPeer => {
  const peer = peers.get(part);
  if (!peer) throw new Error(`there is no peer for ${part}`);
  return peer;
};

beforeAll(async () => {
  const authority = await startNode({ city: 'authority', authority: true });
  berlin = await startNode({ city: 'berlin', trust: [authority.did] });
  const table = await bikeCounts(berlin.directory);
  const { dataset } = await publish(berlin, { title: 'Bicycle counts', path: table.path }, terms);
  for (const part of ['negotiations provider', 'negotiations consumer', 'transfers provider', 'transfers consumer']) {
    const participant = await Participant.appear();
    await participant.join(authority);
    peers.set(part, new HandPeer(participant, berlin, dataset.id));
  }
}, 120_000);
afterAll(() => Promise.all([...peers.values()].map(({ participant }) => participant.leave())));

interface Refused {
  readonly index: number;
  readonly entry: { readonly kind: string; readonly subjects: readonly string[]; readonly data: JsonObject };
}
const refusalsOf = async (subject: string) =>
  must(
    await berlin.manage.get<{ items: readonly Refused[] }>(
      `/ledger/entries?kind=message.refused&subject=${encodeURIComponent(subject)}&limit=500`,
    ),
  ).items.map(({ entry }) => entry);

const offer = { '@type': 'Offer', '@id': 'urn:x:offer', target: 'urn:x:d', permission: [{ action: 'use' }] };
const agreement = { assigner: 'did:web:a.example', assignee: 'did:web:b.example', timestamp: '2026-06-01T12:00:00Z' };
const reasons = { code: null, reason: [] };

/** Every message inside a process: where it goes, and what it says. */
const messages: Readonly<Record<string, Readonly<Record<string, readonly [string, object]>>>> = {
  negotiations: {
    request: ['/request', { type: 'ContractRequestMessage', offer }],
    offer: ['/offers', { type: 'ContractOfferMessage', offer }],
    accepted: ['/events', { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED' }],
    agreement: [
      '/agreement',
      { type: 'ContractAgreementMessage', agreement: { ...offer, '@type': 'Agreement', ...agreement } },
    ],
    verification: ['/agreement/verification', { type: 'ContractAgreementVerificationMessage' }],
    finalized: ['/events', { type: 'ContractNegotiationEventMessage', eventType: 'FINALIZED' }],
    termination: ['/termination', { type: 'ContractNegotiationTerminationMessage', ...reasons }],
  },
  transfers: {
    start: ['/start', { type: 'TransferStartMessage', dataAddress: null }],
    suspension: ['/suspension', { type: 'TransferSuspensionMessage', ...reasons }],
    completion: ['/completion', { type: 'TransferCompletionMessage' }],
    termination: ['/termination', { type: 'TransferTerminationMessage', ...reasons }],
  },
};
const errorTypes = { negotiations: 'ContractNegotiationError', transfers: 'TransferError' } as const;
const tables = { negotiations: negotiationTable, transfers: transferTable } as const;
type Feature = keyof typeof tables;

async function timed(what: string, ask: () => Promise<Reply>): Promise<Reply> {
  const began = performance.now();
  const reply = await ask();
  took.push({ what, ms: performance.now() - began });
  return reply;
}

const makers: Readonly<Record<string, (peer: HandPeer, state: string) => Promise<Held>>> = {
  'negotiations provider': (peer, state) => peer.provided(state),
  'negotiations consumer': (peer, state) => peer.consumed(state),
  'transfers provider': (peer, state) => peer.providing(state),
  'transfers consumer': (peer, state) => peer.consuming(state),
};

const parts = (['negotiations', 'transfers'] as const).flatMap((feature) =>
  (['provider', 'consumer'] as const).flatMap((role) =>
    Object.keys(tables[feature])
      .filter((state) => state !== 'INITIAL' && state !== 'REFUSED')
      .map((state) => [feature, role, state] as const),
  ),
);

describe('every message that a state does not allow, or that the other side should send', () => {
  let cells = 0;
  afterAll(() => {
    const times = took.map(({ ms }) => ms).sort((a, b) => a - b);
    const last = took.find(({ ms }) => ms === times.at(-1));
    const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
    process.stderr.write(
      `${cells} cells; ${times.length} refusals, half of them within ${at(0.5)} ms, the slowest ${at(0.9999)} ms (${last?.what})\n`,
    );
    expect(times.at(-1)).toBeLessThan(slowest);
  });

  test.each(parts)('%s of ours as %s in %s: refused, recorded, and nothing changes', async (feature, role, state) => {
    const part = `${feature} ${role}`;
    const peer = peerOf(part);
    const held = await (makers[part] ?? makers['negotiations provider'])?.(peer, state);
    if (!held) throw new Error('no process');
    const { consumerPid, providerPid } = held;
    const look = async () => must(await berlin.manage.get<JsonObject>(`/${feature}${path`/${held.id}`}`));
    const before = await look();
    expect(before.state).toBe(state);
    const legal: readonly string[] = allowedIn(feature, state, other(role));
    for (const [move, [where, said]] of Object.entries(messages[feature] ?? {})) {
      if (legal.includes(move)) continue;
      const what = `${part} ${state} ${move}`;
      const wire = serialize({ ...said, consumerPid, providerPid } as never, uuids.next());
      const send = () =>
        peer.participant.post(berlin, `/dsp/2025-1/${feature}/${encodeURIComponent(held.id)}${where}`, wire);
      const { status, body } = await timed(what, send);
      expect([what, status, body.code]).toEqual([what, 400, `${feature.slice(0, -1)}.illegal-transition`]);
      expect([what, validate(errorTypes[feature], body)]).toEqual([what, expect.objectContaining({ ok: true })]);
      // A repeat is answered alike, and is no second refusal.
      const { '@id': _, ...first } = body;
      const { '@id': __, ...again } = (await timed(`${what} again`, send)).body;
      expect(again).toEqual(first);
      const recorded = (await refusalsOf(held.id)).filter(({ data }) => data.digest === digestOfJson(wire));
      expect(recorded).toEqual([
        expect.objectContaining({
          subjects: [held.id, peer.participant.did],
          data: expect.objectContaining({ problem: body.code, message: wire['@type'], unrecorded: 0 }),
        }),
      ]);
      cells++;
    }
    expect(await look()).toEqual(before);
  });

  test('is every cell that the tables leave out', () => {
    const all = parts.reduce((sum, [feature]) => sum + Object.keys(messages[feature] ?? {}).length, 0);
    const legal = parts.reduce((sum, [feature, role, state]) => sum + allowedIn(feature, state, other(role)).length, 0);
    expect(cells).toBe(all - legal);
  });
});

function allowedIn(feature: Feature, state: string, by: Role): readonly string[] {
  return feature === 'negotiations'
    ? allowed(negotiationTable, state as 'REQUESTED', by)
    : allowed(transferTable, state as 'REQUESTED', by);
}
