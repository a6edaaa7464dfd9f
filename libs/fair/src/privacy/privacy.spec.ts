import { must, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addNoise,
  discreteLaplace,
  drawMultinomial,
  type Epsilon,
  type Noise,
  noisyRateOf,
  privacyBudget,
  type RandomBits,
  type RateName,
  rateNames,
  spendEpsilon,
  spentEpsilon,
} from '../index.js';
import { definitionOfRate } from '../rates.js';
import { chiSquareUpperTail } from '../statistics/gamma.js';
import { wilson } from '../statistics/interval.js';
import { chanceOfExp } from './discrete-laplace.js';
import { noiseBound } from './noisy-rate.js';

/** Bits of a seeded generator. */
function bitsFrom(seed: number): RandomBits {
  const random = seededRandom(seed);
  return (bits) => {
    let value = 0n;
    for (let left = bits; left > 0; left -= 16)
      value = (value << BigInt(Math.min(left, 16))) | BigInt(Math.floor(random() * 2 ** Math.min(left, 16)));
    return value;
  };
}
/** How likely counts as far from these chances are; chances of the last one hold the rest. */
function likelihoodOf(seen: readonly number[], chances: readonly number[]): number {
  const total = seen.reduce((sum, n) => sum + n, 0);
  expect(chances.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  expect(Math.min(...chances) * total).toBeGreaterThan(5);
  const statistic = seen.reduce((sum, n, i) => {
    const expected = total * (chances[i] ?? 0);
    return sum + ((n - expected) * (n - expected)) / expected;
  }, 0);
  return chiSquareUpperTail(statistic, seen.length - 1);
}

describe('discrete Laplace noise', () => {
  test.each([
    ['1', 1n, 1n, 4],
    ['5/2', 5n, 2n, 10],
    ['1/3', 1n, 3n, 1],
    ['20', 20n, 1n, 60],
  ])('of scale %s comes with its exact probabilities', (_, numerator, denominator, edge) => {
    const random = bitsFrom(12);
    const a = Math.exp(-Number(denominator) / Number(numerator));
    // Each value up to the edge, and both tails beyond it.
    const seen = new Array<number>(2 * edge + 3).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const y = Number(discreteLaplace({ numerator, denominator }, random));
      const at = Math.max(0, Math.min(2 * edge + 2, y + edge + 1));
      seen[at] = (seen[at] ?? 0) + 1;
    }
    const chances = seen.map((_, at) => {
      const y = Math.abs(at - edge - 1);
      return y > edge ? a ** y / (1 + a) : ((1 - a) / (1 + a)) * a ** y;
    });
    expect(likelihoodOf(seen, chances)).toBeGreaterThan(0.001);
    // The measure tells this distribution from one whose scale is a tenth larger.
    const b = Math.exp((-Number(denominator) / Number(numerator)) * 0.9);
    const others = seen.map((_, at) => {
      const y = Math.abs(at - edge - 1);
      return y > edge ? b ** y / (1 + b) : ((1 - b) / (1 + b)) * b ** y;
    });
    expect(likelihoodOf(seen, others)).toBeLessThan(1e-4);
  });

  test('rests on chances of exp(−a/b), exact at both ends', () => {
    const random = bitsFrom(3);
    for (const [a, b] of [
      [0n, 1n],
      [1n, 7n],
      [2n, 3n],
      [1n, 1n],
    ] as const) {
      let hits = 0;
      for (let i = 0; i < 5000; i++) hits += chanceOfExp(a, b, random) ? 1 : 0;
      const p = Math.exp(-Number(a) / Number(b));
      expect(Math.abs(hits / 5000 - p)).toBeLessThanOrEqual(3.5 * Math.sqrt((p * (1 - p)) / 5000));
    }
  });

  test('draws from whole bits alone: the same bits give the same numbers, whatever their size', () => {
    const scale = { numerator: 10n ** 12n, denominator: 7n };
    const drawn = [1, 1, 2].map((seed) => {
      const random = bitsFrom(seed);
      return Array.from({ length: 20 }, () => discreteLaplace(scale, random));
    });
    expect(drawn[0]).toEqual(drawn[1]);
    expect(drawn[0]).not.toEqual(drawn[2]);
  });
});

