import type { Agreement, Negotiation, NegotiationIntent } from '@hansa/dsp';
import { type Did, type Ids, must } from '@hansa/kernel';
import { agreementOf, type Offer, parsePolicy, sameTerms } from '@hansa/odrl';
import type { NegotiationRecord } from './negotiation-record.js';
import type { NegotiationStrategy } from './negotiation-strategy.js';

/**
 * Decides by rule alone. The provider agrees to its own offer when the policy permits, otherwise it terminates and says
 * which requirements were not met. The consumer verifies an agreement that says what it asked for, otherwise it
 * terminates. An offer that nobody asked for is left to a person.
 */
export class AutomaticStrategy implements NegotiationStrategy {
  constructor(
    private readonly did: Did,
    private readonly ids: Ids,
  ) {}

  next(record: NegotiationRecord, now: Date): NegotiationIntent | null {
    const { negotiation } = record;
    return negotiation.role === 'provider' ? this.#provide(record, now) : this.#consume(record, negotiation);
  }

  #provide(record: NegotiationRecord, now: Date): NegotiationIntent | null {
    const { negotiation, decision } = record;
    if (negotiation.state === 'VERIFIED') return { move: 'finalized' };
    if (negotiation.state !== 'REQUESTED' && negotiation.state !== 'ACCEPTED') return null;
    if (decision?.outcome !== 'permit') {
      const reason = decision?.unmet.map((requirement) => requirement.text) ?? [];
      return { move: 'termination', code: 'policy.denied', reason };
    }
    // The offer was parsed when the request came in, so it can be parsed now.
    const agreement = agreementOf(must(parsePolicy(negotiation.offer)) as Offer, {
      id: this.ids.next(),
      target: record.datasetId,
      assigner: this.did,
      assignee: record.counterparty,
      timestamp: now,
    });
    return { move: 'agreement', agreement: agreement as Agreement };
  }

  #consume(record: NegotiationRecord, negotiation: Negotiation): NegotiationIntent | null {
    if (negotiation.state !== 'AGREED') return null;
    const { agreement, offer } = negotiation;
    const parties = agreement.assigner === record.counterparty && agreement.assignee === this.did;
    const [asked, agreed] = [parsePolicy(offer), parsePolicy(agreement)];
    const terms = asked.ok && agreed.ok && sameTerms(asked.value, agreed.value);
    if (parties && terms && agreement.target === record.datasetId) return { move: 'verification' };
    const reason = ['The agreement does not say what was asked for.'];
    return { move: 'termination', code: 'agreement.differs', reason };
  }
}
