import {
  admitTransfer,
  evolveTransfer,
  receiveTransfer,
  serialize,
  type Transfer,
  type TransferRequestMessage,
  type TransferStep,
  transferPaths,
  transferView,
} from '@hansa/dsp';
import { type Clock, type Ids, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient, Inbox, Transaction, UnitOfWork } from '@hansa/platform';
import { type Datasets, formatsOf, pullFormat, pushFormat } from '../catalog/index.js';
import { answerOnce, checkCallback } from '../delivery/index.js';
import type { Counterparty } from '../identity/index.js';
import type { Agreements } from '../negotiation/index.js';
import type { UseCheck } from '../policy/index.js';
import { judgeAddress, readSink } from './data-address.js';
import type { TransferProgress } from './progress.js';
import { startAgain } from './start-again.js';
import { acceptedTransfer } from './transfer-delivery.js';
import type { Transfers } from './transfers.js';

/** The use cases of the transfer endpoints: one message in, one answer out. */
export class ReceiveTransferMessage {
  constructor(
    readonly unitOfWork: UnitOfWork,
    readonly inbox: Inbox,
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly datasets: Datasets,
    private readonly progress: TransferProgress,
    private readonly uses: UseCheck,
    private readonly client: GuardedClient,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A consumer wants to use what it has an agreement for. */
  async open(counterparty: Counterparty, message: TransferRequestMessage): Promise<Result<JsonObject>> {
    const { callbackAddress: address, consumerPid } = message;
    const callback = checkCallback(this.client, transferPaths.termination(address, consumerPid));
    if (!callback.ok) return callback;
    const agreement = await this.agreements.findConcluded(message.agreementId, counterparty.did);
    if (!agreement.ok) return agreement;
    const askable = await this.#checkFormat(message, agreement.value.datasetId);
    if (!askable.ok) return askable;
    const credentials = counterparty.credentials.map((credential) => credential.jwt);
    // What is brought are rows; what is fetched may be counts alone, and each request says which.
    const action = message.format === pushFormat ? 'use' : undefined;
    const decided = await this.uses.decide({ ...agreement.value, credentials }, action);
    if (!decided.ok) return decided;
    const now = this.clock.now();
    const { outcome, unmet } = decided.value;
    const ownPid = this.ids.next();
    return this.unitOfWork.run(async (tx): Promise<Result<JsonObject>> => {
      const repeated = await this.transfers.findRequested(tx, counterparty.did, consumerPid);
      if (!repeated) {
        const held = await this.agreements.hold(tx, message.agreementId);
        if (!held.ok) return held;
      }
      const record = repeated ?? {
        id: ownPid,
        counterparty: counterparty.did,
        address,
        agreementId: message.agreementId,
        datasetId: agreement.value.datasetId,
        transfer: admitTransfer(message, ownPid),
        decision: { outcome, unmet: unmet.map((requirement) => requirement.text) },
        tokenDigest: null,
        createdAt: now,
        updatedAt: now,
      };
      // The answer shows the state that the message leads to, not what we have decided to say next.
      if (!repeated) await this.progress.open(tx, record);
      return processObject(record.transfer, this.ids.next());
    });
  }

  /** DSP 2025-1, Transfer Request Message: the address comes with the request of a push, and with no other. */
  async #checkFormat({ format, dataAddress }: TransferRequestMessage, datasetId: string): Promise<Result<null>> {
    const dataset = await this.datasets.find(datasetId);
    // What has been removed is not told apart here: the data are asked for later, and then it is said.
    const offered = dataset.ok ? formatsOf(dataset.value) : [pullFormat, pushFormat];
    if (!offered.includes(format))
      return refuse(
        'transfer.format-unsupported',
        `The format "${format}" is not offered; ask for ${offered.join(' or ')}.`,
      );
    if (format === pushFormat) {
      if (dataAddress !== null) {
        const sink = readSink(this.client, dataAddress);
        return sink.ok ? ok(null) : sink;
      }
      return refuse('transfer.address-missing', `${format} needs a dataAddress to bring the data to.`, '/dataAddress');
    }
    return dataAddress === null
      ? ok(null)
      : refuse(
          'transfer.address-unexpected',
          `${format} takes no dataAddress; the provider gives one.`,
          '/dataAddress',
        );
  }

  /** Any later message, of the provider or of the consumer. A repeat changes nothing. */
  async step(counterparty: Counterparty, pid: string, message: TransferStep, wire: JsonObject): Promise<Result<null>> {
    const load = (tx: Transaction) => this.transfers.lock(tx, pid, counterparty.did);
    const delivered = this.progress.outbox.deliveredOf(pid);
    return answerOnce(this, { from: counterparty, pid, wire }, load, async (tx, record): Promise<Result<null>> => {
      const accepted = delivered ? acceptedTransfer(record.transfer, delivered) : ok([]);
      const before = accepted.ok ? accepted.value : [];
      const transfer = before.reduce<Transfer>(evolveTransfer, record.transfer);
      const received = receiveTransfer(transfer, message);
      const events = received.ok ? received : (startAgain(transfer, message) ?? received);
      if (!events.ok) return events;
      const address = message.type === 'TransferStartMessage' ? message.dataAddress : null;
      const judged = address === null ? ok(null) : judgeAddress(this.client, address);
      if (!judged.ok) return judged;
      if (delivered && accepted.ok) this.progress.outbox.settleDelivered(tx, delivered);
      await this.progress.apply(tx, record, [...before, ...events.value]);
      return ok(null);
    });
  }

  /** The process as its other side may see it. */
  async show(counterparty: Counterparty, pid: string): Promise<Result<JsonObject>> {
    await this.progress.outbox.settleNow(pid);
    const found = await this.transfers.find(pid, counterparty.did);
    return found.ok ? processObject(found.value.transfer, this.ids.next()) : found;
  }
}

function processObject(transfer: Transfer, id: string): Result<JsonObject> {
  const view = transferView(transfer);
  return view ? ok(serialize(view, id)) : refuse('transfer.not-found', 'The other side does not know this transfer.');
}
