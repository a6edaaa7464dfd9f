import type { Command } from 'commander';
import type { ExitCode } from './failure.js';
import { type GlobalOptions, Session } from './session.js';
import type { Terminal } from './terminal.js';

/** How commands reach the world: the terminal, and the exit code of what ends without a failure. */
export interface Cli {
  readonly terminal: Terminal;
  readonly exit: (code: ExitCode) => void;
}

/**
 * Turns `run` into an action of commander: it gets a session, then the command's arguments and its own options.
 *
 * @example
 * noun.command('show').argument('<id>').action(action(cli, async (session, id: string) => { … }));
 */
export function action<A extends readonly unknown[]>(
  cli: Cli,
  run: (session: Session, ...args: A) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...all) => {
    // Commander passes the arguments in the order of their declaration, the options, and itself.
    const command = all.at(-1) as Command;
    const session = new Session(cli.terminal, command.optsWithGlobals<GlobalOptions>());
    try {
      await run(session, ...(all.slice(0, -1) as unknown as A));
    } finally {
      session.settle();
    }
    cli.exit(session.exitCode);
  };
}

/** The examples at the end of a command's help: what to type, and in words what it does where that is not plain. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
