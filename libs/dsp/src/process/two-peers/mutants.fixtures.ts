import { ok } from '@hansa/kernel';
import type { Pids } from '../../message/message.js';
import type { Pending, ProcessEvent } from '../process.js';
import { other, step } from '../table.js';
import { type AnyDriver, type Habits, type SimulatedProcess, soundHabits } from './driver.fixtures.js';

/** A node with one rule broken. */
export interface Mutant {
  readonly rules?: (driver: AnyDriver) => AnyDriver;
  readonly habits?: Partial<Habits>;
}

type Received = { readonly kind: 'received'; readonly message: unknown; readonly to: string };
const idle = (process: SimulatedProcess): SimulatedProcess => ({ ...process, pending: null });

/** Breaks each rule of the README by itself. The simulation must find every one of them. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'no inbox: a repeat is decided anew': { habits: { keeps: () => false } },
  'an inbox that forgets refusals': { habits: { keeps: ({ kind }) => kind === 'ok' } },
  'an inbox that keeps "later" as an answer': { habits: { keeps: () => true } },
  'a repeat under another @id': {
    habits: {
      again: ({ id, bytes }, ids) => {
        const fresh = ids();
        return { id, bytes: bytes.replace(`"@id":"${id}"`, `"@id":"${fresh}"`) };
      },
    },
  },
  'an outbox that is lost in a crash': { habits: { survives: () => [] } },
  'no tie-break: the provider applies what crosses its message': {
    rules: (driver) => ({
      ...driver,
      receive: (process, message) => {
        const honest = driver.receive(process, message);
        return honest.ok || !honest.problem.kind.endsWith('.busy') ? honest : driver.receive(idle(process), message);
      },
    }),
  },
  'no tie-break: the consumer answers "later" too': {
    rules: (driver) => ({
      ...driver,
      receive: (process, message) => {
        const crossed = process.role === 'consumer' && process.state !== 'INITIAL' && process.pending !== null;
        const honest = driver.receive(process, message);
        const implied = honest.ok && honest.value.some(({ kind }) => kind === 'acknowledged');
        if (!crossed || !honest.ok || implied) return honest;
        return { ok: false, problem: { kind: `${driver.name}.busy`, detail: 'crossed' } };
      },
    }),
  },
  'the consumer drops its own message as soon as the provider has spoken': {
    rules: (driver) => ({
      ...driver,
      receive: (process, message) => {
        const honest = driver.receive(process, message);
        const { pending } = process;
        if (!honest.ok || process.role === 'provider' || pending === null || honest.value.length > 1) return honest;
        return ok([{ kind: 'withdrawn', ...pending, because: 'overtaken', detail: '' }, ...honest.value]);
      },
    }),
  },
  'an acknowledgement is implied also by a message that may be late': {
    rules: (driver) => ({
      ...driver,
      receive: (process, message) => {
        const honest = driver.receive(process, message);
        const { pending, role, state } = process;
        if (honest.ok || pending === null || !honest.problem.kind.endsWith('.busy')) return honest;
        const through = step(driver.table, state, driver.moveOf(pending.message), role);
        const to = through && step(driver.table, through, driver.moveOf(message), other(role));
        if (!through || !to || step(driver.table, state, driver.moveOf(message), other(role))) return honest;
        const { consumerPid, providerPid } = message as Pids;
        const pids = { consumerPid, providerPid };
        const acknowledged: ProcessEvent<string, unknown> = {
          ...{ kind: 'acknowledged', ...pending, to: through, pids, implied: true },
        };
        return ok([acknowledged, { kind: 'received', message, to } satisfies Received]);
      },
    }),
  },
  'a refusal ends the process': {
    rules: (driver) => ({
      ...driver,
      refused: (process, id) => {
        const honest = driver.refused(process, id);
        const { pending } = process as { readonly pending: Pending<unknown> | null };
        const ends = step(driver.table, process.state, 'termination', process.role);
        return honest.length === 0 || !pending || !ends ? honest : [...honest, termination(driver, process, ends)];
      },
    }),
  },
  'any answer acknowledges whatever is in flight': {
    rules: (driver) => ({
      ...driver,
      acknowledged: (process, id, pids) => driver.acknowledged(process, process.pending?.id ?? id, pids),
    }),
  },
  'any refusal withdraws whatever is in flight': {
    rules: (driver) => ({ ...driver, refused: (process, id) => driver.refused(process, process.pending?.id ?? id) }),
  },
  'the state moves when a message is sent': {
    rules: (driver) => ({
      ...driver,
      say: (process, move, id) => {
        const honest = driver.say(process, move, id);
        const [sent] = honest.ok ? honest.value : [];
        const to = step(driver.table, process.state, move, process.role);
        if (sent?.kind !== 'sent' || !to) return honest;
        const { consumerPid, providerPid } = process as unknown as Pids;
        return ok([sent, { ...sent, kind: 'acknowledged', to, pids: { consumerPid, providerPid }, implied: false }]);
      },
    }),
  },
};

function termination(driver: AnyDriver, process: SimulatedProcess, to: string): ProcessEvent<string, unknown> {
  return { kind: 'received', message: driver.forge(process, 'termination', false), to };
}

export const habitsOf = (mutant?: Mutant): Habits => ({ ...soundHabits, ...mutant?.habits });
export const rulesOf = (driver: AnyDriver, mutant?: Mutant): AnyDriver => mutant?.rules?.(driver) ?? driver;
