import type { MessageOffer, NegotiationIntent } from '@hansa/dsp';
import { type Result, uuids } from '@hansa/kernel';
import type { NodeIdentity } from '../../../apps/connector/src/identity/index.js';
import {
  agreementOn,
  type NegotiationCommands,
  type NegotiationRecord,
  type Negotiations,
} from '../../../apps/connector/src/negotiation/index.js';
import type { TransferCommands } from '../../../apps/connector/src/transfer/index.js';

const reason = { code: 'operator', reason: ['The script of the conformance kit demands it.'] } as const;

/** What an act of a script says in a negotiation. */
function negotiationIntent(record: NegotiationRecord, act: string, { did }: NodeIdentity): NegotiationIntent {
  const { negotiation, datasetId } = record;
  const offer: MessageOffer = { ...negotiation.offer, target: datasetId };
  switch (act) {
    case 'offer':
      return { move: 'offer', offer };
    case 'counter':
      return { move: 'request', offer };
    case 'accept':
      return { move: 'accepted' };
    case 'agree':
      return {
        move: 'agreement',
        agreement: agreementOn(record, { id: uuids.next(), assigner: did, now: new Date() }),
      };
    case 'verify':
      return { move: 'verification' };
    case 'finalize':
      return { move: 'finalized' };
    case 'terminate':
      return { move: 'termination', ...reason };
    default:
      throw new Error(`no act of a negotiation: ${act}`);
  }
}

export const negotiationOperator =
  (negotiations: Negotiations, commands: NegotiationCommands, identity: NodeIdentity) =>
  async (pid: string, act: string): Promise<Result<unknown>> => {
    const record = await negotiations.find(pid);
    return record.ok ? commands.send(pid, negotiationIntent(record.value, act, identity)) : record;
  };

export const transferOperator =
  (commands: TransferCommands) =>
  (pid: string, act: string): Promise<Result<unknown>> => {
    switch (act) {
      case 'start':
        return commands.resume(pid);
      case 'suspend':
        return commands.send(pid, { move: 'suspension', ...reason });
      case 'complete':
        return commands.send(pid, { move: 'completion' });
      case 'terminate':
        return commands.send(pid, { move: 'termination', ...reason });
      default:
        throw new Error(`no act of a transfer: ${act}`);
    }
  };
