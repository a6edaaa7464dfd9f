import { type MessageOffer, type NegotiationIntent, sendNegotiation } from '@hansa/dsp';
import {
  type Clock,
  type Did,
  type Digest,
  digestOfJson,
  type Ids,
  type Json,
  type JsonObject,
  ok,
  type Result,
  refuse,
} from '@hansa/kernel';
import { declaredPurpose, offerOf, parsePolicy, serializePolicy } from '@hansa/odrl';
import type { UnitOfWork } from '@hansa/platform';
import type { Person } from '../access/index.js';
import { enforceable } from '../catalog/index.js';
import { agreementOn } from './agreement-on.js';
import { approvalsOfAuthor, approve } from './approvals.js';
import { handlingOf } from './handling.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { Negotiations } from './negotiations.js';
import type { NegotiationProgress, Noted } from './progress.js';

/** What a person wants in a negotiation, and what of it the record keeps. */
interface Wish {
  readonly intent: NegotiationIntent;
  readonly handling?: NegotiationRecord['handling'];
  readonly noted?: Noted;
}

type Decided = Promise<Result<NegotiationRecord>>;

/** What people decide in negotiations: yes, other terms, or no. The ledger says who. */
export class DecideHeld {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly negotiations: Negotiations,
    private readonly progress: NegotiationProgress,
    /** Who we are. */
    private readonly did: Did,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Says yes to what is on the table, in either role; see {@link agree} and {@link accept}.
   *
   * @param seen digest of the terms that the person has read: nobody shall approve others by being late.
   */
  approve(id: string, by: Person, seen?: Digest): Decided {
    return this.#approve(id, by, (record) => {
      const { role, offer } = record.negotiation;
      if (seen !== undefined && seen !== digestOfJson(offer))
        return refuse('negotiation.conflict', 'The terms on the table are not the ones that were read: look again.');
      return role === 'provider' ? this.#agreement(record) : ok({ move: 'accepted' });
    });
  }

  /** Agrees to what is on the table, for the provider: terms of the consumer's own among them. */
  agree(id: string, by: Person): Decided {
    return this.#approve(id, by, (record) => this.#agreement(record));
  }

  /** Accepts the offer of the provider, for the consumer. */
  accept(id: string, by: Person): Decided {
    return this.#approve(id, by, () => ok({ move: 'accepted' }));
  }

  /** Puts other terms on the table: the provider's offer, or the consumer's counter-offer. */
  async offer(id: string, terms: JsonObject, by: Person): Decided {
    const policy = enforceable(terms);
    if (!policy.ok) return policy;
    return this.#change(id, (record) => {
      const { negotiation, datasetId: target } = record;
      const named = offerOf(policy.value, { id: negotiation.offer['@id'], target });
      const move = negotiation.role === 'provider' ? 'offer' : 'request';
      const approvals = approvalsOfAuthor(by, this.clock.now());
      const handling = { ...handlingOf(record), personal: true, approvals };
      const intent = { move, offer: serializePolicy(named) as MessageOffer } as const;
      return ok({ intent, handling, noted: decided(by, 'changed', { offer: intent.offer }) });
    });
  }

  /** Says no to what is held; the other side is told the reason. */
  refuse(id: string, reason: string, by: Person): Decided {
    return this.#change(id, (record) => {
      if (!record.awaiting)
        return refuse(
          'negotiation.conflict',
          'Nothing in this negotiation is held for a decision. To end it: terminate.',
        );
      const intent = { move: 'termination', code: 'negotiation.refused', reason: [reason] } as const;
      return ok({ intent, noted: decided(by, 'refused', { reason }) });
    });
  }

  /** Ends a negotiation; the other side is told the reason. */
  terminate(id: string, reason: string, by: Person): Decided {
    const intent = { move: 'termination', code: 'operator', reason: [reason] } as const;
    return this.#change(id, () => ok({ intent, noted: decided(by, 'terminated', { reason }) }));
  }

  /** Ends what is held longer than its rules allow; null when somebody has decided in time after all. */
  expire(id: string): Promise<NegotiationRecord | null> {
    return this.unitOfWork.run(async (tx) => {
      const loaded = await this.negotiations.lock(tx, id);
      const deadline = loaded.ok ? loaded.value.awaiting?.deadline : null;
      if (!loaded.ok || !deadline || new Date(deadline) > this.clock.now()) return null;
      const reason = [`Nobody has decided by ${deadline}.`];
      const intent = { move: 'termination', code: 'negotiation.expired', reason } as const;
      const sent = sendNegotiation(loaded.value.negotiation, intent, this.ids.next());
      if (!sent.ok) return null;
      return this.progress.apply(tx, loaded.value, sent.value, [{ what: 'expired', data: { deadline } }]);
    });
  }

  /** Says what the protocol allows next. */
  send(id: string, intent: NegotiationIntent): Decided {
    return this.#change(id, () => ok({ intent }));
  }

  #agreement(record: NegotiationRecord): Result<NegotiationIntent> {
    const policy = enforceable(record.negotiation.offer);
    if (!policy.ok) return policy;
    const parts = { id: this.ids.next(), assigner: this.did, now: this.clock.now() };
    return ok({ move: 'agreement', agreement: agreementOn(record, parts) });
  }

  async #approve(id: string, by: Person, intentOf: (record: NegotiationRecord) => Result<NegotiationIntent>): Decided {
    await this.progress.outbox.settleNow(id);
    return this.unitOfWork.run(async (tx): Decided => {
      const loaded = await this.negotiations.lock(tx, id);
      if (!loaded.ok) return loaded;
      const intent = intentOf(loaded.value);
      if (!intent.ok) return intent;
      const sent = sendNegotiation(loaded.value.negotiation, intent.value, this.ids.next());
      if (!sent.ok) return sent;
      const approved = approve(loaded.value, by, this.clock.now());
      if (!approved.ok) return approved;
      const { handling, isComplete } = approved.value;
      const record = { ...loaded.value, handling };
      const { approvals, rules } = handlingOf(record);
      const given = approvals.map((approval) => approval.by);
      const noted = decided(by, 'approved', { approvals: rules.approvals === 1 ? [by.name] : given });
      return ok(
        isComplete
          ? await this.progress.apply(tx, record, sent.value, [noted])
          : await this.progress.note(tx, record, noted),
      );
    });
  }

  async #change(id: string, wishOf: (record: NegotiationRecord) => Result<Wish>): Decided {
    await this.progress.outbox.settleNow(id);
    return this.unitOfWork.run(async (tx): Decided => {
      const loaded = await this.negotiations.lock(tx, id);
      if (!loaded.ok) return loaded;
      const wish = wishOf(loaded.value);
      if (!wish.ok) return wish;
      const { intent, handling = loaded.value.handling, noted } = wish.value;
      const sent = sendNegotiation(loaded.value.negotiation, intent, this.ids.next());
      if (!sent.ok) return sent;
      const record = { ...loaded.value, handling, purpose: purposeAfter(intent, loaded.value) };
      return ok(await this.progress.apply(tx, record, sent.value, noted ? [noted] : []));
    });
  }
}

function decided(
  by: Person,
  decision: 'approved' | 'changed' | 'refused' | 'terminated',
  data: Record<string, Json>,
): Noted {
  return { what: 'decided', data: { by: by.name, decision, ...data } };
}

/** The purpose that new terms name; where they name none, the one that was declared before holds. */
function purposeAfter(intent: NegotiationIntent, { purpose }: NegotiationRecord): string | null {
  const policy = 'offer' in intent ? parsePolicy(intent.offer) : null;
  return (policy?.ok ? declaredPurpose(policy.value) : undefined) ?? purpose;
}
