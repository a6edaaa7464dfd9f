import { createInterface } from 'node:readline/promises';

/** Where a command reads from and writes to, so that a test or the demo can stand in for a person's terminal. */
export interface Terminal {
  /** Results: what a pipe or a file gets. */
  out(text: string): void;
  /** Progress, questions and problems. */
  err(text: string): void;
  /** Asks a person; only for terminals where `interactive` holds. */
  ask(question: string): Promise<string>;
  /** A person can answer. */
  readonly interactive: boolean;
  /** `out` goes to a screen that shows colours, and nobody asked for none (https://no-color.org). */
  readonly colour: boolean;
  /** `err` goes to a screen, where a line can be written over. */
  readonly live: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly directory: string;
}

/** The terminal of this process. */
export function systemTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ask: async (question) => {
      const prompt = createInterface({ input: stdin, output: stderr });
      try {
        return await prompt.question(question);
      } finally {
        prompt.close();
      }
    },
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    colour: Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb',
    live: Boolean(stderr.isTTY) && env.TERM !== 'dumb',
    env,
    directory: process.cwd(),
  };
}