describe('tables with noise', () => {
  const half: Epsilon = { numerator: 1, denominator: 2 };

  test('have noise of a scale that grows with their number, around the true counts', () => {
    for (const tables of [1, 3]) {
      const given = Array.from({ length: tables }, () => new Array<number>(3000 / tables).fill(500));
      const made = must(addNoise(given, half, bitsFrom(5)));
      expect(made.noise).toEqual({ mechanism: 'discrete-laplace', epsilon: half, sensitivity: tables });
      const off = made.tables.flat().map((n) => n - 500);
      const a = Math.exp(-0.5 / tables);
      const variance = off.reduce((sum, n) => sum + n * n, 0) / off.length;
      expect(variance / ((2 * a) / ((1 - a) * (1 - a)))).toBeGreaterThan(0.85);
      expect(variance / ((2 * a) / ((1 - a) * (1 - a)))).toBeLessThan(1.15);
      expect(Math.abs(off.reduce((sum, n) => sum + n, 0) / off.length)).toBeLessThan(4 * Math.sqrt(variance / 3000));
    }
  });

  test('may have numbers below 0, because cutting them off would make sums too large', () => {
    const made = must(addNoise([new Array<number>(200).fill(0)], half, bitsFrom(6)));
    expect(Math.min(...made.tables.flat())).toBeLessThan(-2);
  });

  test('are not made without a table, of numbers that are no counts, or with an epsilon that is no fraction', () => {
    const kindOf = (tables: number[][], epsilon = half) => {
      const made = addNoise(tables, epsilon, bitsFrom(1));
      return made.ok ? 'none' : made.problem.kind;
    };
    expect(kindOf([[1, 2]])).toBe('none');
    for (const tables of [[], [[0.5]], [[-1]], [[Number.NaN]], [[2 ** 53]]])
      expect(kindOf(tables)).toBe('privacy.wrong-counts');
    for (const [numerator, denominator] of [
      [0, 1],
      [1, 0],
      [-1, 2],
      [0.5, 1],
      [2 ** 32, 1],
    ] as const)
      expect(kindOf([[1]], { numerator, denominator })).toBe('privacy.wrong-epsilon');
  });
});

describe('a budget', () => {
  const release = (id: string, numerator: number, denominator: number) => {
    return { id, epsilon: { numerator, denominator }, purpose: 'audit' };
  };

  test('is never overspent, and refuses only what does not fit', () => {
    const outcomes = { accepted: 0, refused: 0, full: 0 };
    const part = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(part, fc.array(fc.tuple(part, part), { maxLength: 15 }), (total, parts) => {
        let budget = must(privacyBudget({ numerator: total, denominator: 1 }));
        // Twelfths of 27720 = lcm(1..12): an account in whole numbers, kept apart from the one under test.
        let left = total * 27720;
        for (const [i, [numerator, denominator]] of parts.entries()) {
          const cost = (numerator * 27720) / denominator;
          const spent = spendEpsilon(budget, release(`${i}`, numerator, denominator));
          expect(spent.ok ? 'none' : spent.problem.kind).toBe(cost <= left ? 'none' : 'privacy.budget-exceeded');
          outcomes[spent.ok ? 'accepted' : 'refused']++;
          if (!spent.ok) continue;
          budget = spent.value;
          left -= cost;
          if (left === 0) outcomes.full++;
        }
        const { numerator, denominator } = spentEpsilon(budget);
        expect(numerator * 27720n).toBe(BigInt(total * 27720 - left) * denominator);
      }),
      { numRuns: 300, seed: 8 },
    );
    expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(200);
    expect(outcomes.full).toBeGreaterThan(5);
  });

  test('is spent to the last tenth, which sums of floating-point numbers would miss', () => {
    let budget = must(privacyBudget({ numerator: 1, denominator: 1 }));
    for (let i = 0; i < 10; i++) budget = must(spendEpsilon(budget, release(`${i}`, 1, 10)));
    expect(spentEpsilon(budget)).toEqual({ numerator: 1n, denominator: 1n });
    const beyond = spendEpsilon(budget, release('last', 1, 2 ** 31));
    expect(beyond.ok ? 'none' : beyond.problem.detail).toBe(
      '"last" costs 1/2147483648; with it 2147483649/2147483648 of 1/1 would be spent.',
    );
    expect(budget.releases).toHaveLength(10);
  });

  test('pays for each release once, and only with epsilons that are fractions', () => {
    const budget = must(spendEpsilon(must(privacyBudget({ numerator: 3, denominator: 1 })), release('a', 1, 1)));
    const kindOf = (given: ReturnType<typeof release>) => {
      const spent = spendEpsilon(budget, given);
      return spent.ok ? 'none' : spent.problem.kind;
    };
    expect([kindOf(release('b', 1, 1)), kindOf(release('a', 1, 1)), kindOf(release('b', 0, 1))]).toEqual([
      'none',
      'privacy.repeated-release',
      'privacy.wrong-epsilon',
    ]);
    expect(privacyBudget({ numerator: 0, denominator: 1 }).ok).toBe(false);
  });
});

