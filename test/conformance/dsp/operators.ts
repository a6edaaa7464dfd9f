import type { Result } from '@hansa/kernel';
import { administrator } from '../../../apps/connector/src/access/index.js';
import type { DecideHeld } from '../../../apps/connector/src/negotiation/index.js';
import type { TransferCommands } from '../../../apps/connector/src/transfer/index.js';

const reason = { code: 'operator', reason: ['The script of the conformance kit demands it.'] } as const;
const terms = { '@type': 'Set', permission: [{ action: 'use' }] };

/** What an act of a script does in a negotiation. */
export const negotiationOperator =
  (decide: DecideHeld) =>
  (pid: string, act: string): Promise<Result<unknown>> => {
    switch (act) {
      case 'offer':
      case 'counter':
        return decide.offer(pid, terms, administrator);
      case 'accept':
        return decide.accept(pid, administrator);
      case 'agree':
        return decide.agree(pid, administrator);
      case 'verify':
        return decide.send(pid, { move: 'verification' });
      case 'finalize':
        return decide.send(pid, { move: 'finalized' });
      case 'terminate':
        return decide.send(pid, { move: 'termination', ...reason });
      default:
        throw new Error(`no act of a negotiation: ${act}`);
    }
  };

/** What an act of a script does in a transfer. */
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
