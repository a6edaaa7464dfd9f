import type { EquivalenceTest } from './equivalence-tests.js';
import type { RateTest } from './rate-tests.js';

/** A result with its p-value as computed and adjusted for its family. */
type Adjusted<T extends { readonly result: { readonly state: string } }> = Omit<T, 'result'> & {
  readonly result:
    | (Extract<T['result'], { state: 'value' }> & { readonly adjusted: number })
    | Extract<T['result'], { state: 'undefined' }>;
  /** One sentence. */
  readonly text: string;
};

export type AdjustedTest = Adjusted<RateTest> & { readonly family: 'planned' | 'exploratory' };
export type AdjustedEquivalence = Adjusted<EquivalenceTest>;
