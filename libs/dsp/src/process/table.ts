/** Who a participant is in one process: it asks for data, or it gives them (DSP 2025-1, Terminology). */
export type Role = 'consumer' | 'provider';

export function other(role: Role): Role {
  return role === 'consumer' ? 'provider' : 'consumer';
}

/** Who may send a message, and the state that both sides are in once the receiver has acknowledged it. */
export type Cell<S extends string> = readonly [who: Role | 'either', next: S];

/** A protocol state machine: `state -> message -> [who, next]`. What is not in it is an illegal transition. */
export type Table<S extends string, M extends string> = { readonly [state in S]: { readonly [move in M]?: Cell<S> } };

/** The state after `by` has sent `move` in `state` and was acknowledged, or undefined: illegal. */
export function step<S extends string, M extends string>(
  table: Table<S, M>,
  state: S,
  move: M,
  by: Role,
): S | undefined {
  const cell = table[state][move];
  return cell && (cell[0] === 'either' || cell[0] === by) ? cell[1] : undefined;
}

/** What `by` may send in `state`. */
export function allowed<S extends string, M extends string>(table: Table<S, M>, state: S, by: Role): readonly M[] {
  const moves = Object.keys(table[state]) as M[];
  return moves.filter((move) => step(table, state, move, by) !== undefined);
}

/** A state that no message leaves. */
export function isTerminal<S extends string, M extends string>(table: Table<S, M>, state: S): boolean {
  return Object.keys(table[state]).length === 0;
}

/** What a received message means to a process, before anything is changed. */
export type Arrival<S extends string> =
  | { readonly kind: 'applies'; readonly to: S }
  | { readonly kind: 'implies-acknowledgement'; readonly through: S; readonly to: S }
  | { readonly kind: 'busy' }
  | { readonly kind: 'illegal' };

/**
 * Judges a message of the other side by the table, the state, and our own message in flight, if there is one.
 *
 * The tie-break for messages that cross: the provider's takes effect first. With a message of its own in flight the
 * provider answers "later" (`busy`), to a termination too; the consumer applies what comes, and its own message, which
 * it goes on repeating, is judged afterwards in the new state. The protocol is silent here; every pair and its end
 * stand in `docs/decisions/0023-crossing-messages.md`.
 *
 * A message that is illegal now, but legal once our own is acknowledged, does not cross ours: it proves that the other
 * side has accepted ours, whose answer was lost, or is slower than the next message.
 *
 * @example
 * arrival(negotiationTable, { state: 'VERIFIED', role: 'provider', pending: 'finalized' }, 'termination'); // busy
 * arrival(negotiationTable, { state: 'VERIFIED', role: 'consumer', pending: 'termination' }, 'finalized'); // applies, to FINALIZED
 */
export function arrival<S extends string, M extends string>(
  table: Table<S, M>,
  at: { readonly state: S; readonly role: Role; readonly pending: M | null },
  move: M,
): Arrival<S> {
  const peer = other(at.role);
  // An opening message creates a process; it never reaches one that is still waiting for its own to be acknowledged.
  const direct = at.state === 'INITIAL' ? undefined : step(table, at.state, move, peer);
  const through = at.pending === null ? undefined : step(table, at.state, at.pending, at.role);
  const after = through === undefined ? undefined : step(table, through, move, peer);
  const crossed = at.role === 'provider' && at.pending !== null;

  if (direct !== undefined && !crossed) return { kind: 'applies', to: direct };
  if (direct === undefined && through !== undefined && after !== undefined && !mayBeLate(table, at, move))
    return { kind: 'implies-acknowledgement', through, to: after };
  return crossed && (direct !== undefined || after !== undefined) ? { kind: 'busy' } : { kind: 'illegal' };
}

/**
 * A consumer's message that the provider's messages have overtaken may arrive late: it was sent in an earlier state, so
 * it proves nothing about what the consumer has received since. (A provider's message is never overtaken: while one is
 * in flight the provider applies nothing.)
 */
function mayBeLate<S extends string, M extends string>(
  table: Table<S, M>,
  at: { readonly state: S; readonly role: Role },
  move: M,
): boolean {
  if (at.role === 'consumer') return false;
  const states = Object.keys(table) as S[];
  const earlier = new Set<S>([at.state]);
  for (const reached of earlier)
    for (const from of states)
      if (allowed(table, from, 'provider').some((own) => step(table, from, own, 'provider') === reached))
        earlier.add(from);
  return [...earlier].some((state) => step(table, state, move, 'consumer') !== undefined);
}
