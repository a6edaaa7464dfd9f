import {
  admitNegotiation,
  evolveNegotiation,
  type InitialContractOffer,
  type InitialContractRequest,
  type Negotiation,
  type NegotiationOpening,
  type NegotiationStep,
  negotiationPaths,
  negotiationView,
  receiveNegotiation,
  serialize,
} from '@hansa/dsp';
import { type Clock, type Did, digestOfJson, type Ids, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient, Inbox, Transaction, UnitOfWork } from '@hansa/platform';
import { answerOnce, checkCallback } from '../delivery/index.js';
import type { Counterparty } from '../identity/index.js';
import { agreementAgain } from './agreement-again.js';
import type { Agreements } from './agreements/agreements.js';
import { acceptedNegotiation } from './negotiation-delivery.js';
import type { NegotiationRecord } from './negotiation-record.js';
import type { Negotiations } from './negotiations.js';
import { type OfferTerms, type OpeningTerms, ownTermsOf } from './offer-terms.js';
import type { NegotiationProgress } from './progress.js';

/** The use cases of the negotiation endpoints: one message in, one answer out. */
export class ReceiveNegotiationMessage {
  constructor(
    readonly unitOfWork: UnitOfWork,
    readonly inbox: Inbox,
    private readonly negotiations: Negotiations,
    private readonly agreements: Agreements,
    private readonly progress: NegotiationProgress,
    private readonly terms: OfferTerms,
    private readonly client: GuardedClient,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A consumer opens a negotiation about one of our offers. */
  async open(counterparty: Counterparty, message: InitialContractRequest): Promise<Result<JsonObject>> {
    const { callbackAddress: address, consumerPid } = message;
    const callback = checkCallback(this.client, negotiationPaths.termination(address, consumerPid));
    if (!callback.ok) return callback;
    const requested = await this.terms.requested(counterparty, message.offer);
    if (!requested.ok) return requested;
    const credentials = counterparty.credentials.map((credential) => credential.jwt);
    const { supersedes = null } = message;
    return this.#admit(counterparty.did, message, { ...requested.value, credentials, supersedes });
  }

  /** A provider opens a negotiation by an offer that we have not asked for. */
  async openOffer(counterparty: Counterparty, message: InitialContractOffer): Promise<Result<JsonObject>> {
    const { callbackAddress: address, providerPid } = message;
    const callback = checkCallback(this.client, negotiationPaths.termination(address, providerPid));
    if (!callback.ok) return callback;
    const terms = this.terms.unasked(counterparty, message.offer);
    if (!terms.ok) return terms;
    return this.#admit(counterparty.did, message, { ...terms.value, credentials: [], supersedes: null });
  }

  // A refused opening is not remembered, so strangers leave nothing behind and terms that are offered later can be asked
  // for. A slow copy of one is thus accepted while its token lives, which is minutes; its sender then refuses what we
  // say, and without its verification, or its agreement, there is none.
  #admit(
    counterparty: Did,
    message: NegotiationOpening,
    terms: OpeningTerms & Pick<NegotiationRecord, 'credentials' | 'supersedes'>,
  ): Promise<Result<JsonObject>> {
    const [now, id] = [this.clock.now(), this.ids.next()];
    return this.unitOfWork.run(async (tx): Promise<Result<JsonObject>> => {
      const repeated =
        message.type === 'ContractRequestMessage'
          ? await this.negotiations.findOpened(tx, counterparty, message.consumerPid)
          : await this.negotiations.findOffered(tx, counterparty, message.providerPid);
      const { supersedes, datasetId } = terms;
      if (!repeated && supersedes !== null) {
        const next = { counterparty, datasetId, role: 'provider' } as const;
        const may = await this.agreements.maySupersede(tx, supersedes, next);
        if (!may.ok) return may;
      }
      const negotiation = admitNegotiation(message, id);
      const rest = { awaiting: null, createdAt: now, updatedAt: now };
      const record = repeated ?? { id, counterparty, address: message.callbackAddress, ...terms, negotiation, ...rest };
      // The answer shows the state that the message leads to, not what we have decided to say next.
      if (!repeated) await this.progress.open(tx, record, message);
      return processObject(record.negotiation, this.ids.next());
    });
  }

  /** Any later message, of the provider or of the consumer. A repeat gets the first answer again and changes nothing. */
  async step(
    counterparty: Counterparty,
    pid: string,
    message: NegotiationStep,
    wire: JsonObject,
  ): Promise<Result<null>> {
    const aboutTerms = namesTerms(message);
    if (aboutTerms) await this.progress.outbox.settleNow(pid);
    const seen = aboutTerms ? await this.negotiations.find(pid, counterparty.did) : null;
    const terms = seen?.ok ? await this.terms.within(counterparty, message, seen.value) : ok({});
    const load = (tx: Transaction) => this.negotiations.lock(tx, pid, counterparty.did);
    const delivered = this.progress.outbox.deliveredOf(pid);
    return answerOnce(this, { from: counterparty, pid, wire }, load, async (tx, record): Promise<Result<null>> => {
      const accepted = delivered ? acceptedNegotiation(record.negotiation, delivered) : ok([]);
      const before = accepted.ok ? accepted.value : [];
      const negotiation = before.reduce<Negotiation>(evolveNegotiation, record.negotiation);
      const received = receiveNegotiation(negotiation, message);
      const events = received.ok ? received : (agreementAgain(negotiation, message) ?? received);
      if (!events.ok) return events;
      if (!terms.ok) return terms;
      if (message.type === 'ContractAgreementMessage') {
        const fresh = await this.agreements.isFresh(tx, message.agreement['@id']);
        if (!fresh.ok) return fresh;
      }
      // The terms were judged outside of the transaction, against ours as they were then.
      if (seen?.ok && digestOfJson(ownTermsOf(seen.value.negotiation)) !== digestOfJson(ownTermsOf(record.negotiation)))
        return refuse('negotiation.busy', 'Our own terms change at this moment: send this again.');
      if (delivered && accepted.ok) this.progress.outbox.settleDelivered(tx, delivered);
      await this.progress.apply(tx, { ...record, ...terms.value }, [...before, ...events.value]);
      return ok(null);
    });
  }

  /** The process as its other side may see it. */
  async show(counterparty: Counterparty, pid: string): Promise<Result<JsonObject>> {
    await this.progress.outbox.settleNow(pid);
    const found = await this.negotiations.find(pid, counterparty.did);
    return found.ok ? processObject(found.value.negotiation, this.ids.next()) : found;
  }
}

/** Whether a message is about terms: it names some, or it accepts ours. */
function namesTerms(message: NegotiationStep): boolean {
  return 'offer' in message || (message.type === 'ContractNegotiationEventMessage' && message.eventType === 'ACCEPTED');
}

/** The `ContractNegotiation` of a process that both sides know; of one that only we know there is nothing to show. */
function processObject(negotiation: Negotiation, id: string): Result<JsonObject> {
  const view = negotiationView(negotiation);
  return view
    ? ok(serialize(view, id))
    : refuse('negotiation.not-found', 'The other side does not know this negotiation.');
}