describe('a rate of noisy counts', () => {
  const noiseOf = (numerator: number, denominator: number, sensitivity = 1): Noise => {
    return { mechanism: 'discrete-laplace', epsilon: { numerator, denominator }, sensitivity };
  };

  test('allows for noise by its exact quantiles, of one cell and of the sum of two', () => {
    for (const noise of [noiseOf(1, 1), noiseOf(1, 2, 3), noiseOf(4, 1)]) {
      const a = Math.exp(-noise.epsilon.numerator / noise.epsilon.denominator / noise.sensitivity);
      const mass = (y: number) => ((1 - a) / (1 + a)) * a ** Math.abs(y);
      const sums = Array.from({ length: 302 }, (_, s) => {
        let sum = 0;
        for (let y = -400; y <= 400; y++) sum += mass(y) * mass(s - y);
        return sum;
      });
      const both = (s: number) => sums[s] ?? 0;
      for (const [cells, chance] of [
        [1, mass],
        [2, both],
      ] as const)
        for (const error of [0.4, 0.05, 0.00125]) {
          const q = noiseBound(cells, noise, error);
          const above = (from: number) => {
            let sum = 0;
            for (let s = from + 1; s <= 300; s++) sum += chance(s);
            return sum;
          };
          expect(above(q)).toBeLessThanOrEqual(error * (1 + 1e-9));
          if (q > 0) expect(above(q - 1)).toBeGreaterThan(error);
        }
    }
  });

  test('covers the true rate as often as it says, for every rate, much and little noise, and small groups', () => {
    const [truth, rows] = [[0.62, 0.13, 0.05, 0.2], new Float64Array(4)];
    const trueRate = (name: RateName) => {
      const [tn = 0, fp = 0, fn = 0, tp = 0] = truth;
      const of = { n: tn + fp + fn + tp, tn, fp, fn, tp };
      const { k, n } = definitionOfRate(name);
      return k.reduce((sum, cell) => sum + of[cell], 0) / n.reduce((sum, cell) => sum + of[cell], 0);
    };
    const leastPlain = new Set<number>();
    for (const [n, noise] of [
      [60, noiseOf(1, 2)],
      [400, noiseOf(1, 2, 3)],
      [2000, noiseOf(2, 1)],
    ] as const) {
      const [random, bits] = [seededRandom(n), bitsFrom(n)];
      const hits = new Map(rateNames.map((name) => [name, 0]));
      let plain = 0;
      const draws = 400;
      for (let i = 0; i < draws; i++) {
        drawMultinomial(random, n, truth, rows);
        const tables = Array.from({ length: noise.sensitivity }, () => Array.from(rows));
        const [tn = 0, fp = 0, fn = 0, tp = 0] = must(addNoise(tables, noise.epsilon, bits)).tables[0] ?? [];
        const [k, others] = [Math.max(0, tp), Math.max(0, fn)];
        const { lower, upper } = k + others > 0 ? wilson(k, k + others, 0.9) : { lower: 0, upper: 1 };
        plain += lower <= trueRate('truePositiveRate') && trueRate('truePositiveRate') <= upper ? 1 : 0;
        for (const name of rateNames) {
          const rate = noisyRateOf(name, { tn, fp, fn, tp }, noise, 0.9);
          const isCovered = rate.state !== 'value' || (rate.lower <= trueRate(name) && trueRate(name) <= rate.upper);
          hits.set(name, (hits.get(name) ?? 0) + (isCovered ? 1 : 0));
        }
      }
      leastPlain.add(plain / draws);
      // Three standard errors of 400 draws below 0.9.
      for (const [name, hit] of hits) expect([n, name, hit / draws >= 0.855]).toEqual([n, name, true]);
    }
    // Wilson's interval of the same counts, as if they had no noise, does not.
    expect(Math.min(...leastPlain)).toBeLessThan(0.84);
  });

  test('has nearly the interval of open counts where noise is small, and a wide one where it is large', () => {
    const cells = { tn: 600, fp: 100, fn: 50, tp: 250 };
    const small = noisyRateOf('selectionRate', cells, noiseOf(100, 1), 0.95);
    const open = wilson(350, 1000, 0.95);
    const large = noisyRateOf('selectionRate', cells, noiseOf(1, 10), 0.95);
    if (small.state !== 'value' || large.state !== 'value') throw new Error('there are rows');
    expect([small.value, small.off]).toEqual([0.35, { counted: 0, others: 0 }]);
    expect(small.lower).toBeLessThan(open.lower);
    expect(open.lower - small.lower).toBeLessThan(0.002);
    expect(small.upper - open.upper).toBeLessThan(0.002);
    expect(large.lower).toBeLessThan(small.lower - 0.03);
    expect(large.upper).toBeGreaterThan(small.upper + 0.03);
  });

  test('stays within 0 and 1, and is undefined where noise leaves no rows', () => {
    const rate = noisyRateOf('truePositiveRate', { tn: 3, fp: 1, fn: -4, tp: 2 }, noiseOf(1, 2), 0.95);
    expect(rate).toMatchObject({ state: 'value', value: 1, lower: 0, upper: 1 });
    const none = noisyRateOf('truePositiveRate', { tn: 3, fp: 1, fn: -4, tp: -2 }, noiseOf(1, 2), 0.95);
    expect(none).toEqual({ state: 'undefined', reason: 'noise leaves no rows' });
  });
});
