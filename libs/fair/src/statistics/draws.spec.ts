import { seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { binomialMass, logHypergeometricMass } from './binomial.js';
import { deal, drawBinomial, drawHypergeometric, drawMultinomial, generator, uniform } from './draws.js';
import { chiSquareUpperTail } from './gamma.js';

/** The p-value of drawn whole numbers against their chances; neighbours with few expected are taken together. */
function agreement(draws: number, draw: () => number, mass: (k: number) => number, most: number): number {
  const seen = new Float64Array(most + 1);
  for (let i = 0; i < draws; i++) {
    const k = draw();
    seen[k] = (seen[k] ?? 0) + 1;
  }
  let [statistic, df, expected, observed] = [0, -1, 0, 0];
  for (let k = 0; k <= most; k++) {
    expected += draws * mass(k);
    observed += seen[k] ?? 0;
    if (expected < 10 && k < most) continue;
    if (expected > 1) statistic += (observed - expected) ** 2 / expected;
    df += expected > 1 ? 1 : 0;
    [expected, observed] = [0, 0];
  }
  expect(df).toBeGreaterThan(1);
  return chiSquareUpperTail(statistic, df);
}

describe('seeded draws', () => {
  test('repeat bit by bit, which the name of the generator promises', () => {
    const random = seededRandom(42);
    const drawn = Array.from({ length: 6 }, (_, i) => drawBinomial(random, 10 ** (i + 1), 0.3));
    const dealt = new Float64Array(3);
    deal(random, 500, [100, 400, 1000], dealt);
    expect(generator).toBe('sfc32 seeded by splitmix32; hansa draws 1');
    expect({ drawn, dealt: [...dealt], next: uniform(random) }).toMatchInlineSnapshot(`
{
  "dealt": [
    39,
    142,
    319,
  ],
  "drawn": [
    5,
    28,
    304,
    3069,
    29925,
    299714,
  ],
  "next": 0.2509005021165337,
}
`);
  });

  test.each([
    [10, 0.3],
    [100_000, 0.00002],
    [40, 0.5],
    [60, 0.8],
    [5000, 0.02],
    [1_000_000, 0.0005],
  ])('of %i trials of chance %d are binomial', (n, p) => {
    const random = seededRandom(1);
    const most = Math.min(n, 2000);
    expect(
      agreement(
        20_000,
        () => drawBinomial(random, n, p),
        (k) => binomialMass(k, n, p),
        most,
      ),
    ).toBeGreaterThan(0.001);
  });

  test.each([
    [5, 5, 4],
    [30, 70, 20],
    [400, 20_000, 900],
    [2000, 1000, 700],
  ])('from %i good and %i bad of %i draws are hypergeometric', (good, bad, draws) => {
    const random = seededRandom(2);
    const mass = (k: number) => Math.exp(logHypergeometricMass(k, good, bad, draws));
    const draw = () => drawHypergeometric(random, good, bad, draws);
    expect(agreement(20_000, draw, mass, Math.min(good, draws))).toBeGreaterThan(0.001);
  });

  test('of certain and impossible things need no chance', () => {
    const random = seededRandom(3);
    expect([drawBinomial(random, 9, 0), drawBinomial(random, 9, 1), drawBinomial(random, 0, 0.5)]).toEqual([0, 9, 0]);
    expect([drawHypergeometric(random, 0, 9, 5), drawHypergeometric(random, 9, 0, 5)]).toEqual([0, 5]);
  });

  test('of many cells keep the total, the means and the covariance of a multinomial', () => {
    const weights = [50, 0, 30, 20];
    const into = new Float64Array(4);
    const random = seededRandom(4);
    const sums = [0, 0, 0, 0];
    let product = 0;
    for (let i = 0; i < 20_000; i++) {
      drawMultinomial(random, 100, weights, into);
      if (into.reduce((sum, n) => sum + n, 0) !== 100) throw new Error(`${into} is not 100 together`);
      for (let j = 0; j < 4; j++) sums[j] = (sums[j] ?? 0) + (into[j] ?? 0);
      product += ((into[0] ?? 0) - 50) * ((into[2] ?? 0) - 30);
    }
    expect(sums[1]).toBe(0);
    for (const [j, weight] of weights.entries()) expect((sums[j] ?? 0) / 20_000).toBeCloseTo(weight, 0);
    // −n p q = −100 · 0.5 · 0.3
    expect(product / 20_000).toBeGreaterThan(-16);
    expect(product / 20_000).toBeLessThan(-14);
  });

  test('deal every good thing, none more than a group has rows', () => {
    const sizes = [3, 0, 50, 200];
    const into = new Float64Array(4);
    const random = seededRandom(5);
    for (let good = 0; good <= 253; good++) {
      deal(random, good, sizes, into);
      expect(into.reduce((sum, n) => sum + n, 0)).toBe(good);
      expect(into.every((n, i) => n <= (sizes[i] ?? 0))).toBe(true);
    }
  });
});
