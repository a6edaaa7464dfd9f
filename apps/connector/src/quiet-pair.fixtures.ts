import { type NegotiationStep, parseMessage, type TransferStep } from '@hansa/dsp';
import { type Json, type JsonObject, must, type Result, uuids } from '@hansa/kernel';
import type { ClaimedMessage } from '@hansa/platform';
import type { DatabaseKind } from '@hansa/platform/testing';
import { Ledger } from './ledger/index.js';
import { parseTermination } from './negotiation/agreements/termination-message.js';
import { type AgreementRecord, Agreements, EndAgreement, Negotiations } from './negotiation/index.js';
import { ReceiveNegotiationMessage } from './negotiation/receive-message.js';
import { QuietNode } from './quiet-node.fixtures.js';
import { TransferCommands, type TransferRecord, Transfers } from './transfer/index.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';

export type Sent = ClaimedMessage & { readonly type: string };

/** Two whole nodes; what one says reaches the other when the test carries it over. */
export class QuietPair {
  private constructor(
    readonly provider: QuietNode,
    readonly consumer: QuietNode,
  ) {}

  static async start(kind: DatabaseKind): Promise<QuietPair> {
    return new QuietPair(await QuietNode.start(kind, 'berlin'), await QuietNode.start(kind, 'bruges'));
  }

  async remove(): Promise<void> {
    await this.provider?.remove();
    await this.consumer?.remove();
  }

  get nodes(): readonly [QuietNode, QuietNode] {
    return [this.provider, this.consumer];
  }

  other(node: QuietNode): QuietNode {
    return node === this.provider ? this.consumer : this.provider;
  }

  /** One agreement, as both sides have it. */
  async agree(constraint: JsonObject[] = []): Promise<string> {
    const shared = { id: uuids.next(), datasetId: uuids.next(), constraint };
    await this.provider.agree('provider', { ...shared, counterparty: this.consumer.did });
    await this.consumer.agree('consumer', { ...shared, counterparty: this.provider.did });
    return shared.id;
  }

  /** A transfer under it that has started; the pid of each side. */
  async transfer(agreementId: string): Promise<{ readonly consumer: string; readonly provider: string }> {
    const { id } = must(await this.consumer.get(TransferCommands).start(agreementId));
    await this.carryAll(this.consumer, id);
    const provided = await transferUnder(this.provider, agreementId);
    await this.carryAll(this.provider, provided.id);
    return { consumer: id, provider: provided.id };
  }

  /** Carries everything over that one process has to say. */
  async carryAll(from: QuietNode, processId: string): Promise<void> {
    for (let message = await from.next(processId); message; message = await from.next(processId))
      await this.carry(from, message);
  }

  /** Carries one message over, and the answer back. */
  async carry(from: QuietNode, message: Sent): Promise<Result<Json | null>> {
    const answer = await this.receive(this.other(from), message);
    if (answer.ok) await from.acknowledge(message, answer.value ?? undefined);
    else await from.refuse(message);
    return answer;
  }

  /** What the other side makes of a message. */
  receive(to: QuietNode, { body, url, type }: Sent): Promise<Result<Json | null>> {
    const from = { did: this.other(to).did, credentials: [] };
    const wire: JsonObject = JSON.parse(body);
    const negotiations = to.get(ReceiveNegotiationMessage);
    const transfers = to.get(ReceiveTransferMessage);
    const pid = decodeURIComponent(/\/(?:negotiations|transfers)\/([^/]+)/.exec(url)?.[1] ?? '');
    switch (type) {
      case 'AgreementTerminationMessage':
        return to.get(EndAgreement).receive(from.did, must(parseTermination(String(wire.agreementId), wire)));
      case 'ContractRequestMessage': {
        const message = must(parseMessage(type, wire));
        if ('callbackAddress' in message) return negotiations.open(from, message);
        return negotiations.step(from, pid, message, wire);
      }
      case 'TransferRequestMessage':
        return transfers.open(from, must(parseMessage(type, wire)));
      case 'ContractAgreementMessage':
      case 'ContractAgreementVerificationMessage':
      case 'ContractNegotiationEventMessage':
      case 'ContractNegotiationTerminationMessage':
        return negotiations.step(from, pid, must(parseMessage(type, wire)) as NegotiationStep, wire);
      default:
        return transfers.step(
          from,
          pid,
          must(parseMessage(type as 'TransferStartMessage', wire)) as TransferStep,
          wire,
        );
    }
  }
}

export const agreementOf = async (node: QuietNode, id: string): Promise<AgreementRecord> =>
  must(await node.get(Agreements).find(id));

export const negotiationOf = async (node: QuietNode, id: string) => must(await node.get(Negotiations).find(id));

export async function transferUnder(node: QuietNode, agreementId: string): Promise<TransferRecord> {
  const found = (await node.get(Transfers).list(500, 0)).find((transfer) => transfer.agreementId === agreementId);
  if (!found) throw new Error(`no transfer under ${agreementId}`);
  return found;
}

export const entriesAbout = (node: QuietNode, subject: string, kind?: string) =>
  node.get(Ledger).entries({ subject, limit: 100, ...(kind === undefined ? {} : { kind }) });
