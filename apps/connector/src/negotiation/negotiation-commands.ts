import {
  type InitialContractRequest,
  initiateNegotiation,
  type MessageOffer,
  type NegotiationIntent,
  type Offer as OfferOnWire,
  sendNegotiation,
} from '@hansa/dsp';
import { type Clock, type Did, type Ids, type JsonObject, ok, type Result } from '@hansa/kernel';
import {
  declaredPurpose,
  declarePurpose,
  lintPolicy,
  matchesOffer,
  type Offer,
  offerOf,
  type Policy,
  parsePolicy,
  parsePurpose,
  serializePolicy,
} from '@hansa/odrl';
import type { UnitOfWork } from '@hansa/platform';
import type { PeerCatalog } from '../catalog/index.js';
import { agreementOn } from './agreement-on.js';
import type { Agreements } from './agreements/agreements.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { Negotiations } from './negotiations.js';
import type { NegotiationProgress } from './progress.js';

export interface NegotiationRequest {
  readonly counterparty: Did;
  readonly datasetId: string;
  /** @default the dataset's only offer */
  readonly offerId?: string | undefined;
  /** A term of the Data Privacy Vocabulary, in short (`dpv:AcademicResearch`) or as its IRI. */
  readonly purpose?: string | undefined;
  /** Our agreement about the same dataset that the new one shall take the place of. */
  readonly supersedes?: string | undefined;
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
}

/** What an operator does with negotiations. */
export class NegotiationCommands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly negotiations: Negotiations,
    private readonly agreements: Agreements,
    private readonly progress: NegotiationProgress,
    private readonly peers: PeerCatalog,
    /** Who we are. */
    private readonly did: Did,
    /** Where the provider sends its messages: the base of our own protocol endpoints. */
    private readonly callbackAddress: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Asks a provider for a contract; the negotiation goes on by itself from there. */
  async start(request: NegotiationRequest): Promise<Result<NegotiationRecord>> {
    const purpose = request.purpose === undefined ? ok(undefined) : parsePurpose(request.purpose);
    if (!purpose.ok) return purpose;
    const found = await this.peers.offer(request.counterparty, request.datasetId, request.offerId);
    if (!found.ok) return found;
    return this.request({ ...request, ...found.value });
  }

  /** Asks for a contract without looking up where the provider is and what it offers. */
  async request({
    counterparty,
    address,
    datasetId,
    offer,
    purpose,
    supersedes,
  }: KnownOffer): Promise<Result<NegotiationRecord>> {
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
    const now = this.clock.now();
    const record: NegotiationRecord = {
      id: consumerPid,
      counterparty,
      address,
      datasetId,
      purpose: purposeAsRead(offer, declared.value),
      negotiation: initiateNegotiation(message, this.ids.next()),
      decision: null,
      supersedes: supersedes ?? null,
      credentials: [],
      createdAt: now,
      updatedAt: now,
    };
    return this.unitOfWork.run(async (tx): Promise<Result<NegotiationRecord>> => {
      const next = { counterparty, datasetId, role: 'consumer' } as const;
      const may = supersedes === undefined ? ok(null) : await this.agreements.maySupersede(tx, supersedes, next);
      return may.ok ? ok(await this.progress.open(tx, record, message)) : may;
    });
  }

  /** Ends a negotiation; the other side is told the reason. */
  terminate(id: string, reason: string): Promise<Result<NegotiationRecord>> {
    return this.send(id, { move: 'termination', code: 'operator', reason: [reason] });
  }

  /** Puts other terms on the table: the provider's offer, or the consumer's counter-offer. */
  async offer(id: string, terms: JsonObject): Promise<Result<NegotiationRecord>> {
    const policy = enforceable(terms);
    if (!policy.ok) return policy;
    return this.#say(id, ({ negotiation, datasetId: target }) => {
      const named = offerOf(policy.value, { id: negotiation.offer['@id'], target });
      const move = negotiation.role === 'provider' ? 'offer' : 'request';
      return ok({ move, offer: serializePolicy(named) as MessageOffer });
    });
  }

  /** Accepts the offer of the provider, for the consumer. */
  accept(id: string): Promise<Result<NegotiationRecord>> {
    return this.send(id, { move: 'accepted' });
  }

  /** Agrees to what is on the table, for the provider: terms of the consumer's own among them. */
  agree(id: string): Promise<Result<NegotiationRecord>> {
    return this.#say(id, (record) => {
      const policy = enforceable(record.negotiation.offer);
      if (!policy.ok) return policy;
      const parts = { id: this.ids.next(), assigner: this.did, now: this.clock.now() };
      return ok({ move: 'agreement', agreement: agreementOn(record, parts) });
    });
  }

  /** Says what the protocol allows next. */
  send(id: string, intent: NegotiationIntent): Promise<Result<NegotiationRecord>> {
    return this.#say(id, () => ok(intent));
  }

  #say(
    id: string,
    intentOf: (record: NegotiationRecord) => Result<NegotiationIntent>,
  ): Promise<Result<NegotiationRecord>> {
    return this.unitOfWork.run(async (tx): Promise<Result<NegotiationRecord>> => {
      const loaded = await this.negotiations.lock(tx, id);
      if (!loaded.ok) return loaded;
      const intended = intentOf(loaded.value);
      if (!intended.ok) return intended;
      const sent = sendNegotiation(loaded.value.negotiation, intended.value, this.ids.next());
      if (!sent.ok) return sent;
      const purpose = purposeAfter(intended.value, loaded.value);
      return ok(await this.progress.apply(tx, { ...loaded.value, purpose }, sent.value));
    });
  }
}

/** Terms that this node could not enforce are neither offered nor agreed to. */
function enforceable(terms: JsonObject): Result<Policy> {
  const policy = parsePolicy(terms);
  if (!policy.ok) return policy;
  const [fault] = lintPolicy(policy.value);
  return fault ? { ok: false, problem: fault } : policy;
}

/** The purpose that new terms name; where they name none, the one that was declared before holds. */
function purposeAfter(intent: NegotiationIntent, { purpose }: NegotiationRecord): string | null {
  const policy = 'offer' in intent ? parsePolicy(intent.offer) : null;
  return (policy?.ok ? declaredPurpose(policy.value) : undefined) ?? purpose;
}

/** The purpose that the provider reads out of our request, by the function that it reads it with: both sides keep the same. */
function purposeAsRead(offer: JsonObject, requested: JsonObject): string | null {
  const [offered, asked] = [parsePolicy(offer), parsePolicy(requested)];
  if (!offered.ok || !asked.ok) return null;
  const read = matchesOffer(offered.value as Offer, asked.value);
  return read.ok ? (read.value.purpose ?? null) : null;
}
