/** Why there is no figure: the question does not arise in these counts. */
export interface Undefined {
  readonly state: 'undefined';
  /** A phrase: `no rows with a positive label`. */
  readonly reason: string;
}

/** Why there is no figure: counts that it needs were withheld because they are small. */
export interface Suppressed {
  readonly state: 'suppressed';
  readonly reason: string;
}

/** Something computed from counts, or the reason why there is none. NaN and Infinity never get into a result. */
export type Estimated<T extends object> = ({ readonly state: 'value' } & T) | Undefined;

/** A number, or the reason why there is none. */
export type Figure = { readonly state: 'value'; readonly value: number } | Undefined | Suppressed;

/**
 * A figure with a value.
 *
 * @throws RangeError for what is no number, which is a defect: the caller must have given the reason instead.
 */
export function figure(value: number): Figure {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no figure`);
  // −0 would print as another number than 0.
  return { state: 'value', value: value + 0 };
}

/** A figure without a value, because there is none. */
export function undefinedBecause(reason: string): Undefined {
  return { state: 'undefined', reason };
}

/** A figure without a value, because what it needs was withheld. */
export function suppressedBecause(reason: string): Suppressed {
  return { state: 'suppressed', reason };
}
