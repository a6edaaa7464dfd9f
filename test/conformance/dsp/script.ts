import type { Result } from '@hansa/kernel';

/** In which state to act, and what to do then. */
type Turn = readonly [state: string, act: string];

/** Acts on a process of this node. */
type Operator = (pid: string, act: string) => Promise<Result<unknown>>;

/**
 * An operator who acts by a script: the kit sends the same messages in several tests and expects another reaction in
 * each, told apart only by the dataset or the agreement. Turns are taken in their order, each when its state is reached.
 */
export class Script {
  readonly #turns: ReadonlyMap<string, readonly Turn[]>;
  readonly #taken = new Map<string, number>();

  constructor(
    turns: Readonly<Record<string, readonly string[]>>,
    private readonly operator: Operator,
    /**
     * Milliseconds between a state and the act in it. The kit learns our pid from an answer, and opens the endpoint
     * for our next message only after it has seen the state; before that it answers 404.
     */
    private readonly pause: number,
    private readonly report: (text: string) => void,
  ) {
    const parsed = Object.entries(turns).map(([about, lines]) => [about, lines.map(turnOf)] as const);
    this.#turns = new Map(parsed);
  }

  /** A process about a dataset, or under an agreement, has come into a state in which it is at rest. */
  reached(pid: string, about: string, state: string): void {
    const taken = this.#taken.get(pid) ?? 0;
    const turn = this.#turns.get(about)?.[taken];
    if (turn?.[0] !== state) return;
    this.#taken.set(pid, taken + 1);
    setTimeout(() => void this.#act(pid, about, turn), this.pause);
  }

  async #act(pid: string, about: string, [state, act]: Turn): Promise<void> {
    try {
      const done = await this.operator(pid, act);
      if (!done.ok) this.report(`${about} in ${state}: ${act} was refused: ${done.problem.detail}`);
    } catch (error) {
      this.report(`${about} in ${state}: ${act} failed: ${error instanceof Error ? error.stack : error}`);
    }
  }
}

function turnOf(line: string): Turn {
  const [state, act, ...rest] = line.split(' ');
  if (!state || !act || rest.length > 0)
    throw new Error(`"${line}" is no turn: a state and an act, such as "AGREED verify"`);
  return [state, act];
}
