import {
  evolveNegotiation,
  messageUrl,
  type Negotiation,
  type NegotiationEvent,
  type NegotiationMessage,
  type NegotiationMove,
  negotiationMoveOf,
  other,
  sendNegotiation,
  serialize,
} from '@hansa/dsp';
import type { Clock, Ids, Json } from '@hansa/kernel';
import type { Outbox, Transaction } from '@hansa/platform';
import { overtaking } from '../delivery/index.js';
import type { Ledger, LedgerEvent } from '../ledger/index.js';
import { concludedAgreement } from './agreements/agreement-record.js';
import type { Agreements } from './agreements/agreements.js';
import type { EndAgreement } from './agreements/end-agreement.js';
import { hold } from './awaiting.js';
import { handlingOf } from './handling.js';
import type { NegotiationRecord, StoredNegotiation } from './negotiation-record.js';
import type { NegotiationStrategy } from './negotiation-strategy.js';
import type { Negotiations } from './negotiations.js';

export const negotiationTopic = 'negotiation';

/** What somebody at this node has decided, for the ledger: `negotiation.<what>`. */
export interface Noted {
  readonly what: 'decided' | 'expired';
  readonly data: Record<string, Json>;
}

type Withdrawn = NegotiationEvent & { readonly kind: 'withdrawn' };

const isRefused = (event: NegotiationEvent): event is Withdrawn =>
  event.kind === 'withdrawn' && event.because === 'refused';

interface Change {
  readonly before: NegotiationRecord | null;
  readonly after: NegotiationRecord;
  readonly events: readonly NegotiationEvent[];
  readonly noted: readonly Noted[];
  /** The message that began it, when it has just begun. */
  readonly opening?: NegotiationMessage;
}

/**
 * Carries a negotiation forward by events: state, agreement, ledger, what we say next and the frozen bytes of it, all
 * in the caller's transaction. Nothing else changes a negotiation.
 */
export class NegotiationProgress {
  constructor(
    private readonly negotiations: Negotiations,
    private readonly agreements: Agreements,
    private readonly endings: EndAgreement,
    /** Where what we say waits, and what was delivered and has no reply yet. */
    readonly outbox: Outbox,
    private readonly ledger: Ledger,
    private readonly strategy: NegotiationStrategy,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  #held: () => void = () => {};

  /** Names who is told after a commit that something is held. */
  onHeld(listener: () => void): void {
    this.#held = listener;
  }

  /** Applies events to a stored negotiation, then lets the strategy speak. */
  async apply(
    tx: Transaction,
    record: StoredNegotiation,
    events: readonly NegotiationEvent[],
    noted: readonly Noted[] = [],
  ): Promise<StoredNegotiation> {
    const evolved = this.#evolve(record, events);
    const refused = events.find(isRefused);
    const said = refused ? { record: this.#stopped(evolved, refused), events: [] } : this.#decideNext(evolved);
    await this.negotiations.save(tx, said.record);
    await this.#effects(tx, { before: record, after: said.record, events: [...events, ...said.events], noted });
    return said.record;
  }

  /** Records what was decided here about a negotiation that stays as it is. */
  async note(tx: Transaction, record: StoredNegotiation, noted: Noted): Promise<StoredNegotiation> {
    const after = { ...record, updatedAt: this.clock.now() };
    await this.negotiations.save(tx, after);
    await this.#effects(tx, { before: record, after, events: [], noted: [noted] });
    return after;
  }

  /** Stores a new negotiation, then lets the strategy speak. `opening` is the message that began it. */
  async open(tx: Transaction, record: NegotiationRecord, opening: NegotiationMessage): Promise<NegotiationRecord> {
    const { negotiation } = record;
    const said = this.#decideNext(record);
    await this.negotiations.insert(tx, said.record);
    if (negotiation.pending) await this.#send(tx, record, negotiation.pending.id, negotiation.pending.message);
    await this.#effects(tx, { before: null, after: said.record, events: said.events, noted: [], opening });
    return said.record;
  }

  #evolve<Record extends NegotiationRecord>(record: Record, events: readonly NegotiationEvent[]): Record {
    const negotiation = events.reduce<Negotiation>(evolveNegotiation, record.negotiation);
    return { ...record, negotiation, updatedAt: this.clock.now() };
  }

  #decideNext<Record extends NegotiationRecord>(
    record: Record,
  ): { record: Record; events: readonly NegotiationEvent[] } {
    const free = record.awaiting ? { ...record, awaiting: null } : record;
    if (record.negotiation.pending) return { record: free, events: [] };
    const now = this.clock.now();
    const next = this.strategy.next(free, now);
    if (!next) return { record: free, events: [] };
    if (next.move === 'hold') return { record: { ...record, awaiting: hold(record, next, now) }, events: [] };
    const sent = sendNegotiation(record.negotiation, next, this.ids.next());
    if (!sent.ok) throw new Error(`the strategy made an illegal move: ${sent.problem.detail}`);
    const { counters, ...handling } = handlingOf(record);
    const countered = next.move === 'offer' ? { handling: { ...handling, counters: counters + 1 } } : {};
    return { record: this.#evolve({ ...free, ...countered }, sent.value), events: sent.value };
  }

  /** What the peer has refused for good is not said again in other words: a person must look. */
  #stopped<Record extends NegotiationRecord>(record: Record, { message, detail }: Withdrawn): Record {
    if (record.negotiation.state === 'REFUSED') return { ...record, awaiting: null };
    const text = `${record.counterparty} refused our ${message.type}: ${detail}`;
    const awaiting = { code: 'peer.refused', text, since: this.clock.now().toISOString(), deadline: null };
    return { ...record, awaiting };
  }

