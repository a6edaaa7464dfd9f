import { other } from '@hansa/dsp';
import { type Clock, type Did, type Ids, ok, type Result, refuse } from '@hansa/kernel';
import type { Outbox, Transaction, UnitOfWork } from '@hansa/platform';
import type { Ledger, LedgerEvent } from '../../ledger/index.js';
import { type AgreementEnd, type AgreementTermination, sentenceOfEnd, strongerEnd } from './agreement-end.js';
import { type AgreementRecord, endAt } from './agreement-record.js';
import type { Agreements } from './agreements.js';
import { type TerminationMessage, terminationAddress, terminationMessage } from './termination-message.js';

/** The messages about agreements in the outbox. */
export const agreementTopic = 'agreement';

/** What else ends with an agreement, in the same transaction, in which it has ended already. */
export type AgreementEnding = (tx: Transaction, agreement: AgreementRecord) => Promise<void>;

/**
 * Ends agreements, whatever the cause: our staff, the counterparty, a later agreement, or time. What stands on an
 * agreement ends with it, in one transaction with its entry in the ledger.
 */
export class EndAgreement {
  readonly #endings: AgreementEnding[] = [];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly agreements: Agreements,
    private readonly outbox: Outbox,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Features that live on agreements register what they end with one. */
  alsoEnd(ending: AgreementEnding): void {
    this.#endings.push(ending);
  }

  /** Our staff terminates an agreement; the counterparty is told. */
  async run(id: string, reason: string): Promise<Result<AgreementRecord>> {
    const ended = await this.unitOfWork.run(async (tx): Promise<Result<null>> => {
      const locked = await this.agreements.lock(tx, id);
      if (!locked.ok) return locked;
      const agreement = locked.value;
      const before = endAt(agreement, this.clock.now());
      if (before !== null) return refuse('agreement.conflict', sentenceOfEnd(before));
      const end = { ...this.#terminationBy(agreement.role), code: 'operator', reason: [reason] };
      const entries = await this.#end(tx, agreement, end, 'pending');
      await this.outbox.add(tx, {
        topic: agreementTopic,
        processId: id,
        counterparty: agreement.counterparty,
        url: terminationAddress(agreement.counterparty, id),
        body: JSON.stringify(terminationMessage(id, end, this.ids.next())),
      });
      await this.ledger.append(tx, ...entries);
      return ok(null);
    });
    return ended.ok ? this.agreements.find(id) : ended;
  }

  /** The counterparty has terminated an agreement. One that has ended before stays ended: saying so again is no fault. */
  async receive(counterparty: Did, { agreementId: id, code, reason }: TerminationMessage): Promise<Result<null>> {
    const receive = () =>
      this.unitOfWork.run(async (tx): Promise<Result<null>> => {
        const locked = await this.agreements.lock(tx, id, counterparty);
        if (!locked.ok) return locked;
        const agreement = locked.value;
        const end = { ...this.#terminationBy(other(agreement.role)), code: code ?? null, reason };
        await this.ledger.append(tx, ...(await this.#end(tx, agreement, end, agreement.notice)));
        return ok(null);
      });
    const received = await receive();
    if (received.ok) return received;
    const concluded = await this.agreements.findConcluded(id, counterparty);
    return concluded.ok ? receive() : concluded;
  }

  /**
   * A later agreement with the same counterparty stands in the place of this one.
   *
   * @returns the entries for the ledger, which the caller appends last.
   */
  async supersede(tx: Transaction, id: string, successor: AgreementRecord): Promise<readonly LedgerEvent[]> {
    const locked = await this.agreements.lock(tx, id, successor.counterparty);
    if (!locked.ok) return [];
    const end = { kind: 'superseded', at: this.clock.now(), by: successor.id } as const;
    return this.#end(tx, locked.value, end, locked.value.notice);
  }

  /** Records that the first of those agreements has expired whose time has come. False when there is none. */
  expireNext(): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const [agreement] = await this.agreements.lockExpired(tx, 1);
      const end = agreement && endAt(agreement, this.clock.now());
      if (!end) return false;
      await this.ledger.append(tx, ...(await this.#end(tx, agreement, end, null)));
      return true;
    });
  }

  #terminationBy(by: AgreementTermination['by']): Pick<AgreementTermination, 'kind' | 'at' | 'by'> {
    return { kind: 'terminated', at: this.clock.now(), by };
  }

  /** Of a locked agreement. Nothing is appended to the ledger before everything is locked that ends with it. */
  async #end(
    tx: Transaction,
    agreement: AgreementRecord,
    said: AgreementEnd,
    notice: AgreementRecord['notice'],
  ): Promise<readonly LedgerEvent[]> {
    const { end: known } = agreement;
    const end = known === null ? said : strongerEnd(known, said);
    if (end === known) return [];
    await this.agreements.saveEnd(tx, agreement.id, end, notice);
    if (known === null) for (const ending of this.#endings) await ending(tx, agreement);
    return [entryOf(agreement, end)];
  }
}

function entryOf(
  { id, negotiationId, datasetId, counterparty, role }: AgreementRecord,
  end: AgreementEnd,
): LedgerEvent {
  const { kind, at, ...facts } = end;
  const successor = end.kind === 'superseded' ? [end.by] : [];
  return {
    kind: `agreement.${kind}`,
    subjects: [id, negotiationId, datasetId, counterparty, ...successor],
    data: { role, ...facts, ...(kind === 'expired' ? { expiresAt: at.toISOString() } : {}) },
  };
}
