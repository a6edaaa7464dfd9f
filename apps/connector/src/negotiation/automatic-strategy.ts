import type { Negotiation, NegotiationIntent } from '@hansa/dsp';
import type { Did, Ids } from '@hansa/kernel';
import { parsePolicy, sameTerms } from '@hansa/odrl';
import { agreementOn } from './agreement-on.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { NegotiationStrategy } from './negotiation-strategy.js';

/**
 * Decides by rule alone. The provider agrees to its own offer when the policy permits, otherwise it terminates and says
 * which requirements were not met. A counter-offer with terms of the consumer's own is left to a person. The consumer
 * verifies an agreement that says what it asked for, otherwise it terminates. An offer that nobody asked for is left to
 * a person.
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
    // What the consumer accepts is an offer that somebody here has made.
    if (negotiation.state === 'REQUESTED') {
      if (decision === null) return null;
      const reason = decision.unmet.map((requirement) => requirement.text);
      if (decision.outcome !== 'permit') return { move: 'termination', code: 'policy.denied', reason };
    } else if (negotiation.state !== 'ACCEPTED') return null;
    return { move: 'agreement', agreement: agreementOn(record, { id: this.ids.next(), assigner: this.did, now }) };
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
