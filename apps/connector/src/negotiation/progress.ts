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
import type { Ledger, LedgerEvent } from '../ledger/index.js';
import { concludedAgreement } from './agreements/agreement-record.js';
import type { Agreements } from './agreements/agreements.js';
import type { EndAgreement } from './agreements/end-agreement.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { NegotiationStrategy } from './negotiation-strategy.js';
import type { Negotiations } from './negotiations.js';

export const negotiationTopic = 'negotiation';

/**
 * Carries a negotiation forward by events: state, agreement, ledger, what we say next and the frozen bytes of it, all
 * in the caller's transaction. Nothing else changes a negotiation.
 */
export class NegotiationProgress {
  constructor(
    private readonly negotiations: Negotiations,
    private readonly agreements: Agreements,
    private readonly endings: EndAgreement,
    private readonly outbox: Outbox,
    private readonly ledger: Ledger,
    private readonly strategy: NegotiationStrategy,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Applies events to a stored negotiation, then lets the strategy speak. */
  async apply(
    tx: Transaction,
    record: NegotiationRecord,
    events: readonly NegotiationEvent[],
  ): Promise<NegotiationRecord> {
    const evolved = this.#evolve(record, events);
    // What the peer has refused for good is not said again in other words: an operator must look.
    const refused = events.some((event) => event.kind === 'withdrawn' && event.because === 'refused');
    const said = refused ? { record: evolved, events: [] } : this.#decideNext(evolved);
    await this.negotiations.save(tx, said.record);
    await this.#effects(tx, record, said.record, [...events, ...said.events]);
    return said.record;
  }

  /** Stores a new negotiation, then lets the strategy speak. `opening` is the message that began it. */
  async open(tx: Transaction, record: NegotiationRecord, opening: NegotiationMessage): Promise<NegotiationRecord> {
    const { negotiation } = record;
    const said = this.#decideNext(record);
    await this.negotiations.insert(tx, said.record);
    if (negotiation.pending) await this.#send(tx, record, negotiation.pending.id, negotiation.pending.message);
    await this.#effects(tx, null, said.record, said.events, opening);
    return said.record;
  }

  #evolve(record: NegotiationRecord, events: readonly NegotiationEvent[]): NegotiationRecord {
    const negotiation = events.reduce<Negotiation>(evolveNegotiation, record.negotiation);
    return { ...record, negotiation, updatedAt: this.clock.now() };
  }

  #decideNext(record: NegotiationRecord): { record: NegotiationRecord; events: readonly NegotiationEvent[] } {
    if (record.negotiation.pending) return { record, events: [] };
    const intent = this.strategy.next(record, this.clock.now());
    if (!intent) return { record, events: [] };
    const sent = sendNegotiation(record.negotiation, intent, this.ids.next());
    if (!sent.ok) throw new Error(`the strategy made an illegal move: ${sent.problem.detail}`);
    return { record: this.#evolve(record, sent.value), events: sent.value };
  }

  async #effects(
    tx: Transaction,
    before: NegotiationRecord | null,
    after: NegotiationRecord,
    events: readonly NegotiationEvent[],
    opening?: NegotiationMessage,
  ): Promise<void> {
    for (const event of events) if (event.kind === 'sent') await this.#send(tx, after, event.id, event.message);
    const entries: LedgerEvent[] = [];
    if (opening) entries.push(this.#entry(after, happened(opening), { decision: after.decision as Json }));
    for (const event of events) {
      if (event.kind === 'acknowledged' || event.kind === 'received')
        entries.push(this.#entry(after, happened(event.message), { state: event.to, message: wireOf(event.message) }));
      if (event.kind === 'withdrawn' && event.because === 'refused')
        entries.push(this.#entry(after, 'refused', { refused: event.message.type, detail: event.detail }));
    }
    const { negotiation } = after;
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
    await this.outbox.add(tx, {
      topic: negotiationTopic,
      processId: record.id,
      counterparty: record.counterparty,
      url: messageUrl(message, other(record.negotiation.role), record.address),
      body: JSON.stringify(serialize(message, id)),
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
