import type { MessageOffer, Negotiation, NegotiationStep } from '@hansa/dsp';
import { type Did, type JsonObject, must, ok, type Result, refuse } from '@hansa/kernel';
import { declaredPurpose, declarePurpose, type Offer, type Policy, parsePolicy, serializePolicy } from '@hansa/odrl';
import { arePlain, type Datasets, enforceable } from '../catalog/index.js';
import type { Counterparty } from '../identity/index.js';
import type { Decisions } from '../policy/index.js';
import { type Compared, compareOffer, compareRequest, type Parties } from './compare-terms.js';
import { type Handling, handlingOf, plainHandling } from './handling.js';
import type { DecisionNote, NegotiationRecord } from './negotiation-record.js';

/** What the offer in an opening message comes to. */
export type OpeningTerms = Pick<NegotiationRecord, 'datasetId' | 'purpose' | 'decision' | 'handling'>;

/** What later terms change in a negotiation. */
type NewTerms = Pick<NegotiationRecord, 'purpose' | 'decision' | 'handling' | 'credentials'>;

/** Reads the offers that others send: how they stand to ours, and what our policy says of them. */
export class OfferTerms {
  constructor(
    private readonly datasets: Datasets,
    private readonly decisions: Decisions,
    /** Who we are. */
    private readonly did: Did,
  ) {}

  /**
   * A first request for one of our offers. What repeats the offer, with the consumer's purpose filled in, is judged by our
   * own copy; other terms are judged by themselves where they keep the bounds. Others name the parties too, Eclipse EDC
   * the assigner always: they must be we and who asks.
   */
  async requested(counterparty: Counterparty, asked: MessageOffer): Promise<Result<OpeningTerms>> {
    const found = await this.datasets.findOffer(asked['@id']);
    if (!found.ok) return found;
    const { id, datasetId, policy, negotiation: rules } = found.value;
    if (asked.target !== undefined && asked.target !== datasetId)
      return refuse('offer.not-found', `The offer ${id} is not about ${asked.target}.`);
    const requested = parsePolicy(asked);
    if (!requested.ok) return requested;
    const own = { ...must(parsePolicy(policy)), target: datasetId } as Offer;
    const compared = compareRequest(own, requested.value, rules.bounds, this.#parties(counterparty));
    if (compared.kind === 'other') {
      if (rules.otherTerms === 'refuse') return refuse('policy.offer-changed', compared.detail);
      const fit = enforceable(asked);
      if (!fit.ok) return fit;
    }
    const handling = { ...plainHandling, rules };
    const judged = await this.#judged(counterparty, { datasetId, own, asked, compared, handling });
    if (!judged.ok) return judged;
    const isPlain = compared.kind === 'same' && arePlain(rules);
    return ok({ datasetId, ...judged.value, ...(isPlain ? { handling: null } : {}) });
  }

  /**
   * An offer that we have not asked for. What we could not enforce we cannot agree to, nor to what is between others: it
   * may name the parties, but they must be who offers and we.
   */
  unasked({ did }: Counterparty, offer: MessageOffer): Result<OpeningTerms> {
    const { target: datasetId } = offer;
    if (datasetId === undefined)
      return refuse('policy.no-target', 'The offer names no dataset as its target.', '/offer/target');
    const policy = enforceable(offer);
    if (!policy.ok) return policy;
    const { assigner = did, permissions, prohibitions } = policy.value;
    const named = [policy.value, ...permissions, ...prohibitions];
    if (assigner !== did || named.some(({ assignee = this.did }) => assignee !== this.did))
      return refuse('policy.other-parties', `The offer must be one of ${did} to ${this.did}.`, '/offer');
    const handling = { ...plainHandling, unasked: true };
    return ok({ datasetId, purpose: declaredPurpose(policy.value) ?? null, decision: null, handling });
  }

  /**
   * Terms within a negotiation: those that a message names, or those on the table that a consumer accepts.
   *
   * @param record as it is before the message.
   */
  async within(
    counterparty: Counterparty,
    message: NegotiationStep,
    record: NegotiationRecord,
  ): Promise<Result<NewTerms>> {
    const { datasetId, negotiation } = record;
    const terms = termsOf(message, negotiation);
    if (terms === null) return ok(record);
    const policy = parsePolicy(terms);
    if (!policy.ok) return policy;
    if (terms.target !== undefined && terms.target !== datasetId)
      return refuse('policy.offer-changed', `This negotiation is about ${datasetId}, not ${terms.target}.`);
    if (message.type === 'ContractOfferMessage') return ok(this.#offered(policy.value, record));
    const credentials = counterparty.credentials.map((credential) => credential.jwt);
    const judged =
      message.type === 'ContractRequestMessage'
        ? await this.#countered(counterparty, terms, policy.value, record)
        : await this.#accepted(counterparty, terms, policy.value, record);
    return judged.ok ? ok({ credentials, ...judged.value }) : judged;
  }

  /** Of an agreement in which we provide. */
  #parties({ did: assignee }: Counterparty): Parties {
    return { assigner: this.did, assignee };
  }

  #offered(theirs: Policy, record: NegotiationRecord): NewTerms {
    const handling = handlingOf(record);
    const own = must(parsePolicy(ownTermsOf(record.negotiation)));
    const { purpose, kind, detail } = compareOffer(own, theirs, handling.rules.bounds, this.did);
    const changed = { ...handling, comparison: { kind, detail }, personal: false, approvals: [] };
    return { purpose: purpose ?? record.purpose, decision: null, handling: changed, credentials: record.credentials };
  }

