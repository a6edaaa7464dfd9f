import { type Problem, type Result, refuse } from '@hansa/kernel';

/** A privacy parameter as a fraction of whole numbers, so that it can be added and drawn from exactly. */
export interface Epsilon {
  /** From 1 to 2^31. */
  readonly numerator: number;
  /** From 1 to 2^31. */
  readonly denominator: number;
}

export type PrivacyProblem = Problem<
  'privacy.wrong-epsilon' | 'privacy.wrong-counts' | 'privacy.budget-exceeded' | 'privacy.repeated-release'
>;

const largest = 2 ** 31;

/** What is wrong with an epsilon, if anything is. */
export function epsilonProblem({ numerator, denominator }: Epsilon): Result<never, PrivacyProblem> | undefined {
  const fits = (n: number) => Number.isInteger(n) && n >= 1 && n <= largest;
  if (fits(numerator) && fits(denominator)) return undefined;
  return refuse(
    'privacy.wrong-epsilon',
    `Epsilon must be a fraction of two whole numbers from 1 to 2^31, not ${numerator}/${denominator}.`,
  );
}
