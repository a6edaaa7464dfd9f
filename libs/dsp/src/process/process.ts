import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Pids, Reason } from '../message/message.js';
import { allowed, arrival, isTerminal, other, type Role, step, type Table } from './table.js';

/** Our message in flight: decided and frozen, but not yet acknowledged. */
export interface Pending<M> {
  /** The `@id` that it carries on the wire. */
  readonly id: string;
  readonly message: M;
}

/** Who ended or paused a process, and why. */
export interface Cause extends Reason {
  readonly by: Role;
}

/**
 * What can happen to a process. `sent`: our message is decided and in flight, the state stays. `acknowledged`: the peer
 * accepted it, shown by its answer or, when `implied`, by its next message. `received`: the peer's message is applied.
 * `withdrawn`: our message is void, because the peer refused it or because its message ended the process first.
 */
export type ProcessEvent<S extends string, M> =
  | { readonly kind: 'sent'; readonly id: string; readonly message: M }
  | {
      readonly kind: 'acknowledged';
      readonly id: string;
      readonly message: M;
      readonly to: S;
      readonly pids: Pids;
      readonly implied: boolean;
    }
  | { readonly kind: 'received'; readonly message: M; readonly to: S }
  | {
      readonly kind: 'withdrawn';
      readonly id: string;
      readonly message: M;
      readonly because: 'refused' | 'overtaken';
      readonly detail: string;
    };

/** One of the two protocols: its name in problems, its table, and what each message says in the table's words. */
export interface Protocol<N extends string, S extends string, V extends string, M> {
  readonly name: N;
  readonly table: Table<S, V>;
  readonly moveOf: (message: M) => V;
}

/** What the rules need to know of a process; `state` decides which pids are known. */
export interface Snapshot<S extends string, M> {
  readonly role: Role;
  readonly state: S;
  readonly pending: Pending<M> | null;
  readonly consumerPid?: Pids['consumerPid'];
  readonly providerPid?: Pids['providerPid'];
}

export type ReceiveProblem<N extends string> = Problem<`${N}.pid-mismatch` | `${N}.illegal-transition` | `${N}.busy`>;
export type SendProblem<N extends string> = Problem<`${N}.illegal-transition` | `${N}.message-pending`>;

/** A message of the peer arrives. */
export function receiveStep<N extends string, S extends string, V extends string, M>(
  protocol: Protocol<N, S, V, M>,
  process: Snapshot<S, M>,
  message: M & Pids,
): Result<readonly ProcessEvent<S, M>[], ReceiveProblem<N>> {
  const mismatch = foreignPid(process, message);
  if (mismatch) return refuse(`${protocol.name}.pid-mismatch`, `This process has another ${mismatch}.`, `/${mismatch}`);
  const { role, state, pending } = process;
  const move = protocol.moveOf(message);
  const own = pending === null ? null : protocol.moveOf(pending.message);
  const verdict = arrival(protocol.table, { role, state, pending: own }, move);
  if (verdict.kind === 'illegal') return illegal(protocol, state, move, other(role));
  if (verdict.kind === 'busy')
    return refuse(
      `${protocol.name}.busy`,
      `A ${own} message of the provider crosses this ${move}: answer that first, then send this again.`,
    );
  const received = { kind: 'received', message, to: verdict.to } as const;
  if (pending === null) return ok([received]);
  if (verdict.kind === 'implies-acknowledgement')
    return ok([
      { kind: 'acknowledged', ...pending, to: verdict.through, pids: pidsOf(message), implied: true },
      received,
    ]);
  if (!isTerminal(protocol.table, verdict.to)) return ok([received]);
  const detail = `The ${move} of the ${other(role)} ended the process first.`;
  return ok([{ kind: 'withdrawn', ...pending, because: 'overtaken', detail }, received]);
}

/** May we send this now? */
export function sendStep<N extends string, S extends string, V extends string, M>(
  protocol: Protocol<N, S, V, M>,
  process: Snapshot<S, M>,
  move: V,
): Result<null, SendProblem<N>> {
  const { role, state, pending } = process;
  if (pending !== null)
    return refuse(
      `${protocol.name}.message-pending`,
      `A ${protocol.moveOf(pending.message)} message is still unanswered: wait for its answer, then decide again.`,
    );
  return step(protocol.table, state, move, role) === undefined ? illegal(protocol, state, move, role) : ok(null);
}

/**
 * The peer answered our message with success. An answer to a message that is no longer in flight changes nothing. Only an
 * answer to an opening message is read: of all others the protocol leaves the body open, and there are peers that put
 * the pids the wrong way round there.
 */
export function acknowledgeStep<N extends string, S extends string, V extends string, M>(
  protocol: Protocol<N, S, V, M>,
  process: Snapshot<S, M>,
  id: string,
  answer: Pids | null,
): Result<readonly ProcessEvent<S, M>[], Problem<`${N}.pid-mismatch`>> {
  const { role, state, pending } = process;
  if (pending?.id !== id) return ok([]);
  const opening = process.consumerPid === undefined || process.providerPid === undefined;
  const named = opening ? { ...answer } : {};
  const { consumerPid, providerPid } = { ...process, ...named };
  const mismatch = foreignPid(process, named);
  if (mismatch || consumerPid === undefined || providerPid === undefined)
    return refuse(
      `${protocol.name}.pid-mismatch`,
      mismatch ? `The answer names another ${mismatch}.` : 'The answer does not name the pids of the new process.',
    );
  const move = protocol.moveOf(pending.message);
  const to = step(protocol.table, state, move, role);
  // Only a peer that skips a state can accept what its own message has made illegal: ours never does.
  if (to === undefined)
    return ok([
      { kind: 'withdrawn', ...pending, because: 'overtaken', detail: `A ${move} is void in state ${state}.` },
    ]);
  return ok([{ kind: 'acknowledged', ...pending, to, pids: { consumerPid, providerPid }, implied: false }]);
}

/** The peer gave a final refusal: the message is void and the state stays ("an error never changes a state"). */
export function refuseStep<S extends string, M>(
  process: Snapshot<S, M>,
  id: string,
  detail: string,
): readonly ProcessEvent<S, M>[] {
  const { pending } = process;
  return pending?.id === id ? [{ kind: 'withdrawn', ...pending, because: 'refused', detail }] : [];
}

function pidsOf({ consumerPid, providerPid }: Pids): Pids {
  return { consumerPid, providerPid };
}

function foreignPid(process: Partial<Pids>, given: Partial<Pids>): keyof Pids | undefined {
  return (['consumerPid', 'providerPid'] as const).find(
    (name) => process[name] !== undefined && given[name] !== undefined && process[name] !== given[name],
  );
}

function illegal<N extends string, S extends string, V extends string, M>(
  { name, table }: Protocol<N, S, V, M>,
  state: S,
  move: V,
  by: Role,
): Result<never, Problem<`${N}.illegal-transition`>> {
  const moves = allowed(table, state, by);
  const instead = isTerminal(table, state)
    ? 'this state is final'
    : moves.length === 0
      ? `it is the ${other(by)}'s turn`
      : `allowed: ${moves.join(', ')}`;
  return refuse(`${name}.illegal-transition`, `The ${by} cannot send "${move}" in state ${state}: ${instead}.`);
}
