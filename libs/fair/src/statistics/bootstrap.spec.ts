import { describe, expect, test } from '@jest/globals';
import { type CountStatistic, countBootstrap } from './bootstrap.js';
import { wilson } from './interval.js';

const share: CountStatistic = ([no = 0, yes = 0]) => (no + yes === 0 ? null : yes / (no + yes));
const options = { replicates: 2000, level: 0.95, seed: 1 };

describe('the count bootstrap', () => {
  test('of a share of many rows comes close to Wilson, and names how it was drawn', () => {
    const interval = countBootstrap([[9000, 1000]], share, options);
    const expected = wilson(1000, 10_000, 0.95);
    expect(interval).toMatchObject({ state: 'value', method: 'percentile-bootstrap', level: 0.95, ...drawn(0) });
    if (interval.state !== 'value') return;
    expect(interval.lower).toBeCloseTo(expected.lower, 2);
    expect(interval.upper).toBeCloseTo(expected.upper, 2);
  });

  test('gives the same bits for the same seed, and others for another', () => {
    const again = countBootstrap([[90, 10]], share, options);
    expect(countBootstrap([[90, 10]], share, options)).toEqual(again);
    expect(countBootstrap([[90, 10]], share, { ...options, seed: 2 })).not.toEqual(again);
  });

  test('counts the replicates in which nothing can be said', () => {
    const ofOne: CountStatistic = ([, , a = 0, b = 0]) => (a + b === 0 ? null : a / (a + b));
    const interval = countBootstrap([[500, 500, 1, 1]], ofOne, options);
    // e^−2 of the replicates hold neither of the two rows.
    if (interval.state === 'value') expect(interval.undefinedReplicates / 2000).toBeCloseTo(0.135, 1);
    expect(interval.state).toBe('value');
    expect(countBootstrap([[500, 500, 0, 0]], ofOne, options)).toEqual({
      state: 'undefined',
      reason: 'undefined in each of 2000 replicates',
    });
  });

  test('of strata keeps the total of each', () => {
    const totals = new Set<string>();
    const statistic: CountStatistic = ([a = 0, b = 0, c = 0, d = 0]) => {
      totals.add(`${a + b} ${c + d}`);
      return a / 10 - c / 20;
    };
    countBootstrap(
      [
        [3, 7],
        [5, 15],
      ],
      statistic,
      options,
    );
    expect([...totals]).toEqual(['10 20']);
  });

  test('draws a thousand tables of 48 cells in some milliseconds', () => {
    const cells = Array.from({ length: 48 }, (_, i) => 1000 + 37 * i);
    const first: CountStatistic = ([a = 0]) => a;
    countBootstrap([cells], first, options);
    const began = performance.now();
    countBootstrap([cells], first, { ...options, replicates: 1000 });
    // About 10 ms on an idle machine; under the test runner, or beside other work, it may be many times that.
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

function drawn(undefinedReplicates: number) {
  return { replicates: 2000, undefinedReplicates, seed: 1, generator: 'sfc32 seeded by splitmix32; hansa draws 1' };
}
