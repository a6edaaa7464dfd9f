import { ok, type Result, refuse } from '@hansa/kernel';
import { type Epsilon, epsilonProblem, type PrivacyProblem } from './epsilon.js';

/** Something that was told about the same people, and what it cost. */
export interface Release {
  /** Names it; a release is paid for once. */
  readonly id: string;
  readonly epsilon: Epsilon;
  /** For whom, and why. */
  readonly purpose: string;
}

/** What may be told about some people in all, and what has been. */
export interface PrivacyBudget {
  readonly total: Epsilon;
  readonly releases: readonly Release[];
}

/** A fraction in lowest terms, of any size. */
export interface ExactEpsilon {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A budget of which nothing is spent. */
export function privacyBudget(total: Epsilon): Result<PrivacyBudget, PrivacyProblem> {
  return epsilonProblem(total) ?? ok({ total, releases: [] });
}

/** What has been spent: the sum of all releases, by sequential composition. Exact. */
export function spentEpsilon({ releases }: Pick<PrivacyBudget, 'releases'>): ExactEpsilon {
  let [numerator, denominator] = [0n, 1n];
  for (const { epsilon } of releases) {
    numerator = numerator * BigInt(epsilon.denominator) + BigInt(epsilon.numerator) * denominator;
    denominator *= BigInt(epsilon.denominator);
    const divisor = commonDivisor(numerator, denominator);
    [numerator, denominator] = [numerator / divisor, denominator / divisor];
  }
  return { numerator, denominator };
}

/**
 * The budget after a release, or a refusal when the release would cost more than is left. Whoever keeps a budget must
 * keep the new one before anything is told.
 *
 * @example
 * const spent = spendEpsilon(budget, { id: 'audit 7', epsilon: { numerator: 1, denominator: 2 }, purpose: 'yearly audit' });
 */
export function spendEpsilon(budget: PrivacyBudget, release: Release): Result<PrivacyBudget, PrivacyProblem> {
  const problem = epsilonProblem(release.epsilon);
  if (problem) return problem;
  if (budget.releases.some(({ id }) => id === release.id))
    return refuse('privacy.repeated-release', `"${release.id}" has been paid for; give the new one another name.`);
  const releases = [...budget.releases, release];
  const spent = spentEpsilon({ releases });
  const { numerator, denominator } = budget.total;
  if (spent.numerator * BigInt(denominator) > BigInt(numerator) * spent.denominator) {
    const { epsilon } = release;
    return refuse(
      'privacy.budget-exceeded',
      `"${release.id}" costs ${epsilon.numerator}/${epsilon.denominator}; with it ${spent.numerator}/${spent.denominator} of ${numerator}/${denominator} would be spent.`,
    );
  }
  return ok({ ...budget, releases });
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
