import { initiateTransfer, sendTransfer, type TransferIntent, type TransferRequestMessage } from '@hansa/dsp';
import { type Clock, type Ids, ok, type Result, refuse } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import { transferFormat } from '../catalog/index.js';
import type { Agreements } from '../negotiation/index.js';
import type { TransferProgress } from './progress.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** What an operator does with transfers. */
export class TransferCommands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly progress: TransferProgress,
    /** Where the provider sends its messages: the base of our own protocol endpoints. */
    private readonly callbackAddress: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Asks the provider for access to what was agreed. */
  async start(agreementId: string): Promise<Result<TransferRecord>> {
    const agreement = await this.agreements.find(agreementId);
    if (!agreement.ok) return agreement;
    const { role, counterparty, address, datasetId } = agreement.value;
    if (role !== 'consumer')
      return refuse(
        'transfer.wrong-role',
        'A transfer is started by the consumer of the agreement; this node is its provider.',
      );
    const consumerPid = this.ids.next() as TransferRequestMessage['consumerPid'];
    const message: TransferRequestMessage = {
      type: 'TransferRequestMessage',
      consumerPid,
      callbackAddress: this.callbackAddress,
      agreementId,
      format: transferFormat,
      dataAddress: null,
    };
    const now = this.clock.now();
    const record: TransferRecord = {
      id: consumerPid,
      counterparty,
      address,
      agreementId,
      datasetId,
      transfer: initiateTransfer(message, this.ids.next()),
      decision: null,
      tokenDigest: null,
      createdAt: now,
      updatedAt: now,
    };
    return this.unitOfWork.run(async (tx): Promise<Result<TransferRecord>> => {
      const held = await this.agreements.hold(tx, agreementId);
      return held.ok ? ok(await this.progress.open(tx, record)) : held;
    });
  }

  /** Suspends, completes or terminates a transfer; the other side is told. */
  async send(id: string, intent: TransferIntent): Promise<Result<TransferRecord>> {
    return this.unitOfWork.run(async (tx): Promise<Result<TransferRecord>> => {
      const loaded = await this.transfers.lock(tx, id);
      return loaded.ok ? this.#send(tx, loaded.value, intent) : loaded;
    });
  }

  /**
   * Lets a transfer go on that is suspended, or one that was requested and not yet started: the provider gives a fresh
   * token, the consumer goes on with the one it has.
   */
  async resume(id: string): Promise<Result<TransferRecord>> {
    return this.unitOfWork.run(async (tx): Promise<Result<TransferRecord>> => {
      const loaded = await this.transfers.lock(tx, id);
      if (!loaded.ok) return loaded;
      if (loaded.value.transfer.role === 'consumer')
        return this.#send(tx, loaded.value, { move: 'start', dataAddress: null });
      const { record, dataAddress } = this.progress.openDataAddress(loaded.value);
      return this.#send(tx, record, { move: 'start', dataAddress });
    });
  }

  /**
   * Terminates the transfers under an agreement that has ended, in the same transaction. One whose own message is in
   * flight is terminated when that is settled.
   */
  async endAll(tx: Transaction, agreementId: string): Promise<void> {
    for (const record of await this.transfers.lockOpen(tx, agreementId)) await this.progress.apply(tx, record, []);
  }

  async #send(tx: Transaction, record: TransferRecord, intent: TransferIntent): Promise<Result<TransferRecord>> {
    const sent = sendTransfer(record.transfer, intent, this.ids.next());
    return sent.ok ? ok(await this.progress.apply(tx, record, sent.value)) : sent;
  }
}
