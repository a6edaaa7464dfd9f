import type { Result } from '@hansa/kernel';
import type { NegotiationCommands } from '../../../apps/connector/src/negotiation/index.js';
import type { TransferCommands } from '../../../apps/connector/src/transfer/index.js';

const reason = { code: 'operator', reason: ['The script of the conformance kit demands it.'] } as const;
const terms = { '@type': 'Set', permission: [{ action: 'use' }] };

/** What an act of a script does in a negotiation. */
export const negotiationOperator =
  (commands: NegotiationCommands) =>
  (pid: string, act: string): Promise<Result<unknown>> => {
    switch (act) {
      case 'offer':
      case 'counter':
        return commands.offer(pid, terms);
      case 'accept':
        return commands.accept(pid);
      case 'agree':
        return commands.agree(pid);
      case 'verify':
        return commands.send(pid, { move: 'verification' });
      case 'finalize':
        return commands.send(pid, { move: 'finalized' });
      case 'terminate':
        return commands.send(pid, { move: 'termination', ...reason });
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
