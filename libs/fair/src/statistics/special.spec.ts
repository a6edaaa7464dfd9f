import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { betaLower, betaQuantile, betaUpper } from './beta.js';
import { binomialAtLeast, binomialAtMost, binomialMass, logHypergeometricMass } from './binomial.js';
import { chiSquareUpperTail, gammaUpper, logGamma } from './gamma.js';
import { normalCdf, normalUpperTail } from './normal.js';
import type { Reference } from './reference.fixtures.js';

const reference: Reference = JSON.parse(readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'));

/** The largest relative error over cases of [calculated, expected]. */
function worstError(cases: readonly (readonly [number, number])[]): number {
  expect(cases.length).toBeGreaterThan(10);
  return Math.max(...cases.map(([ours, theirs]) => (ours === theirs ? 0 : Math.abs(ours / theirs - 1))));
}

const row =
  (values: readonly number[]): ((i: number) => number) =>
  (i) =>
    values[i] ?? Number.NaN;

describe('special functions agree with mpmath and SciPy in relative terms', () => {
  test('ln Γ, also beside its zeros', () => {
    const cases = reference.logGamma.map(row).map((at) => [logGamma(at(0)), at(1)] as const);
    expect(worstError(cases)).toBeLessThan(2e-15);
  });

  test('the tails of the beta distribution, down to 1e-12 and up to ten million rows', () => {
    const lower = reference.beta.map(row).map((at) => [betaLower(at(0), at(1), at(2)), at(3)] as const);
    const upper = reference.beta.map(row).map((at) => [betaUpper(at(0), at(1), at(2)), at(4)] as const);
    expect(worstError([...lower, ...upper])).toBeLessThan(2e-12);
  });

  test('the quantiles of the beta distribution', () => {
    const cases = reference.betaQuantile.map(row).map((at) => [betaQuantile(at(0), at(1), at(2)), at(3)] as const);
    // The first 24 are mpmath's, the others SciPy's, which are less precise themselves.
    expect(worstError(cases.slice(0, 24))).toBeLessThan(1e-13);
    expect(worstError(cases)).toBeLessThan(1e-11);
  });

  test('the upper tail of the gamma distribution', () => {
    const cases = reference.gammaUpper.map(row).map((at) => [gammaUpper(at(0), at(1)), at(2)] as const);
    expect(worstError(cases)).toBeLessThan(1e-12);
  });

  test('the upper tail of the normal distribution, to 1e-308', () => {
    const cases = reference.normalUpperTail.map(row).map((at) => [normalUpperTail(at(0)), at(1)] as const);
    expect(worstError(cases)).toBeLessThan(5e-15);
  });
});

describe('special functions keep their laws', () => {
  const shape = fc.double({ min: 0.1, max: 1e5, noNaN: true });
  const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

  test('a tail and its complement make one, and the mirrored distribution is the same', () => {
    fc.assert(
      fc.property(share, shape, shape, (x, a, b) => {
        expect(betaLower(x, a, b) + betaUpper(x, a, b)).toBeCloseTo(1, 12);
        // Only above a half is 1 − x exact.
        if (x > 0.5) expect(betaUpper(x, a, b)).toBe(betaLower(1 - x, b, a));
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (z) => {
        expect(normalUpperTail(z) + normalCdf(z)).toBeCloseTo(1, 14);
      }),
    );
  });

  test('a quantile has the share of which it is the quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.5, noNaN: true }), shape, shape, (p, a, b) => {
        const x = betaQuantile(p, a, b);
        // A quantile closer to 1 than doubles are cannot give its share back.
        if (x < 1 - 1e-6 && x > 1e-290) expect(Math.abs(betaLower(x, a, b) / p - 1)).toBeLessThan(1e-8);
      }),
    );
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
    expect(() => betaQuantile(Number.NaN, 2, 3)).toThrow(RangeError);
  });

  test('binomial chances add up to their tails, and hypergeometric ones to one', () => {
    for (const [n, p] of [
      [1, 0.3],
      [20, 0.05],
      [500, 0.5],
      [3000, 0.999],
    ] as const) {
      let below = 0;
      for (let k = 0; k <= n; k++) {
        below += binomialMass(k, n, p);
        expect(binomialAtMost(k, n, p)).toBeCloseTo(below, 12);
        expect(binomialAtLeast(k + 1, n, p)).toBeCloseTo(1 - below, 12);
      }
      expect(below).toBeCloseTo(1, 12);
    }
    let all = 0;
    for (let k = 0; k <= 40; k++) all += Math.exp(logHypergeometricMass(k, 40, 1000, 300));
    expect(all).toBeCloseTo(1, 12);
  });

  test('chi-square with two degrees of freedom is exponential', () => {
    for (const x of [0, 0.1, 1, 5, 50, 700]) expect(chiSquareUpperTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 14);
  });
});
