import { initiateTransfer, sendTransfer, type TransferIntent, type TransferRequestMessage } from '@hansa/dsp';
import { type Clock, type Ids, ok, type Result, refuse } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import type { TargetFormat } from '@hansa/tabular';
import { pullFormat, pushFormat } from '../catalog/index.js';
import type { Agreements } from '../negotiation/index.js';
import { pushAddress, type SinkWish } from './data-address.js';
import { newToken, type TransferProgress, tokenDigest } from './progress.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** How a push shall arrive: as `format`, in this node or in a sink of somebody else. */
export type PushWish = { readonly format: TargetFormat } | SinkWish;

/** What an operator does with transfers. */
export class TransferCommands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly progress: TransferProgress,
    /** Where the provider sends its messages: the base of our own protocol endpoints. */
    private readonly callbackAddress: string,
    /** Where providers bring data to: the base of our own sinks. */
    private readonly sinks: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Asks the provider for what was agreed: for an address to fetch it from, or, with `push`, to bring it. A sink of
   * somebody else is the provider's to judge; it is the one that calls it.
   */
  async start(agreementId: string, push: PushWish | null = null): Promise<Result<TransferRecord>> {
    const agreement = await this.agreements.find(agreementId);
    if (!agreement.ok) return agreement;
    const { role, counterparty, address, datasetId } = agreement.value;
    if (role !== 'consumer')
      return refuse(
        'transfer.wrong-role',
        'A transfer is started by the consumer of the agreement; this node is its provider.',
      );
    const consumerPid = this.ids.next() as TransferRequestMessage['consumerPid'];
    const { dataAddress, token } = this.#destination(consumerPid, push);
    const message: TransferRequestMessage = {
      type: 'TransferRequestMessage',
      consumerPid,
      callbackAddress: this.callbackAddress,
      agreementId,
      format: push ? pushFormat : pullFormat,
      dataAddress,
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
      tokenDigest: token === null ? null : tokenDigest(token),
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
    await this.progress.outbox.settleNow(id);
    return this.unitOfWork.run(async (tx): Promise<Result<TransferRecord>> => {
      const loaded = await this.transfers.lock(tx, id);
      return loaded.ok ? this.say(tx, loaded.value, intent) : loaded;
    });
  }

  /** The same for a transfer that is loaded, in the caller's transaction. */
  async say(tx: Transaction, record: TransferRecord, intent: TransferIntent): Promise<Result<TransferRecord>> {
    const sent = sendTransfer(record.transfer, intent, this.ids.next());
    return sent.ok ? ok(await this.progress.apply(tx, record, sent.value)) : sent;
  }

  /**
   * Lets a transfer go on that is suspended, or one that was requested and not yet started: the provider of a
   * pull gives a fresh token, the consumer goes on with the one it has, and a push begins again.
   */
  async resume(id: string): Promise<Result<TransferRecord>> {
    await this.progress.outbox.settleNow(id);
    return this.unitOfWork.run(async (tx): Promise<Result<TransferRecord>> => {
      const loaded = await this.transfers.lock(tx, id);
      if (!loaded.ok) return loaded;
      const { role, destination } = loaded.value.transfer;
      if (role === 'consumer' || destination !== null)
        return this.say(tx, loaded.value, { move: 'start', dataAddress: null });
      const { record, dataAddress } = this.progress.openDataAddress(loaded.value);
      return this.say(tx, record, { move: 'start', dataAddress });
    });
  }

  /**
   * Terminates the transfers under an agreement that has ended, in the same transaction. One whose own message is in
   * flight is terminated when that is settled.
   */
  async endAll(tx: Transaction, agreementId: string): Promise<void> {
    for (const record of await this.transfers.lockOpen(tx, agreementId)) await this.progress.apply(tx, record, []);
  }

  /** The address for the request, and the token of a sink of our own; both null for a pull. */
  #destination(id: string, push: PushWish | null) {
    if (push === null) return { dataAddress: null, token: null };
    if ('endpoint' in push) return { dataAddress: pushAddress(push), token: null };
    const token = newToken();
    const sink = { endpoint: `${this.sinks}/${encodeURIComponent(id)}`, authorization: token } as const;
    return { dataAddress: pushAddress({ ...push, ...sink, authType: 'bearer', method: 'POST' }), token };
  }
}
