import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusterBootstrap } from './cluster-bootstrap.js';
import { equivalence } from './equivalence.js';
import { heterogeneity } from './heterogeneity.js';
import { benjaminiHochberg, holm } from './multiplicity.js';
import { detectableGap, powerOfDifference } from './power.js';
import type { Reference } from './reference.fixtures.js';
import { shrink } from './shrinkage.js';

const reference: Reference = JSON.parse(readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'));

describe('adjusted p-values', () => {
  const named = (ps: readonly number[]) => ps.map((p, i) => ({ name: `metric ${i}`, p }));

  test.each(reference.multiplicity)('of $p are those of statsmodels', ({ p, ...expected }) => {
    for (const adjust of [holm, benjaminiHochberg]) {
      const { method, hypotheses } = adjust(named(p));
      for (const [i, { adjusted }] of hypotheses.entries()) expect(adjusted).toBeCloseTo(expected[method][i] ?? -1, 12);
    }
  });

  test('keep the family in its order with its names, size and what they control', () => {
    const family = named([0.04, 0.01]);
    expect(holm(family)).toEqual({
      method: 'holm',
      controls: 'family-wise error rate',
      size: 2,
      hypotheses: [
        { name: 'metric 0', p: 0.04, adjusted: 0.04 },
        { name: 'metric 1', p: 0.01, adjusted: 0.02 },
      ],
    });
    expect(benjaminiHochberg([])).toMatchObject({ size: 0, hypotheses: [] });
  });

  test('are never smaller than p, never above 1, keep its order, and Holm is the stricter', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (ps) => {
        const [strict, mild] = [holm(named(ps)).hypotheses, benjaminiHochberg(named(ps)).hypotheses];
        for (const [i, h] of strict.entries()) {
          expect(h.adjusted).toBeGreaterThanOrEqual(h.p);
          expect(h.adjusted).toBeLessThanOrEqual(1);
          expect(mild[i]?.adjusted).toBeLessThanOrEqual(h.adjusted + 1e-15);
          expect(mild[i]?.adjusted).toBeGreaterThanOrEqual(h.p);
          for (const other of strict) if (other.p < h.p) expect(other.adjusted).toBeLessThanOrEqual(h.adjusted);
        }
      }),
    );
  });
});

describe('equivalence', () => {
  const methods = ['newcombe', 'miettinen-nurminen'] as const;

  test.each(methods)('by %s is an interval inside the margin, and p says at which alpha it begins to be', (method) => {
    const share = fc.integer({ min: 20, max: 3000 }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));
    const seen = { inside: 0, outside: 0 };
    fc.assert(
      fc.property(share, share, fc.constantFrom(0.1, 0.4, 0.7), (a, b, margin) => {
        const { equivalent, p, interval } = equivalence(a, b, { margin, alpha: 0.05, method });
        expect(equivalent).toBe(interval.lower > -margin && interval.upper < margin);
        // Within a hair of alpha, rounding decides.
        if (Math.abs(p - 0.05) > 1e-6) expect(p < 0.05).toBe(equivalent);
        seen[equivalent ? 'inside' : 'outside']++;
        expect(p >= 0 && p <= 1).toBe(true);
        if (Math.abs(a.k / a.n - b.k / b.n) > margin) expect(p).toBeGreaterThan(0.5);
      }),
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });

  test('is not shown by the absence of a difference alone', () => {
    const few = equivalence({ k: 5, n: 20 }, { k: 5, n: 20 }, { margin: 0.05, alpha: 0.05, method: 'newcombe' });
    expect(few.equivalent).toBe(false);
    expect(few.p).toBeGreaterThan(0.3);
    const [a, b] = [
      { k: 800, n: 1000 },
      { k: 790, n: 1000 },
    ];
    expect(equivalence(a, b, { margin: 0.05, alpha: 0.05, method: 'newcombe' }).equivalent).toBe(true);
  });
});

describe('power', () => {
  test.each(reference.power)(
    'of a difference of %d with %i and %i rows at %d is that of statsmodels',
    (d, n1, n2, p, power) => {
      expect(powerOfDifference(d, { n1, n2, p, alpha: 0.05 })).toBeCloseTo(power, 9);
    },
  );

  test('of the detectable gap is the power asked for, and more rows detect less', () => {
    const options = { n1: 100, n2: 1000, p: 0.2, alpha: 0.05 };
    const { above, below } = detectableGap(options, 0.8);
    if (above.state !== 'value' || below.state !== 'value') throw new Error('undefined');
    expect(powerOfDifference(above.value, options)).toBeCloseTo(0.8, 9);
    expect(powerOfDifference(-below.value, options)).toBeCloseTo(0.8, 9);
    const more = detectableGap({ ...options, n1: 1000 }, 0.8).above;
    expect(more.state === 'value' && more.value).toBeLessThan(above.value);
  });

  test('says where no difference can be found', () => {
    const { above, below } = detectableGap({ n1: 20, n2: 1000, p: 0.02, alpha: 0.05 }, 0.8);
    expect(above.state).toBe('value');
    const reason = 'no difference can be found with a power of 0.8 from so few rows';
    expect(below).toEqual({ state: 'undefined', reason });
  });
});

