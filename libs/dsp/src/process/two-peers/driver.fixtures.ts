import type { Result } from '@hansa/kernel';
import type { Pids } from '../../message/message.js';
import type { Pending, ProcessEvent } from '../process.js';
import type { Role, Table } from '../table.js';

type Events<M> = Result<readonly ProcessEvent<string, M>[]>;

/** One of the two protocols as the simulation drives it: the real functions. `P` is the process, `M` its messages. */
export interface Driver<P, M> {
  readonly name: string;
  readonly table: Table<string, string>;
  readonly moves: readonly string[];
  readonly openers: readonly Role[];
  readonly initiate: (opener: Role, ids: () => string) => P;
  readonly admit: (message: M, ownPid: string) => P;
  readonly isOpening: (message: M) => boolean;
  readonly say: (process: P, move: string, id: string) => Events<M>;
  /** A message that the rules would never let its sender say. */
  readonly forge: (process: P, move: string, foreign: boolean) => M;
  readonly receive: (process: P, message: M) => Events<M>;
  readonly acknowledged: (process: P, id: string, pids: Pids) => Events<M>;
  readonly refused: (process: P, id: string) => readonly ProcessEvent<string, M>[];
  readonly evolve: (process: P, event: ProcessEvent<string, M>) => P;
  readonly serialize: (message: M, id: string) => string;
  readonly parse: (bytes: string) => M;
  readonly moveOf: (message: M) => string;
}

export type AnyDriver = Driver<SimulatedProcess, unknown>;

/** What a node must do around the rules: the caller's part of `README.md`. */
export interface Habits {
  /** Which final answers the inbox keeps. */
  readonly keeps: (answer: Answer) => boolean;
  /** What is sent when a message is sent again. */
  readonly again: (message: Frozen, ids: () => string) => Frozen;
  /** What is left of the outbox after a crash. */
  readonly survives: (outbox: readonly Frozen[]) => readonly Frozen[];
}
export const soundHabits: Habits = {
  keeps: ({ kind }) => kind !== 'busy',
  again: (message) => message,
  survives: (outbox) => outbox,
};

export interface SimulatedProcess {
  readonly state: string;
  readonly role: Role;
  readonly pending: Pending<unknown> | null;
}
export type Answer =
  | { readonly kind: 'ok'; readonly pids: Pids }
  | { readonly kind: 'refused' }
  | { readonly kind: 'busy' };
/** A message of the outbox: its `@id` and its bytes. */
export interface Frozen {
  readonly id: string;
  readonly bytes: string;
}