  /** A consumer's other terms may repeat an offer in our catalogue, or what is on the table. */
  async #countered(
    counterparty: Counterparty,
    asked: MessageOffer,
    theirs: Policy,
    record: NegotiationRecord,
  ): Promise<Result<Omit<NewTerms, 'credentials'>>> {
    const { datasetId } = record;
    const before = handlingOf(record);
    const fresh = { ...before, personal: false, approvals: [] };
    const parties = this.#parties(counterparty);
    const listed = await this.datasets.findOffer(asked['@id']);
    if (listed.ok && listed.value.datasetId === datasetId) {
      const own = { ...must(parsePolicy(listed.value.policy)), target: datasetId } as Offer;
      const compared = compareRequest(own, theirs, before.rules.bounds, parties);
      if (compared.kind === 'same')
        return this.#judged(counterparty, { datasetId, own, asked, compared, handling: fresh });
    }
    const table = { ...must(parsePolicy(ownTermsOf(record.negotiation))), target: datasetId } as Offer;
    const compared = compareRequest(table, theirs, before.rules.bounds, parties);
    const handling = compared.kind === 'same' ? before : fresh;
    const judged = await this.#judged(counterparty, { datasetId, own: table, asked, compared, handling });
    return judged.ok ? ok({ ...judged.value, purpose: judged.value.purpose ?? record.purpose }) : judged;
  }

  async #accepted(
    counterparty: Counterparty,
    terms: MessageOffer,
    policy: Policy,
    { datasetId, handling, purpose: before }: NegotiationRecord,
  ): Promise<Result<Omit<NewTerms, 'credentials'>>> {
    const purpose = declaredPurpose(policy) ?? before;
    const decision = await this.#decide(counterparty, terms, datasetId, purpose ?? undefined);
    return decision.ok ? ok({ purpose, decision: decision.value, handling }) : decision;
  }

  async #judged(
    counterparty: Counterparty,
    about: {
      readonly datasetId: string;
      readonly own: Offer;
      readonly asked: MessageOffer;
      readonly compared: Compared;
      readonly handling: Handling;
    },
  ): Promise<Result<Omit<NewTerms, 'credentials'>>> {
    const { datasetId, own, asked, compared, handling } = about;
    const { kind, detail, purpose } = compared;
    const noted = { ...handling, comparison: { kind, detail } };
    if (kind === 'other' && handling.rules.otherTerms !== 'counter')
      return ok({ purpose: purpose ?? null, decision: null, handling: noted });
    // Where our own terms are the answer, it is they that the consumer must be able to meet.
    const answer = kind === 'other' ? withPurpose(own, purpose) : null;
    const judgedBy = kind === 'within-bounds' ? asked : serializePolicy(own);
    const decision = await this.#decide(counterparty, judgedBy, datasetId, purpose);
    if (!decision.ok) return decision;
    return ok({ purpose: purpose ?? null, decision: decision.value, handling: { ...noted, answer } });
  }

  async #decide(
    { did: assignee, credentials }: Counterparty,
    policy: JsonObject,
    target: string,
    purpose: string | undefined,
  ): Promise<Result<DecisionNote>> {
    const decided = await this.decisions.decide({ policy, target, assignee, credentials, purpose });
    if (!decided.ok) return decided;
    const { outcome, unmet, trace } = decided.value;
    return ok({ outcome, unmet, trace });
  }
}

/** The terms that we have put forward last, also where the other side has not acknowledged them yet. */
export function ownTermsOf({ pending, offer }: Negotiation): MessageOffer {
  return pending && 'offer' in pending.message ? pending.message.offer : offer;
}

/** The terms that a message is about; null for one that is about none. */
function termsOf(message: NegotiationStep, negotiation: Negotiation): MessageOffer | null {
  if ('offer' in message) return message.offer;
  const isAcceptance = message.type === 'ContractNegotiationEventMessage' && message.eventType === 'ACCEPTED';
  return isAcceptance ? ownTermsOf(negotiation) : null;
}

function withPurpose(own: Offer, purpose: string | undefined): MessageOffer {
  const plain = serializePolicy(own);
  const declared = purpose === undefined ? null : declarePurpose(plain, purpose);
  return (declared?.ok ? declared.value : plain) as MessageOffer;
}
