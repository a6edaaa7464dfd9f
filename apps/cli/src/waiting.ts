import type { Command } from 'commander';
import type { Process } from './api.js';
import { wholeNumber } from './arguments.js';
import { path } from './client.js';
import { standing } from './processes.js';
import type { Session } from './session.js';

/** What a command that waits for somebody else was told about waiting. */
export interface WaitOptions {
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/**
 * Adds `--no-wait` and `--timeout` to a command.
 *
 * @param until what it waits for, after "do not wait"
 * @param seconds how long it waits unless told otherwise
 */
export function waiting(command: Command, until: string, seconds: number): Command {
  return command
    .option('--no-wait', `do not wait ${until}`)
    .option('--timeout <seconds>', 'how long to wait at most', wholeNumber, seconds);
}

/** Seconds for which a command waits until the other side has taken a message: far longer than a healthy peer needs. */
const acknowledgementSeconds = 10;

/** {@link waiting} for commands that send one message and end with {@link showAcknowledged}. */
export function waitingForAcknowledgement(command: Command): Command {
  return waiting(command, 'until the other side has acknowledged it', acknowledgementSeconds);
}

/** The sentence about exit codes in the help of a command that ends with {@link showAcknowledged}. */
export const acknowledgementHelp =
  '\nExit code: 0 when the other side has acknowledged it (or was not waited for), 1 otherwise.\n';

/**
 * Waits until the other side has acknowledged the message that was just sent, and shows where the process stands then.
 *
 * @param goal the state that the message leads to
 */
export async function showAcknowledged<P extends Process>(
  session: Session,
  what: 'negotiation' | 'transfer',
  sent: P,
  goal: string,
  { wait, timeout }: WaitOptions,
): Promise<void> {
  const last = wait
    ? await session.waitUntil(
        () => session.answer(session.client.get<P>(path`/${`${what}s`}/${sent.id}`)),
        ({ pending }) => pending === null,
        ({ counterparty }) => `Waiting for ${counterparty} …`,
        timeout,
      )
    : sent;
  session.show(last, (process) => acknowledgementText(what, process, goal));
  if (wait && (last.pending !== null || last.state !== goal)) session.exitCode = 1;
}

/** Where a process stands after our message, with what to do where it did not reach its goal. */
function acknowledgementText(what: string, process: Process, goal: string): string {
  const { id, pending, state, counterparty } = process;
  if (pending !== null) return `${standing(what, process)}\nLook again: hansa ${what} show ${id}\n`;
  if (state === goal) return `The ${what} is ${state}; ${counterparty} has acknowledged it.\n`;
  const why = `It was to be ${goal}; why it is not stands in the ledger: hansa ledger list --subject ${id}`;
  return `${standing(what, process)}\n${why}\n`;
}
