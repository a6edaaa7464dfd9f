import { type Clock, ok, type Result, refuse } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { AgreementRecord } from './agreement-record.js';
import type { Agreements } from './agreements.js';

/** What else ends with an agreement, in the same transaction, in which it has ended already. */
export type AgreementEnding = (tx: Transaction, agreement: AgreementRecord) => Promise<void>;

/**
 * Ends an agreement. DSP 2025-1 has no message for this after FINALIZED, so the other side learns it by the
 * termination of the transfers, and by the refusal of whatever it asks for afterwards.
 */
export class EndAgreement {
  readonly #endings: AgreementEnding[] = [];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly agreements: Agreements,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  /** Features that live on agreements register what they end with one. */
  alsoEnd(ending: AgreementEnding): void {
    this.#endings.push(ending);
  }

  async run(id: string, reason: string): Promise<Result<AgreementRecord>> {
    const found = await this.agreements.find(id);
    if (!found.ok) return found;
    const agreement = found.value;
    const ended = await this.unitOfWork.run(async (tx) => {
      if (!(await this.agreements.terminate(tx, id, this.clock.now(), reason))) return false;
      for (const ending of this.#endings) await ending(tx, agreement);
      const subjects = [id, agreement.datasetId, agreement.counterparty];
      await this.ledger.append(tx, { kind: 'agreement.terminated', subjects, data: { role: agreement.role, reason } });
      return true;
    });
    if (!ended) return refuse('agreement.conflict', `The agreement ${id} has ended before.`);
    const now = await this.agreements.find(id);
    return now.ok ? ok(now.value) : now;
  }
}
