import { CommanderError } from 'commander';
import { CommandFailure, type ExitCode } from './failure.js';
import { problemJson, problemText } from './print/problem.js';
import { buildProgram } from './program.js';
import type { Terminal } from './terminal.js';

/**
 * Runs one command line. Expected failures are printed as one sentence (one line of JSON with `-o json`); anything else
 * that is thrown is a defect and shows its stack.
 *
 * @param args what stands behind `hansa`
 * @example
 * process.exitCode = await runCli(['dataset', 'list', '-o', 'json'], systemTerminal());
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its message, the help or the version already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandFailure)) throw error;
    const { problem } = error;
    terminal.err(program.opts().output === 'json' ? problemJson(problem) : problemText(problem));
    return error.exitCode;
  }
}
