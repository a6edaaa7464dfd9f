import type { Negotiation, NegotiationIntent } from '@hansa/dsp';
import type { Did, Ids } from '@hansa/kernel';
import { parsePolicy, sameTerms } from '@hansa/odrl';
import { agreementOn } from './agreement-on.js';
import type { Comparison } from './compare-terms.js';
import { handlingOf } from './handling.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { Hold, NegotiationStrategy } from './negotiation-strategy.js';

/** How often a rule puts our terms on the table in one negotiation: two sides that both counter come to an end. */
const mostCounters = 1;

/**
 * Decides by the rules that go for the negotiation. The provider agrees to terms that repeat its offer or keep its bounds
 * when the policy permits, otherwise it terminates and says which requirements were not met; other terms it answers once
 * with its own, or holds them. The consumer accepts an offer that says what it asked for or gives what it needs, and
 * verifies an agreement that says what was on the table. Everything else is held for a person.
 */
export class AutomaticStrategy implements NegotiationStrategy {
  constructor(
    private readonly did: Did,
    private readonly ids: Ids,
  ) {}

  next(record: NegotiationRecord, now: Date): NegotiationIntent | Hold | null {
    const { negotiation } = record;
    if (negotiation.role === 'consumer') return this.#consume(record, negotiation);
    switch (negotiation.state) {
      case 'VERIFIED':
        return { move: 'finalized' };
      case 'REQUESTED':
        return this.#answer(record, now);
      case 'ACCEPTED':
        return this.#conclude(record, now);
      default:
        return null;
    }
  }

  /** What the consumer accepts is an offer that a rule or a person here has made. */
  #conclude(record: NegotiationRecord, now: Date): NegotiationIntent | Hold {
    const { rules, personal } = handlingOf(record);
    return rules.repeated === 'hold' && !personal ? byRule(record) : this.#agree(record, now);
  }

  #answer(record: NegotiationRecord, now: Date): NegotiationIntent | Hold {
    const { comparison, rules, answer, counters } = handlingOf(record);
    const { kind, detail } = comparison ?? undecided(record);
    if (kind !== 'other') return rules.repeated === 'hold' ? byRule(record) : this.#agree(record, now);
    if (answer === null || rules.otherTerms !== 'counter') return { move: 'hold', code: 'other-terms', text: detail };
    if (counters < mostCounters) return denialOf(record) ?? { move: 'offer', offer: answer };
    return { move: 'hold', code: 'countered-again', text: `Our own terms were answered with others. ${detail}` };
  }

  #agree(record: NegotiationRecord, now: Date): NegotiationIntent | Hold {
    const { personal, approvals, rules } = handlingOf(record);
    if (record.decision === null)
      return { move: 'hold', code: 'undecided', text: 'What is on the table was not decided on.' };
    const denial = denialOf(record);
    if (denial) return denial;
    if (personal && rules.approvals > 1 && approvals.length < rules.approvals)
      return { move: 'hold', code: 'approval', text: 'The terms that a person here has made need another approval.' };
    return { move: 'agreement', agreement: agreementOn(record, { id: this.ids.next(), assigner: this.did, now }) };
  }

  #consume(record: NegotiationRecord, negotiation: Negotiation): NegotiationIntent | Hold | null {
    if (negotiation.state === 'OFFERED') return accept(record);
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

/** What a consumer does with an offer. */
function accept(record: NegotiationRecord): NegotiationIntent | Hold {
  const { comparison, rules, unasked } = handlingOf(record);
  if (comparison === null)
    return unasked
      ? { move: 'hold', code: 'unasked', text: 'Nobody here has asked for this offer.' }
      : { move: 'hold', code: 'other-terms', text: 'The offer was not compared with what was asked for.' };
  if (comparison.kind === 'other') return { move: 'hold', code: 'other-terms', text: comparison.detail };
  return rules.repeated === 'hold' ? byRule(record) : { move: 'accepted' };
}

/** A negotiation that has nothing of its own is about an offer that was repeated, if it was decided on at all. */
function undecided({ decision }: NegotiationRecord): Comparison {
  return decision ? { kind: 'same', detail: '' } : { kind: 'other', detail: 'Nobody has decided on these terms yet.' };
}

function denialOf({ decision }: NegotiationRecord): NegotiationIntent | null {
  if (decision === null || decision.outcome === 'permit') return null;
  return { move: 'termination', code: 'policy.denied', reason: decision.unmet.map((requirement) => requirement.text) };
}

/** What a person shall decide on must be something that the policy permits at all. */
function byRule(record: NegotiationRecord): NegotiationIntent | Hold {
  return denialOf(record) ?? { move: 'hold', code: 'rule', text: 'By its rules a person here decides on it.' };
}
