import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '@hansa/kernel';
import { createManagementClient, type ManagementClient, type NodeProblem } from './client.js';
import { badUsage, CommandFailure, type ExitCode, orFail } from './failure.js';
import { type FoundToken, findAddress, findToken, type NodeOptions, namedDirectory } from './find-node.js';
import { type Paint, painter } from './print/paint.js';
import { jsonText, printableData } from './print/text.js';
import type { Terminal } from './terminal.js';

/** The options that every command has. */
export interface GlobalOptions extends NodeOptions {
  readonly output: 'text' | 'json';
}

/** Milliseconds within which nobody wonders what a command is doing. */
const patience = 1000;

/** What one command works with: its node, its output, its progress. */
export class Session {
  readonly paint: Paint;
  /** Nothing was thrown, and yet the answer is no: an invalid document, a missing part. */
  exitCode: ExitCode = 0;
  #client: ManagementClient | undefined;
  #token: FoundToken | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly options: GlobalOptions,
  ) {
    this.paint = painter(terminal.colour && options.output === 'text');
  }

  get json(): boolean {
    return this.options.output === 'json';
  }

  get url(): string {
    return orFail(findAddress(this.options, this.terminal), 2);
  }

  /** The data directory, where the options or the environment name one. */
  get dataDirectory(): string | null {
    return namedDirectory(this.options, this.terminal);
  }

  get client(): ManagementClient {
    if (!this.#client) {
      const { url } = this;
      this.#token = orFail(findToken(this.options, this.terminal), 2);
      this.#client = createManagementClient({ url, token: this.#token.token });
    }
    return this.#client;
  }

  /** What the node answered, or its refusal as this command's failure. */
  async answer<T>(asked: Promise<Result<T, NodeProblem>>): Promise<T> {
    const result = await asked;
    if (result.ok) return result.value;
    const { problem } = result;
    if (problem.status !== 401 || !this.#token) throw new CommandFailure(problem);
    throw new CommandFailure({
      ...problem,
      detail: `The node at ${this.url} does not accept the token from ${this.#token.source}. Use the one in the file admin-token in its data directory: --data <directory>.`,
    });
  }

  /** Prints a value: as JSON when asked for, else as `text` makes it of a copy that is safe to show. */
  show<T>(value: T, text: (value: T) => string): void {
    this.terminal.out(this.json ? jsonText(value) : text(printableData(value)));
  }

  /** A line about what is under way, on the error output; on a screen it writes over the one before. */
  progress(text: string): void {
    if (this.#line === text) return;
    this.terminal.err(this.terminal.live ? `\r\u001b[2K${text}` : `${text}\n`);
    this.#line = text;
  }

  /** Clears the line of progress before results are printed. */
  settle(): void {
    if (this.#line !== '' && this.terminal.live) this.terminal.err('\r\u001b[2K');
    this.#line = '';
  }
  #line = '';

  /** Lets a person confirm what cannot be undone; where nobody can answer, `--yes` has to. */
  async confirm(question: string, yes: boolean | undefined): Promise<void> {
    if (yes) return;
    if (!this.terminal.interactive) throw badUsage(`${question} Nobody can answer here: add --yes to confirm.`);
    const answer = await this.terminal.ask(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new CommandFailure({ kind: 'cli.declined', detail: 'Nothing was changed.' });
  }

  /**
   * Asks again and again, ever more slowly up to once a second, until `isDone` holds or the time is over. What takes
   * longer than a second shows how far it is.
   *
   * @param limit seconds
   * @returns the last answer
   */
  async waitUntil<T>(
    ask: () => Promise<T>,
    isDone: (value: T) => boolean,
    say: (value: T) => string,
    limit: number,
  ): Promise<T> {
    const begun = performance.now();
    const deadline = begun + limit * 1000;
    for (let pause = 25; ; pause = Math.min(pause * 1.5, 1000)) {
      const value = await ask();
      if (isDone(value) || performance.now() >= deadline) {
        this.settle();
        return value;
      }
      if (performance.now() - begun > patience) this.progress(printableData(say(value)));
      await sleep(Math.min(pause, Math.max(0, deadline - performance.now())));
    }
  }
}
