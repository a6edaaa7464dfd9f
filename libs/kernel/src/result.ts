/**
 * An expected failure as data: a stable, dotted `kind` (`negotiation.illegal-transition`) and the facts around it.
 * Text for people is made at the edge from `detail`; secrets never go into a problem.
 */
export interface Problem<K extends string = string> {
  readonly kind: K;
  /** One sentence: what is wrong and what to do about it. */
  readonly detail: string;
  /** Where in the input, for instance a JSON pointer, a column or a claim. */
  readonly at?: string;
}

/**
 * The outcome of something that may fail in an expected way.
 *
 * @example
 * const parsed = parseJson(text);
 * if (!parsed.ok) return parsed;
 * use(parsed.value);
 */
export type Result<T, P extends Problem = Problem> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: P };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<P extends Problem>(problem: P): { readonly ok: false; readonly problem: P } {
  return { ok: false, problem };
}

/** Builds a problem in a failed result: `refuse('dataset.not-found', 'No dataset "x".')`. */
export function refuse<K extends string>(
  kind: K,
  detail: string,
  at?: string,
): { readonly ok: false; readonly problem: Problem<K> } {
  return { ok: false, problem: at === undefined ? { kind, detail } : { kind, detail, at } };
}

/** The end of every `switch` over a closed union: adding a case elsewhere stops the build here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case ${JSON.stringify(value)}`);
}

/** The value of a result that cannot fail here, or a defect. For tests and for inputs that are our own constants. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.kind}: ${result.problem.detail}`);
}
