import type { MessageOffer, NegotiationStep } from '@hansa/dsp';
import { must, ok, type Result, refuse } from '@hansa/kernel';
import { declaredPurpose, matchesOffer, type Offer, parsePolicy } from '@hansa/odrl';
import type { Datasets } from '../catalog/index.js';
import type { Counterparty } from '../identity/index.js';
import type { Decisions } from '../policy/index.js';
import type { DecisionNote, NegotiationRecord } from './negotiation-record.js';

/** What the offer in a consumer's request comes to. */
export interface RequestedTerms {
  readonly datasetId: string;
  readonly purpose: string | null;
  readonly decision: DecisionNote;
}

/** What a later offer changes in a negotiation. */
type NewTerms = Pick<NegotiationRecord, 'purpose' | 'decision'>;

/** Reads the offers that others send: which of ours they repeat, and what our policy says of them. */
export class OfferTerms {
  constructor(
    private readonly datasets: Datasets,
    private readonly decisions: Decisions,
  ) {}

  /**
   * A request for one of our offers. It is judged by our own copy of the offer; what the consumer sends must say the
   * same, with its purpose filled in.
   */
  async requested({ did: assignee, credentials }: Counterparty, asked: MessageOffer): Promise<Result<RequestedTerms>> {
    const offer = await this.datasets.findOffer(asked['@id']);
    if (!offer.ok) return offer;
    const { datasetId, policy } = offer.value;
    if (asked.target !== undefined && asked.target !== datasetId)
      return refuse('offer.not-found', `The offer ${offer.value.id} is not about ${asked.target}.`);
    const requested = parsePolicy(asked);
    if (!requested.ok) return requested;
    const offered = { ...must(parsePolicy(policy)), target: datasetId } as Offer;
    const matched = matchesOffer(offered, requested.value);
    if (!matched.ok) return matched;
    const { purpose } = matched.value;
    const decided = await this.decisions.decide({ policy, target: datasetId, assignee, credentials, purpose });
    if (!decided.ok) return decided;
    const { outcome, unmet, trace } = decided.value;
    return ok({ datasetId, purpose: purpose ?? null, decision: { outcome, unmet, trace } });
  }

  /**
   * An offer within a negotiation. The consumer's is decided as a first request is where it repeats an offer of ours;
   * with other terms nobody has decided on it yet.
   *
   * @returns how it changes the record; or why it cannot be what a contract is made from.
   */
  async offered(
    counterparty: Counterparty,
    { type }: NegotiationStep,
    offer: MessageOffer,
  ): Promise<(record: NegotiationRecord) => Result<NewTerms>> {
    const policy = parsePolicy(offer);
    if (!policy.ok) return () => policy;
    const requested = type === 'ContractRequestMessage' ? await this.requested(counterparty, offer) : null;
    return ({ datasetId, purpose }) => {
      if (offer.target !== undefined && offer.target !== datasetId)
        return refuse('policy.offer-changed', `This negotiation is about ${datasetId}, not ${offer.target}.`);
      if (requested?.ok && requested.value.datasetId === datasetId) return ok(requested.value);
      return ok({ purpose: declaredPurpose(policy.value) ?? purpose, decision: null });
    };
  }
}
