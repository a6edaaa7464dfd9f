import {
  admitNegotiation,
  type InitialContractRequest,
  type Negotiation,
  type NegotiationStep,
  negotiationPaths,
  negotiationView,
  receiveNegotiation,
  serialize,
} from '@hansa/dsp';
import { type Clock, type Ids, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient, Inbox, UnitOfWork } from '@hansa/platform';
import { answerOnce, checkCallback } from '../delivery/index.js';
import type { Counterparty } from '../identity/index.js';
import type { Agreements } from './agreements/agreements.js';
import type { Negotiations } from './negotiations.js';
import type { OfferTerms } from './offer-terms.js';
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
    const { did, credentials } = counterparty;
    const now = this.clock.now();
    const ownPid = this.ids.next();
    const { supersedes = null } = message;
    return this.unitOfWork.run(async (tx): Promise<Result<JsonObject>> => {
      const repeated = await this.negotiations.findOpened(tx, did, consumerPid);
      if (!repeated && supersedes !== null) {
        const may = await this.agreements.maySupersede(tx, supersedes, {
          ...requested.value,
          counterparty: did,
          role: 'provider',
        });
        if (!may.ok) return may;
      }
      const record = repeated ?? {
        id: ownPid,
        counterparty: did,
        address,
        ...requested.value,
        supersedes,
        negotiation: admitNegotiation(message, ownPid),
        credentials: credentials.map((credential) => credential.jwt),
        createdAt: now,
        updatedAt: now,
      };
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
    const newTerms = 'offer' in message ? await this.terms.offered(counterparty, message, message.offer) : null;
    return answerOnce(this, { from: counterparty, pid, wire }, async (tx): Promise<Result<null, Problem>> => {
      const loaded = await this.negotiations.lock(tx, pid, counterparty.did);
      if (!loaded.ok) return loaded;
      const events = receiveNegotiation(loaded.value.negotiation, message);
      if (!events.ok) return events;
      const terms = newTerms ? newTerms(loaded.value) : ok({});
      if (!terms.ok) return terms;
      await this.progress.apply(tx, { ...loaded.value, ...terms.value }, events.value);
      return ok(null);
    });
  }

  /** The process as its other side may see it. */
  async show(counterparty: Counterparty, pid: string): Promise<Result<JsonObject>> {
    const found = await this.negotiations.find(pid, counterparty.did);
    return found.ok ? processObject(found.value.negotiation, this.ids.next()) : found;
  }
}

/** The `ContractNegotiation` of a process that both sides know; of one that only we know there is nothing to show. */
function processObject(negotiation: Negotiation, id: string): Result<JsonObject> {
  const view = negotiationView(negotiation);
  return view
    ? ok(serialize(view, id))
    : refuse('negotiation.not-found', 'The other side does not know this negotiation.');
}
