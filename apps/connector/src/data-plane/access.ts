import type { Transfer } from '@hansa/dsp';
import { type Clock, ok, type Result, refuse } from '@hansa/kernel';
import type { Decision, NodeAction } from '@hansa/odrl';
import type { UnitOfWork } from '@hansa/platform';
import { type Dataset, Datasets } from '../catalog/index.js';
import type { Ledger } from '../ledger/index.js';
import { type AgreementRecord, type Agreements, endAt, sentenceOfEnd } from '../negotiation/index.js';
import type { UseCheck } from '../policy/index.js';
import { type TransferRecord, type Transfers, tokenDigest } from '../transfer/index.js';

/** A use that was granted just now. */
export interface Grant {
  readonly transfer: TransferRecord;
  readonly agreement: AgreementRecord;
  readonly dataset: Dataset;
  readonly decision: Decision;
}

/**
 * Decides about each request to the data plane anew: the token belongs to this transfer, the transfer is started, the
 * agreement holds, the consumer's credentials are still good, and the policy permits at this moment.
 */
export class Access {
  constructor(
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly datasets: Datasets,
    private readonly uses: UseCheck,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  /** @param action what is asked for: the data or answers from them, or counts of their rows. */
  async grant(
    transferId: string,
    authorization: string | undefined,
    action: NodeAction = 'use',
  ): Promise<Result<Grant>> {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(authorization ?? '')?.[1];
    if (!token) return refuse('data.unauthorized', 'The request needs the token of the transfer as a bearer token.');
    const transfer = await this.transfers.findByToken(tokenDigest(token));
    if (!transfer || transfer.id !== transferId)
      return refuse('data.unauthorized', 'The token does not open this transfer.');
    return this.decide(transfer, action);
  }

  /** The same decision about a transfer whose consumer needs no token, because the data are brought to it. */
  async decide(transfer: TransferRecord, action: NodeAction = 'use'): Promise<Result<Grant>> {
    const agreement = await this.agreements.find(transfer.agreementId);
    if (!agreement.ok) return agreement;
    const inForce = this.#inForce(agreement.value);
    if (!inForce.ok) return inForce;
    if (!isOpen(transfer.transfer))
      return refuse('data.denied', `The transfer is ${transfer.transfer.state}; its data cannot be used now.`);
    const dataset = await this.datasets.find(transfer.datasetId);
    if (!dataset.ok) return refuse('data.gone', 'The provider has removed this dataset.');
    const decided = await this.uses.decide(agreement.value, action);
    if (!decided.ok) return decided;
    const decision = decided.value;
    if (decision.outcome === 'permit')
      return ok({ transfer, agreement: agreement.value, dataset: dataset.value, decision });
    await this.#recordRefusal(transfer, decision);
    const unmet = decision.unmet.map((requirement) => requirement.text).join(' ');
    return refuse('data.denied', unmet === '' ? 'The policy does not permit this use.' : unmet);
  }

  /** Whether the agreement of a use that was granted is still in force. */
  async confirm(grant: Grant): Promise<Result<null>> {
    const agreement = await this.agreements.find(grant.agreement.id);
    return agreement.ok ? this.#inForce(agreement.value) : agreement;
  }

  /**
   * Those of the uses under way that may go on: the agreement is in force, and the transfer neither suspended nor
   * terminated. A consumer that says it has all may still be reading the rest of it.
   */
  async stillGranted(grants: readonly Grant[]): Promise<ReadonlySet<Grant>> {
    const [transfers, agreements] = await Promise.all([
      this.transfers.findAll(grants.map(({ transfer }) => transfer.id)),
      this.agreements.findAll(grants.map(({ agreement }) => agreement.id)),
    ]);
    const flowing = new Set(transfers.filter(({ transfer }) => mayFlow(transfer)).map(({ id }) => id));
    const inForce = new Set(agreements.filter((agreement) => this.#inForce(agreement).ok).map(({ id }) => id));
    return new Set(grants.filter(({ transfer, agreement }) => flowing.has(transfer.id) && inForce.has(agreement.id)));
  }

  #inForce(agreement: AgreementRecord): Result<null> {
    const end = endAt(agreement, this.clock.now());
    return end === null ? ok(null) : refuse('data.denied', sentenceOfEnd(end));
  }

  async #recordRefusal(transfer: TransferRecord, decision: Decision): Promise<void> {
    const subjects = [transfer.agreementId, transfer.id, transfer.datasetId, transfer.counterparty];
    const data = { unmet: decision.unmet, trace: decision.trace };
    await this.unitOfWork.run((tx) =>
      this.ledger.append(tx, { kind: 'data.refused', subjects, data: JSON.parse(JSON.stringify(data)) }),
    );
  }
}

/**
 * Started, and not about to end. A consumer that uses the token of a start message has received it, so a start whose
 * acknowledgement is still on its way counts as started.
 */
function isOpen(transfer: Transfer): boolean {
  if (transfer.role !== 'provider') return false;
  const pending = transfer.pending?.message.type ?? null;
  return pending === 'TransferStartMessage' || (transfer.state === 'STARTED' && pending === null);
}

function mayFlow(transfer: Transfer): boolean {
  return (
    isOpen(transfer) || transfer.state === 'COMPLETED' || transfer.pending?.message.type === 'TransferCompletionMessage'
  );
}
