import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { converges } from './two-peers/converges.fixtures.js';
import { Coverage, circumstances, coverageTable, crossingsOf, expectedOf } from './two-peers/coverage.fixtures.js';
import type { AnyDriver } from './two-peers/driver.fixtures.js';
import { negotiations, transfers } from './two-peers/drivers.fixtures.js';
import { mutants } from './two-peers/mutants.fixtures.js';

/** The same runs every time; others by the environment: `HANSA_MODEL_SEED=$RANDOM HANSA_MODEL_RUNS=100000`. */
const seed = Number(process.env.HANSA_MODEL_SEED ?? 20260601);
const numRuns = Number(process.env.HANSA_MODEL_RUNS ?? 10_000);
/** A broken rule is found long before, or it counts as not found. */
const mutantRuns = 3_000;

function report(driver: AnyDriver, coverage: Coverage, ends: readonly string[]): void {
  const lines = (keys: readonly string[]) => coverage.lines(keys).map(([what, n]) => `  ${what}: ${n}\n`);
  const text = [
    `  ${driver.name}: ${numRuns} runs, seed ${seed}\n`,
    coverageTable(coverage, driver.table, driver.moves),
    ...lines([...crossingsOf(driver.table), ...circumstances, ...ends]),
  ];
  process.stdout.write(text.join(''));
}

describe('two peers over a link that loses, repeats, delays and reorders, killed between any two steps', () => {
  test.each([
    ['negotiation', negotiations, ['FINALIZED', 'TERMINATED', 'REFUSED']],
    ['transfer', transfers, ['COMPLETED', 'TERMINATED', 'REFUSED']],
  ] as const)(
    'end a %s in one state, and everything that can happen has happened',
    (_, driver, states) => {
      const coverage = new Coverage();
      fc.assert(converges(driver, coverage), { numRuns, seed });
      const ends = states.map((state) => `end ${state}`);
      report(driver, coverage, ends);
      expect(coverage.unmet([...expectedOf(driver), ...circumstances, ...ends])).toEqual([]);
    },
    300_000,
  );

  test.each(Object.keys(mutants))(
    'do not with a broken rule, and the simulation finds it: %s',
    (name) => {
      const found = [negotiations, transfers].map((driver) =>
        fc.check(converges(driver, new Coverage(), mutants[name]), { numRuns: mutantRuns, seed }),
      );
      const shown = found.map(({ failed, numRuns: run, numShrinks, errorInstance: error }) =>
        failed
          ? `run ${run}, shrunk ${numShrinks} times: ${error instanceof Error ? error.message : error}`
          : 'not found',
      );
      process.stdout.write(`  ${name}\n    negotiation: ${shown[0]}\n    transfer: ${shown[1]}\n`);
      expect(found.some(({ failed }) => failed)).toBe(true);
    },
    300_000,
  );
});