  async #effects(tx: Transaction, { before, after, events, noted, opening }: Change): Promise<void> {
    for (const event of events) {
      if (event.kind === 'acknowledged' && event.implied) this.outbox.settleImplied(tx, after.id, event.id);
      if (event.kind === 'sent') await this.#send(tx, after, event.id, event.message);
    }
    const entries: LedgerEvent[] = [];
    if (opening) entries.push(this.#entry(after, happened(opening), { decision: after.decision as Json }));
    for (const event of events) {
      if (event.kind === 'acknowledged' || event.kind === 'received')
        entries.push(this.#entry(after, happened(event.message), { state: event.to, message: wireOf(event.message) }));
      if (isRefused(event))
        entries.push(this.#entry(after, 'refused', { refused: event.message.type, detail: event.detail }));
    }
    for (const { what, data } of noted) entries.push(this.#entry(after, what, data));
    const { negotiation, awaiting } = after;
    if (awaiting && awaiting.since !== before?.awaiting?.since) {
      tx.afterCommit(this.#held);
      const { code, text, deadline } = awaiting;
      entries.push(this.#entry(after, 'held', { code, text, deadline, approvals: handlingOf(after).rules.approvals }));
    }
    if (negotiation.state === 'FINALIZED' && before?.negotiation.state !== 'FINALIZED') {
      const { agreement } = negotiation;
      const { id: negotiationId, counterparty, address, purpose, credentials, supersedes } = after;
      const parts = { negotiationId, role: negotiation.role, counterparty, address, purpose, credentials, supersedes };
      const concluded = concludedAgreement(agreement, parts);
      await this.agreements.insert(tx, concluded);
      entries.push({
        kind: 'agreement.concluded',
        subjects: [agreement['@id'], after.id, agreement.target, after.counterparty],
        data: agreement,
      });
      if (supersedes !== null) entries.push(...(await this.endings.supersede(tx, supersedes, concluded)));
    }
    await this.ledger.append(tx, ...entries);
  }

  async #send(tx: Transaction, record: NegotiationRecord, id: string, message: NegotiationMessage): Promise<void> {
    const early = record.negotiation.state === 'REQUESTED' || record.negotiation.state === 'OFFERED';
    await this.outbox.add(tx, {
      topic: negotiationTopic,
      processId: record.id,
      counterparty: record.counterparty,
      url: messageUrl(message, other(record.negotiation.role), record.address),
      body: JSON.stringify(serialize(message, id)),
      delay: early && negotiationMoveOf(message) === 'termination' ? overtaking : 0,
    });
  }

  #entry(record: NegotiationRecord, what: string, data: Record<string, Json>): LedgerEvent {
    const subjects = [record.id, record.datasetId, record.counterparty];
    return { kind: `negotiation.${what}`, subjects, data: { role: record.negotiation.role, ...data } };
  }
}

const words: Readonly<Record<NegotiationMove, string>> = {
  request: 'requested',
  offer: 'offered',
  accepted: 'accepted',
  agreement: 'agreed',
  verification: 'verified',
  finalized: 'finalized',
  termination: 'terminated',
};

/** What a message has brought about, as the ledger says it. */
const happened = (message: NegotiationMessage): string => words[negotiationMoveOf(message)];

/** A message as ledger data: what it says, without its JSON-LD frame. */
function wireOf(message: NegotiationMessage): Json {
  const { type: _, ...said } = message;
  return said as unknown as Json;
}
