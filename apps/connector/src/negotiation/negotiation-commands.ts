import {
  type InitialContractOffer,
  type InitialContractRequest,
  initiateNegotiation,
  type MessageOffer,
  type NegotiationOpening,
  type Offer as OfferOnWire,
} from '@hansa/dsp';
import { type Clock, type Did, type Ids, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import {
  declaredPurpose,
  declarePurpose,
  matchesOffer,
  type Offer,
  offerOf,
  parsePolicy,
  parsePurpose,
  serializePolicy,
} from '@hansa/odrl';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import type { Person } from '../access/index.js';
import {
  arePlain,
  type Datasets,
  enforceable,
  type NegotiationRules,
  type PeerCatalog,
  plainRules,
  type StoredOffer,
} from '../catalog/index.js';
import type { Agreements } from './agreements/agreements.js';
import { approvalsOfAuthor } from './approvals.js';
import { type Handling, plainHandling } from './handling.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { NegotiationProgress } from './progress.js';

export interface NegotiationRequest {
  readonly counterparty: Did;
  readonly datasetId: string;
  /** @default the dataset's only offer */
  readonly offerId?: string | undefined;
  /** The offer as the provider's catalogue lists it, for who has read it there: then it is not asked for again. */
  readonly offer?: JsonObject | undefined;
  /** A term of the Data Privacy Vocabulary, in short (`dpv:AcademicResearch`) or as its IRI. */
  readonly purpose?: string | undefined;
  /** Our agreement about the same dataset that the new one shall take the place of. */
  readonly supersedes?: string | undefined;
  /** Terms other than those of the offer, as an ODRL policy. */
  readonly terms?: JsonObject | undefined;
  /** How the other side's terms are answered. @default plainRules */
  readonly rules?: NegotiationRules | undefined;
}

/** A request to a provider whose protocol endpoints and offer are known already. */
export interface KnownOffer {
  readonly counterparty: Did;
  /** The base URL of the provider's protocol endpoints. */
  readonly address: string;
  readonly datasetId: string;
  readonly offer: OfferOnWire;
  readonly purpose?: string | undefined;
  /** Our agreement about the same dataset that the new one shall take the place of. */
  readonly supersedes?: string | undefined;
  readonly rules?: NegotiationRules | undefined;
}

/** How staff open negotiations. */
export class NegotiationCommands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly agreements: Agreements,
    private readonly progress: NegotiationProgress,
    private readonly datasets: Datasets,
    private readonly peers: PeerCatalog,
    /** Where the other side sends its messages: the base of our own protocol endpoints. */
    private readonly callbackAddress: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Asks a provider for a contract; the negotiation goes on by itself from there. */
  async start(request: NegotiationRequest): Promise<Result<NegotiationRecord>> {
    const purpose = request.purpose === undefined ? ok(undefined) : parsePurpose(request.purpose);
    if (!purpose.ok) return purpose;
    const found = await this.#offerAsked(request);
    if (!found.ok) return found;
    const { offer, address } = found.value;
    const asked = request.terms === undefined ? ok(offer) : termsAs(request.terms, offer['@id']);
    return asked.ok ? this.request({ ...request, address, offer: asked.value }) : asked;
  }

  async #offerAsked({
    counterparty,
    datasetId,
    offerId,
    offer,
  }: NegotiationRequest): Promise<Result<Pick<KnownOffer, 'offer' | 'address'>>> {
    if (offer === undefined) return this.peers.offer(counterparty, datasetId, offerId);
    const read = parsePolicy(offer);
    if (!read.ok) return read;
    if (offer.target !== undefined && offer.target !== datasetId)
      return refuse('offer.invalid', `The offer is not about ${datasetId}.`, 'offer/target');
    const address = await this.peers.discover(counterparty);
    return address.ok ? ok({ offer: { ...offer, '@type': 'Offer' } as OfferOnWire, address: address.value }) : address;
  }

  /** Asks for a contract without looking up where the provider is and what it offers. */
  async request(asked: KnownOffer): Promise<Result<NegotiationRecord>> {
    const { counterparty, address, datasetId, offer, purpose, supersedes, rules = plainRules } = asked;
    const declared = purpose === undefined ? ok(offer) : declarePurpose(offer, purpose);
    if (!declared.ok) return declared;
    const consumerPid = this.ids.next() as InitialContractRequest['consumerPid'];
    const message: InitialContractRequest = {
      type: 'ContractRequestMessage',
      consumerPid,
      callbackAddress: this.callbackAddress,
      offer: { ...(declared.value as JsonObject), target: datasetId } as MessageOffer,
      ...(supersedes === undefined ? {} : { supersedes }),
    };
    const handling = arePlain(rules) ? null : { ...plainHandling, rules };
    const parties = { counterparty, address, datasetId, purpose: purposeAsRead(offer, declared.value) };
    const about = { ...parties, handling, supersedes: supersedes ?? null };
    return this.unitOfWork.run(async (tx): Promise<Result<NegotiationRecord>> => {
      const next = { counterparty, datasetId, role: 'consumer' } as const;
      const may = supersedes === undefined ? ok(null) : await this.agreements.maySupersede(tx, supersedes, next);
      return may.ok ? ok(await this.#open(tx, consumerPid, message, about)) : may;
    });
  }

  /** Offers a dataset of ours to a participant that has not asked for it. What it does with that is its own affair. */
  async offerTo(request: NegotiationRequest, by: Person): Promise<Result<NegotiationRecord>> {
    const { counterparty, datasetId } = request;
    const dataset = await this.datasets.find(datasetId);
    if (!dataset.ok) return dataset;
    const stored = await this.#offerOf(request);
    if (!stored.ok) return stored;
    const terms = termsTo(request, stored.value, this.ids);
    if (!terms.ok) return terms;
    const address = await this.peers.discover(counterparty);
    if (!address.ok) return address;
    const providerPid = this.ids.next() as InitialContractOffer['providerPid'];
    const { callbackAddress } = this;
    const offer = terms.value;
    const message: InitialContractOffer = { type: 'ContractOfferMessage', providerPid, callbackAddress, offer };
    const rules = request.rules ?? stored.value?.negotiation ?? plainRules;
    const personal = request.terms !== undefined || rules.repeated === 'hold';
    const approvals = approvalsOfAuthor(by, this.clock.now());
    const handling: Handling = { ...plainHandling, rules, unasked: true, personal, approvals };
    const policy = parsePolicy(offer);
    const purpose = (policy.ok ? declaredPurpose(policy.value) : undefined) ?? null;
    const about = { counterparty, address: address.value, datasetId, purpose, handling, supersedes: null };
    return ok(await this.unitOfWork.run((tx) => this.#open(tx, providerPid, message, about)));
  }

  /** The offer named, or the only one; none where the terms come with the request. */
  async #offerOf({ datasetId, offerId, terms }: NegotiationRequest): Promise<Result<StoredOffer | null>> {
    const offers = (await this.datasets.offersOf([datasetId])).filter(
      ({ id }) => offerId === undefined || id === offerId,
    );
    const [only, another] = offers;
    if (another)
      return refuse('offer.ambiguous', `${datasetId} is offered under several policies; choose one.`, 'offerId');
    if (only) return ok(only);
    return terms !== undefined && offerId === undefined
      ? ok(null)
      : refuse('offer.not-found', `${datasetId} is not on offer; name terms, or offer it first.`, 'offerId');
  }

  #open(
    tx: Transaction,
    id: string,
    message: NegotiationOpening,
    about: Pick<NegotiationRecord, 'counterparty' | 'address' | 'datasetId' | 'purpose' | 'handling' | 'supersedes'>,
  ): Promise<NegotiationRecord> {
    const [now, negotiation] = [this.clock.now(), initiateNegotiation(message, this.ids.next())];
    const rest = { decision: null, credentials: [], awaiting: null, createdAt: now, updatedAt: now };
    return this.progress.open(tx, { id, ...about, negotiation, ...rest }, message);
  }
}

/** Terms that this node could enforce, as an offer. */
function termsAs(terms: JsonObject, id: string, target?: string): Result<MessageOffer> {
  const policy = enforceable(terms);
  if (!policy.ok) return policy;
  const named = offerOf(policy.value, { id, ...(target === undefined ? {} : { target }) });
  return ok(serializePolicy(named) as MessageOffer);
}

function termsTo(
  { datasetId, terms, purpose }: NegotiationRequest,
  stored: StoredOffer | null,
  ids: Ids,
): Result<MessageOffer> {
  const named = termsAs(terms ?? stored?.policy ?? {}, stored?.id ?? ids.next(), datasetId);
  if (!named.ok || purpose === undefined) return named;
  const declared = declarePurpose(named.value, purpose);
  return declared.ok ? ok(declared.value as MessageOffer) : declared;
}

/** The purpose that the provider reads out of our request, by the function that it reads it with: both sides keep the same. */
function purposeAsRead(offer: JsonObject, requested: JsonObject): string | null {
  const [offered, asked] = [parsePolicy(offer), parsePolicy(requested)];
  if (!offered.ok || !asked.ok) return null;
  const read = matchesOffer(offered.value as Offer, asked.value);
  return read.ok ? (read.value.purpose ?? null) : null;
}