describe('shrinkage', () => {
  test('draws small groups most, never beyond the mean, and keeps the order of equals', () => {
    const groups = [
      { k: 1, n: 3 },
      { k: 300, n: 1000 },
      { k: 50, n: 500 },
      { k: 12, n: 30 },
    ];
    const found = shrink(groups, 0.95);
    if (found.state !== 'value') throw new Error(found.reason);
    expect(found.mean).toBeCloseTo(363 / 1533, 12);
    for (const [i, { value, weight, interval }] of found.groups.entries()) {
      const raw = (groups[i]?.k ?? 0) / (groups[i]?.n ?? 1);
      expect(value).toBeCloseTo(weight * raw + (1 - weight) * found.mean, 12);
      expect(interval.lower).toBeLessThan(value);
      expect(interval.upper).toBeGreaterThan(value);
    }
    const weights = found.groups.map(({ weight }) => weight);
    expect(weights[0]).toBeLessThan(weights[3] ?? 0);
    expect(weights[1]).toBeGreaterThan(0.9);
  });

  test('gives groups without rows the mean, and all groups when they differ by no more than chance', () => {
    const found = shrink(
      [
        { k: 10, n: 100 },
        { k: 10, n: 100 },
        { k: 0, n: 0 },
      ],
      0.95,
    );
    expect(found).toMatchObject({ state: 'value', priorRows: null, mean: 0.1 });
    if (found.state === 'value') expect(found.groups.map(({ value }) => value)).toEqual([0.1, 0.1, 0.1]);
    const apart = shrink(
      [
        { k: 10, n: 100 },
        { k: 60, n: 100 },
        { k: 0, n: 0 },
      ],
      0.95,
    );
    expect(apart.state === 'value' && apart.groups[2]).toMatchObject({ weight: 0 });
    expect(shrink([{ k: 1, n: 2 }], 0.95)).toEqual({ state: 'undefined', reason: 'fewer than two groups have rows' });
    expect(
      shrink(
        [
          { k: 0, n: 9 },
          { k: 0, n: 5 },
        ],
        0.95,
      ),
    ).toMatchObject({ state: 'value', mean: 0, priorRows: null });
  });

  test('finds the spread from which groups were made', () => {
    // 400 groups of 50 rows, at the quantiles of a beta distribution with 20 prior rows and mean 0.3 in the limit.
    const groups = Array.from({ length: 400 }, (_, i) => ({
      n: 50,
      k: Math.round(50 * (0.3 + 0.33 * ((i + 0.5) / 400 - 0.5))),
    }));
    const found = shrink(groups, 0.95);
    // Uniform over 0.33: variance 0.0091 = between 0.0049 + within 0.0042, so the correlation is about 0.025.
    expect(found.state === 'value' && found.priorRows).toBeGreaterThan(25);
    expect(found.state === 'value' && found.priorRows).toBeLessThan(55);
  });
});

describe('the cluster bootstrap', () => {
  const share = ([no = 0, yes = 0]: Float64Array) => (no + yes === 0 ? null : yes / (no + yes));
  const options = { replicates: 2000, level: 0.95, seed: 1 };

  test('of persons with ten like rows each has a design effect of ten', () => {
    const counts = Uint32Array.from({ length: 400 }, (_, i) => (i % 2 === Number(i % 8 < 2) ? 10 : 0));
    const { interval, designEffect } = clusterBootstrap({ clusters: 200, cells: 2, counts }, share, options);
    expect(designEffect.state === 'value' && designEffect.value).toBeGreaterThan(9);
    expect(designEffect.state === 'value' && designEffect.value).toBeLessThan(11);
    expect(interval).toMatchObject({ state: 'value', method: 'percentile-bootstrap', undefinedReplicates: 0 });
  });

  test('of persons with one row each is the row bootstrap', () => {
    const counts = Uint32Array.from({ length: 2000 }, (_, i) => Number((i % 2 === 1) === i % 20 < 6));
    const { designEffect } = clusterBootstrap({ clusters: 1000, cells: 2, counts }, share, options);
    expect(designEffect.state === 'value' && designEffect.value).toBeGreaterThan(0.9);
    expect(designEffect.state === 'value' && designEffect.value).toBeLessThan(1.1);
  });

  test('of a statistic that cannot vary has no design effect', () => {
    const counts = Uint32Array.from([3, 0, 4, 0]);
    const { interval, designEffect } = clusterBootstrap({ clusters: 2, cells: 2, counts }, share, options);
    expect(interval).toMatchObject({ lower: 0, upper: 0 });
    expect(designEffect).toEqual({ state: 'undefined', reason: 'the statistic does not vary' });
  });
});

describe('heterogeneity over places', () => {
  const placesOf = (rows: readonly (readonly [number, number, number, number])[]) =>
    rows.map(([k1, n1, k2, n2], i) => ({ name: `city ${i}`, a: { k: k1, n: n1 }, b: { k: k2, n: n2 } }));

  test.each(reference.heterogeneity)('of a $contrast is that of statsmodels', ({ contrast, places, ...expected }) => {
    const found = heterogeneity(placesOf(places), contrast);
    if (found.state !== 'value') throw new Error(found.reason);
    expect(found.df).toBe(places.length - 1);
    for (const name of ['statistic', 'p', 'pooled', 'inconsistency'] as const)
      expect(found[name]).toBeCloseTo(expected[name], 10);
  });

  test('names places without a contrast, and is undefined with fewer than two others', () => {
    const rows: readonly (readonly [number, number, number, number])[] = [
      [5, 50, 9, 60],
      [7, 80, 3, 90],
      [0, 10, 4, 10],
      [3, 3, 5, 5],
      [0, 0, 1, 4],
    ];
    const found = heterogeneity(placesOf(rows), 'log-ratio');
    expect(found).toMatchObject({
      state: 'value',
      df: 1,
      leftOut: [
        { name: 'city 2', reason: 'a share of 0 has no logarithm' },
        { name: 'city 3', reason: 'each side is all or nothing' },
        { name: 'city 4', reason: 'one side has no rows' },
      ],
    });
    expect(heterogeneity(placesOf(rows.slice(2)), 'log-ratio').state).toBe('undefined');
  });
});
