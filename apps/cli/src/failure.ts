import type { Problem, Result } from '@hansa/kernel';

/**
 * What a process says to its caller: 0 done, 1 refused or failed, 2 asked wrongly or given unreadable input, 3 the data
 * does not allow an answer.
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** Carries an expected failure from a command to `runCli`, which prints it and ends with its exit code. */
export class CommandFailure extends Error {
  constructor(
    readonly problem: Problem,
    readonly exitCode: Exclude<ExitCode, 0> = 1,
  ) {
    super(problem.detail);
    this.name = 'CommandFailure';
  }
}

/** The value of a result, or its problem as the command's failure. */
export function orFail<T>(result: Result<T>, exitCode: Exclude<ExitCode, 0> = 1): T {
  if (result.ok) return result.value;
  throw new CommandFailure(result.problem, exitCode);
}

/** Input that makes no sense, with what to type instead: exit code 2. */
export function badUsage(detail: string, at?: string): CommandFailure {
  return new CommandFailure({ kind: 'cli.usage', detail, ...(at === undefined ? {} : { at }) }, 2);
}
