import { z } from 'zod';

/** How statistical tests are made, fixed in the plan. */
export interface TestSettings {
  /** The chance of finding a gap that the smallest detectable one is told for, between 0 and 1. */
  readonly power: number;
  /** Shuffles of the rows among the groups, for what chance alone would make of the largest gap. */
  readonly replicates: number;
  /** The same seed gives the same shuffles. */
  readonly seed: number;
}

/** The settings to use unless there is a reason for others. */
export const testDefaults: TestSettings = { power: 0.8, replicates: 1999, seed: 1 };

/** Test settings as a person gives them. */
export const TestSettingsInput = z
  .strictObject({
    power: z.number().gt(0).lt(1).default(testDefaults.power),
    replicates: z.int().min(99).max(99_999).default(testDefaults.replicates),
    seed: z.int().min(0).max(0xffff_ffff).default(testDefaults.seed),
  })
  .describe('Asks for statistical tests in the report, and says how they are made');
