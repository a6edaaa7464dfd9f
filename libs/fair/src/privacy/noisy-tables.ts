import { ok, type Result, refuse } from '@hansa/kernel';
import { discreteLaplace } from './discrete-laplace.js';
import { type Epsilon, epsilonProblem, type PrivacyProblem } from './epsilon.js';
import type { RandomBits } from './random-bits.js';

/** How noise was made: enough to compute with it, and to tell readers. */
export interface Noise {
  readonly mechanism: 'discrete-laplace';
  /** What all tables together spend. */
  readonly epsilon: Epsilon;
  /** By how much one row more or less can change all tables together: by 1 in each. */
  readonly sensitivity: number;
}

/** Tables of counts with noise. Numbers may be below 0, and totals of tables differ: mending that is for the reader. */
export interface NoisyTables {
  readonly tables: readonly (readonly number[])[];
  readonly noise: Noise;
}

/**
 * Adds discrete Laplace noise to each number of tables. A row stands in one cell of each table, and a person has one row;
 * whoever has three is protected by three times the epsilon only. The result is epsilon-differentially private for tables that
 * differ by one row more or less; `sensitivity` divided by epsilon is the scale of the noise.
 *
 * @param tables each of cells that no row shares: by sex, by age. Their number is agreed without looking at the data.
 * @param random bits of a generator that nobody can predict.
 */
export function addNoise(
  tables: readonly (readonly number[])[],
  epsilon: Epsilon,
  random: RandomBits,
): Result<NoisyTables, PrivacyProblem> {
  const problem = epsilonProblem(epsilon);
  if (problem) return problem;
  if (tables.length === 0 || tables.flat().some((count) => !Number.isInteger(count) || count < 0 || count > 2 ** 52))
    return refuse('privacy.wrong-counts', 'There must be a table, and its numbers whole ones from 0 to 2^52.');
  const sensitivity = tables.length;
  const scale = {
    numerator: BigInt(epsilon.denominator) * BigInt(sensitivity),
    denominator: BigInt(epsilon.numerator),
  };
  const noisy = tables.map((table) => table.map((count) => Number(BigInt(count) + discreteLaplace(scale, random))));
  return ok({ tables: noisy, noise: { mechanism: 'discrete-laplace', epsilon, sensitivity } });
}
